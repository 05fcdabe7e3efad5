"""Owns the way in: to the provider and back. Public, because there is nobody yet whom the policy could be asked about."""

import secrets
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from tre.kernel.errors import Conflict, NotPermitted
from tre.people.desk import PeopleDesk
from tre.people.domain.sign_in import ProvenPerson
from tre.people.login import STATE_LOST
from tre.people.service import sign_in as service
from tre.plumbing.csrf import FIELD
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import SESSION_ID, OpenCtx, render, see_other

router = APIRouter()
NEXT, RETRIED = "next", "retried"


@router.get("/auth/login")
async def begin(request: Request, next: str = "/", prompt: str = "") -> Response:  # noqa: A002 - the name in the address
    """Go to the provider; `prompt=login` asks there who one is even if it remembers."""
    request.session[NEXT] = safe_path(next)
    return await _desk(request).provider.begin(request, prompt="login" if prompt == "login" else "")


@router.get("/auth/callback")
async def finish(request: Request, ctx: OpenCtx) -> Response:
    """Come back from the provider: a session for whom it vouches, or the reason why not."""
    try:
        proven = await _desk(request).provider.finish(request)
        return await run_in_threadpool(_let_in, request, ctx, proven)
    except Conflict as lost:
        if lost.code != STATE_LOST or request.session.get(RETRIED):
            return _refused(request, lost)
        request.session[RETRIED] = True  # a second tab overwrote the first one's state: once more, silently
        return see_other("/auth/login")
    except NotPermitted as refusal:
        if refusal.code in {
            "people.sign_in.no_id_token",
            "people.sign_in.token_not_believed",
            "people.sign_in.two_persons",
        }:
            await run_in_threadpool(service.record_refusal, ctx, refusal)
        return _refused(request, refusal)


def safe_path(path: str) -> str:
    """Return `path` if it leads to a page of ours, else the home page: a sign-in must not send people elsewhere."""
    parts = urlsplit(path)
    odd = not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path or not path.isprintable()
    return "/" if odd or parts.netloc or parts.scheme or parts.path.startswith("/auth/") else path


def _let_in(request: Request, ctx: Context, proven: ProvenPerson) -> Response:
    """Open a session under a new id; whatever the browser's session held before is forgotten."""
    then = request.session.get(NEXT, "/")
    sid = service.open_session(ctx, proven)
    former = request.session.get(SESSION_ID, "")
    request.session.clear()
    if former:
        service.close_session(ctx, former)
    request.session[SESSION_ID] = sid
    request.session[FIELD] = secrets.token_urlsafe(24)
    return see_other(then)


def _refused(request: Request, error: Conflict | NotPermitted) -> Response:
    request.session.clear()
    status = 403 if isinstance(error, NotPermitted) else 400
    return render(request, "people/refused.html", {"sentence": error.sentence, "code": error.code}, status=status)


def _desk(request: Request) -> PeopleDesk:
    desk: PeopleDesk = request.app.state.house.people
    return desk
