"""Owns one project's page and the part of it that asks again while the snapshot is built. Must never hold a rule."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.doors import Desk
from tre.projects.pages.application import words_of
from tre.projects.pages.turn import turn_of

router = APIRouter()


@router.get("/projects/{project_id}")
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """One project: whose turn, steps, members, data, workspace, outputs, history."""
    view = service.view_project(ctx, desk, project_id)
    context = {
        "view": view,
        "turn": turn_of(view, ctx.actor),
        "words_of": words_of,
        "is_member": ctx.actor.person_id in view.project.member_ids,
        "admin_moves": view.moves - {"edit"},
        "titles": {one.dataset_id: one.title for one in view.datasets},
    }
    return render(request, "projects/project.html", context)


@router.get("/projects/{project_id}/snapshot")
def show_snapshot(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """The snapshot's state alone, for the page that asks every two seconds."""
    snapshot = service.look_at_snapshot(ctx, desk, project_id)
    context = {"snapshot": snapshot, "project_id": project_id}
    page = render(request, "projects/snapshot.html", context)
    if snapshot.state in {"ready", "failed"}:
        page.headers["HX-Refresh"] = "true"  # the rest of the page has changed too
    return page


@router.post("/projects/{project_id}/snapshot")
def order_again(ctx: Ctx, desk: Desk, project_id: str, fields: FormFields) -> Response:
    """Order the snapshot once more after it failed."""
    service.order_again(ctx, desk, project_id, version=fields.number("version") or 0)
    return see_other(f"/projects/{project_id}", flash="The snapshot is ordered again.")
