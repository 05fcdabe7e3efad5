"""Owns the pages on which an admin suspends, resumes or closes a project, each with its reason. Must never hold a rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid, NotFound
from tre.plumbing.forms import Fields, FormFields
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.doors import Desk

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Act:
    """What the page says of a move, and the service that makes it."""

    title: str
    button: str
    about: str
    done: str
    make: Callable[[Context, Desk, str, Fields], object]


def _suspend(ctx: Context, desk: Desk, project_id: str, fields: Fields) -> object:
    return service.suspend_project(ctx, desk, project_id, typed=fields, version=fields.number("version") or 0)


def _resume(ctx: Context, _desk: Desk, project_id: str, fields: Fields) -> object:
    return service.resume_project(ctx, project_id, typed=fields, version=fields.number("version") or 0)


def _close(ctx: Context, desk: Desk, project_id: str, fields: Fields) -> object:
    return service.close_project(ctx, desk, project_id, typed=fields, version=fields.number("version") or 0)


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "suspend": Act(
            title="Suspend this project",
            button="Suspend the project",
            about="Every workspace of the project ends within seconds. Work that was not saved is lost. "
            "Nobody can open a workspace or download a release until an admin lets the project go on.",
            done="The project is suspended and its workspaces are ended.",
            make=_suspend,
        ),
        "resume": Act(
            title="Let this project go on",
            button="Let the project go on",
            about="Its members can open workspaces again, if their own standing is in order.",
            done="The project goes on.",
            make=_resume,
        ),
        "close": Act(
            title="Close this project",
            button="Close the project for good",
            about="Every workspace ends within seconds, and the project can never be opened again.",
            done="The project is closed.",
            make=_close,
        ),
    }
)


@router.get("/projects/{project_id}/suspend")
@router.get("/projects/{project_id}/resume")
@router.get("/projects/{project_id}/close")
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """The form that asks for the reason."""
    return _page(request, ctx, desk, project_id)


@router.post("/projects/{project_id}/suspend")
@router.post("/projects/{project_id}/resume")
@router.post("/projects/{project_id}/close")
def make(request: Request, ctx: Ctx, desk: Desk, project_id: str, fields: FormFields) -> Response:
    """Make the move."""
    act = ACTS[_name(request)]
    try:
        act.make(ctx, desk, project_id, fields)
    except Invalid as error:
        return _page(request, ctx, desk, project_id, fields=fields, error=error)
    return see_other(f"/projects/{project_id}", flash=act.done)


def _page(
    request: Request,
    ctx: Context,
    desk: Desk,
    project_id: str,
    *,
    fields: Fields | None = None,
    error: Invalid | None = None,
) -> Response:
    view = service.view_project(ctx, desk, project_id)
    name = _name(request)
    if name not in view.moves:
        raise NotFound("This cannot be done with the project now, or not by you.", code="projects.project.no_such_move")
    context = {"view": view, "act": ACTS[name], "name": name, "version": view.project.version}
    errors, status = (error.fields, 422) if error else ({}, 200)
    return render(request, "projects/act.html", context, errors=errors, values=fields, status=status)


def _name(request: Request) -> str:
    return request.url.path.rpartition("/")[2]
