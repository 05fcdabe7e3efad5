"""Owns the pages of those who decide: what waits for them, and one case. Must never hold a rule."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid
from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.doors import Desk
from tre.projects.pages.application import words_of
from tre.projects.pages.turn import turn_of

router = APIRouter()


@router.get("/decisions")
def show_all(request: Request, ctx: Ctx) -> Response:
    """What waits for the person's own decision."""
    return render(request, "projects/decisions.html", {"cases": service.list_decisions(ctx)})


@router.get("/decisions/{project_id}")
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """One case: the lay summary first, the rest behind, and the form for the decision."""
    return _case(request, ctx, service.view_project(ctx, desk, project_id))


@router.get("/projects/{project_id}/assessment")
def look_at_assessment(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """The report alone, while it is being made."""
    project, report, roles = service.look_at_assessment(ctx, desk, project_id)
    context = {"report": report, "project_id": project_id, "linkage": project.answers.linkage, "roles": roles}
    return render(request, "projects/assessment.html", context)


@router.post("/projects/{project_id}/assessment")
def assess_again(ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """Order the report again."""
    service.assess_again(ctx, desk, project_id)
    return see_other(f"/decisions/{project_id}", flash="The report is ordered.")


@router.post("/projects/{project_id}/decide")
def decide(request: Request, ctx: Ctx, desk: Desk, project_id: str, fields: FormFields) -> Response:
    """Give the decision."""
    try:
        project = service.decide_project(ctx, desk, project_id, typed=fields, version=fields.number("version") or 0)
    except Invalid as error:
        view = service.view_project(ctx, desk, project_id)
        return _case(request, ctx, view, errors=error.fields, values=fields)
    said = {"approved": "The project is approved.", "refused": "The application is refused."}
    return see_other(f"/projects/{project_id}", flash=said.get(project.state, "Your decision is recorded."))


def _case(
    request: Request,
    ctx: Ctx,
    view: service.ProjectView,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
) -> Response:
    context = {"view": view, "words_of": words_of, "turn": turn_of(view, ctx.actor), "version": view.project.version}
    first = {"role": view.roles[0]} if len(view.roles) == 1 else {}
    status = 422 if errors else 200
    return render(request, "projects/case.html", context, errors=errors, values=values or first, status=status)
