"""The pages of workspaces: open, how it stands, stop, and the admin's watch. Must never hold a rule."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import NotPermitted
from tre.kernel.ids import PRACTICE
from tre.plumbing.forms import FormFields
from tre.plumbing.web import Ctx, render, see_other
from tre.sessions import service
from tre.sessions.domain.session import LONGEST_OPENING
from tre.sessions.doors import Desk

router = APIRouter()


@router.post("/projects/{project_id}/workspace")
def open_one(request: Request, ctx: Ctx, desk: Desk, project_id: str, _fields: FormFields) -> Response:
    """Open the person's workspace; where it is refused, say why and what to do."""
    try:
        service.open_workspace(ctx, desk, project_id)
    except NotPermitted as refusal:
        context = {"project_id": project_id, "sentences": refusal.sentences}
        return render(request, "sessions/refused.html", context, status=403)
    return see_other(f"/projects/{project_id}/workspace")


@router.get("/projects/{project_id}/workspace")
def show(request: Request, ctx: Ctx, desk: Desk, project_id: str) -> Response:
    """How the person's workspace stands; while it opens, the page asks again every two seconds."""
    view = service.look_at_workspace(ctx, desk, project_id)
    part = request.headers.get("HX-Request") == "true"
    page = "sessions/state.html" if part else "sessions/workspace.html"
    context = {"view": view, "here": f"/projects/{project_id}", "seconds": int(LONGEST_OPENING.total_seconds())}
    return render(request, page, context)


@router.post("/projects/{project_id}/workspace/stop")
def stop_own(ctx: Ctx, desk: Desk, project_id: str, _fields: FormFields) -> Response:
    """Stop the person's own workspace."""
    service.stop_own_workspace(ctx, desk, project_id)
    return see_other(
        f"/projects/{project_id}/workspace", flash="Your workspace is stopped. Saved files are still there."
    )


@router.get("/practice/workspace")
def show_practice(request: Request, ctx: Ctx, desk: Desk, dataset: str = "") -> Response:
    """How the person's practice workspace stands, and what can be practised on."""
    found = service.look_at_practice(ctx, desk)
    part = request.headers.get("HX-Request") == "true"
    context = {
        "view": found.workspace,
        "here": "/practice",
        "seconds": int(LONGEST_OPENING.total_seconds()),
        "twins": found.twins,
        "chosen": dataset if dataset in {one.dataset_id for one in found.twins} else "",
    }
    return render(request, "sessions/state.html" if part else "sessions/practice.html", context)


@router.post("/practice/workspace")
def open_practice(request: Request, ctx: Ctx, desk: Desk, fields: FormFields) -> Response:
    """Open the person's practice workspace; where it is refused, say why and what to do."""
    try:
        service.open_practice(ctx, desk, fields.text("dataset"))
    except NotPermitted as refusal:
        context = {"sentences": refusal.sentences}
        return render(request, "sessions/refused.html", context, status=403)
    return see_other("/practice/workspace")


@router.post("/practice/workspace/stop")
def stop_practice(ctx: Ctx, desk: Desk, _fields: FormFields) -> Response:
    """Stop the person's practice workspace."""
    service.stop_own_workspace(ctx, desk, PRACTICE)
    return see_other("/practice/workspace", flash="Your workspace is stopped. Saved files are still there.")


@router.get("/watch")
def watch(request: Request, ctx: Ctx) -> Response:
    """Every workspace that runs now."""
    return render(request, "sessions/watch.html", {"watched": service.watch_workspaces(ctx)})


@router.post("/watch/{session_id}/stop")
def stop(ctx: Ctx, desk: Desk, session_id: str, _fields: FormFields) -> Response:
    """Stop somebody's workspace."""
    service.stop_workspace(ctx, desk, session_id)
    return see_other("/watch", flash="The workspace is stopped.")
