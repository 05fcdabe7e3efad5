"""Owns the application's pages: the list of its five parts, four of the forms, and the answers to check. Must never judge."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid, NotFound
from tre.plumbing.forms import Fields, FormFields
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.domain import choices, completeness
from tre.projects.domain.project import Project
from tre.projects.doors import Desk

router = APIRouter()

FORMS = (completeness.PEOPLE, completeness.PROJECT, completeness.SETTINGS, completeness.OUTPUTS)
NAMES = [tab.name for tab in completeness.TABS]


@router.get("/projects/{project_id}/application")
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """The five parts of the application and how far each is."""
    view = service.view_application(ctx, desk, project_id)
    return render(request, "projects/application.html", {"view": view, "tabs": completeness.TABS})


@router.get("/projects/{project_id}/application/check")
def check(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """All answers on one page, with what is still missing."""
    return _check(request, service.view_application(ctx, desk, project_id))


@router.post("/projects/{project_id}/submit")
def submit(request: Request, ctx: Ctx, desk: Desk, project_id: str, fields: FormFields) -> Response:
    """Send the application to those who decide."""
    try:
        service.submit_project(ctx, desk, project_id, version=fields.number("version") or 0)
    except Invalid as error:
        view = service.view_application(ctx, desk, project_id)
        return _check(request, view, errors=error.fields, status=422)
    return see_other(f"/projects/{project_id}", flash="The application is sent to those who decide.")


@router.get("/projects/{project_id}/application/{page}")
def show_page(request: Request, ctx: Ctx, desk: Desk, project_id: str, page: str) -> Response:
    """One part of the application as a form."""
    _require_known(page)
    view = service.view_application(ctx, desk, project_id)
    return _form(request, view, page, values=_values(view.project, page))


@router.post("/projects/{project_id}/application/{page}")
def save_page(request: Request, ctx: Ctx, desk: Desk, project_id: str, page: str, fields: FormFields) -> Response:
    """Save one part and go on to the next."""
    _require_known(page)
    version = fields.number("version") or 0
    try:
        typed = _with_date(fields) if page == completeness.SETTINGS else fields
        service.save_application(ctx, desk, project_id, page=page, typed=typed, version=version)
    except Invalid as error:
        return _form_again(request, ctx, desk, project_id, page=page, fields=fields, error=error)
    there = f"/projects/{project_id}/application"
    return see_other(there if fields.text("then") == "list" else f"{there}/{next_page(page)}", flash="Saved.")


def next_page(page: str) -> str:
    """Return the part that follows `page`; after the last one come the answers to check."""
    return [*NAMES, "check"][NAMES.index(page) + 1]


def _form_again(
    request: Request, ctx: Context, desk: Desk, project_id: str, *, page: str, fields: Fields, error: Invalid
) -> Response:
    view = service.view_application(ctx, desk, project_id)
    return _form(request, view, page, values=fields, errors=error.fields, status=422)


def _form(
    request: Request,
    view: service.ProjectView,
    page: str,
    *,
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    tab = next(one for one in completeness.TABS if one.name == page)
    context = {
        "view": view,
        "tab": tab,
        "tabs": completeness.TABS,
        "choices": _choices(),
        "version": view.project.version,
    }
    return render(request, f"projects/form_{page}.html", context, errors=errors, values=values, status=status)


def _check(
    request: Request, view: service.ProjectView, *, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    context = {"view": view, "tabs": completeness.TABS, "words_of": words_of, "where": _where(view)}
    return render(request, "projects/check.html", context, errors=errors, status=status)


def words_of(name: str, code: str) -> str:
    """Return the words of a code of one of the closed lists."""
    return {**choices.PURPOSES, **choices.ARTICLE_6, **choices.ARTICLE_9, **choices.COMMON_LAW, **choices.LINKAGE}.get(
        code, code
    ) or name


def _where(view: service.ProjectView) -> dict[str, str]:
    return {field: page for page, fields in view.gaps.items() for field in fields}


def _values(project: Project, page: str) -> dict[str, Any]:
    answers = project.answers
    values: dict[str, Any] = {name: getattr(answers, name) for name in answers.__dataclass_fields__}
    if answers.ends_on and page == completeness.SETTINGS:
        day = answers.ends_on
        values |= {"ends_on-day": day.day, "ends_on-month": day.month, "ends_on-year": day.year}
    return values | {"may_download": list(project.release_right)}


def _choices() -> dict[str, list[dict[str, str]]]:
    lists = {
        "purpose": choices.PURPOSES,
        "article_6": choices.ARTICLE_6,
        "article_9": choices.ARTICLE_9,
        "common_law": choices.COMMON_LAW,
    }
    return {name: [{"value": code, "text": text} for code, text in one.items()] for name, one in lists.items()}


def _with_date(fields: Fields) -> Mapping[str, str]:
    """Return the end date as one text; a date left wholly blank stays a gap, half a date is a fault."""
    if not any(fields.text(f"ends_on-{part}") for part in ("day", "month", "year")):
        return {"ends_on": fields.text("ends_on")}
    day = fields.date("ends_on", called="the date on which access should end")
    if day is None:
        raise Invalid(fields.faults)
    return {"ends_on": day.isoformat()}


def _require_known(page: str) -> None:
    if page not in FORMS:
        raise NotFound("There is no such part of an application.", code="projects.application.no_page")
