"""Owns the way out: open workspaces, this session, the hub's, the provider's, in that order.

The hub and the provider are left by redirects, because their cookies are theirs. Must never sign out by a link.
"""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from tre.people.desk import PeopleDesk
from tre.people.service import sign_in as service
from tre.plumbing.forms import FormFields
from tre.plumbing.web import FLASH, SESSION_ID, OpenCtx, actor_of, render, see_other

router = APIRouter()
LEAVING = "leaving"
HUB_LOGOUT = "/workspaces/hub/logout"


@router.post("/auth/logout")
def leave(request: Request, ctx: OpenCtx, fields: FormFields) -> Response:
    """Sign out; where workspaces run, ask first what is to become of them."""
    desk: PeopleDesk = request.app.state.house.people
    if not actor_of(request).is_signed_in:
        request.session.clear()
        return see_other("/")
    running = desk.workspaces.open_now(ctx)
    choice = fields.text("workspaces")
    if running and choice not in {"stop", "keep"}:
        errors = {"workspaces": "Choose what is to become of your open workspaces."} if fields.text("asked") else {}
        return render(
            request, "people/leaving.html", {"running": running}, errors=errors, status=422 if errors else 200
        )
    if running and choice == "stop":
        desk.workspaces.stop_all(ctx)
    leaving = service.close_session(ctx, request.session.get(SESSION_ID, ""))
    request.session.clear()
    request.session[LEAVING] = leaving
    return see_other(ctx.config.hub_origin + HUB_LOGOUT)


@router.get("/auth/after-hub-logout")
async def after_hub(request: Request, ctx: OpenCtx) -> Response:
    """Come from the hub's sign-out; go on to the provider's, where this session has a token to end there."""
    desk: PeopleDesk = request.app.state.house.people
    id_token = await run_in_threadpool(service.take_id_token, ctx, request.session.get(LEAVING, ""))
    request.session.clear()
    answer = await desk.provider.leave(request, id_token=id_token) if id_token else see_other("/")
    request.session[FLASH] = "You are signed out."
    return answer
