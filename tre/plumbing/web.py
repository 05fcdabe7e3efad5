"""Owns what every page and API route uses: who asks (`Ctx`, `OpenCtx`), how a page is made, how a form ends.

Must never decide what a person may do (services ask the gate), nor hold a route.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from tre.kernel.actor import NOBODY, Actor
from tre.kernel.errors import NotSignedIn
from tre.plumbing.csrf import csrf_field
from tre.plumbing.house import Foundations
from tre.plumbing.navigation import links_for
from tre.plumbing.unit_of_work import Context

SESSION_ID = "sid"
FLASH = "flash"


def foundations(request: Request) -> Foundations:
    """Return the house that this application was made with."""
    house: Foundations = request.app.state.house
    return house


def actor_of(request: Request) -> Actor:
    """Return who is signed in, or `NOBODY`; asked of the records once a request."""
    if not hasattr(request.state, "actor"):
        sid = request.session.get(SESSION_ID, "")
        request.state.actor = (foundations(request).actor_of(sid) if sid else None) or NOBODY
    actor: Actor = request.state.actor
    return actor


def open_context(request: Request) -> Context:
    """Return the context of whoever asks, signed in or not."""
    return foundations(request).context(actor_of(request))


def signed_in_context(request: Request) -> Context:
    """Return the context of the person who is signed in; raise `NotSignedIn` when there is none."""
    actor = actor_of(request)
    if not actor.is_signed_in:
        raise NotSignedIn("Sign in to go on.")
    return foundations(request).context(actor)


Ctx = Annotated[Context, Depends(signed_in_context)]
OpenCtx = Annotated[Context, Depends(open_context)]


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    """Return the page made from `template`.

    Args:
        request: the request that it answers.
        template: its name, `room/page.html`.
        context: what the page shows; `actor`, `links`, `csrf_field`, `flash`, `errors` and `values` are added.
        status: HTTP status; 422 when a form is shown again with errors.
        errors: field name to sentence, shown above the form and beside each field.
        values: what the person had typed, by field name, to be shown again.
    """
    actor = _actor_for_page(request)
    shared = {
        "request": request,
        "actor": actor,
        "links": links_for(actor, path=request.url.path),
        "csrf_field": lambda: csrf_field(request),
        "flash": lambda: request.session.pop(FLASH, ""),
        "errors": dict(errors or {}),
        "values": dict(values or {}),
        "config": foundations(request).config,
    }
    page = request.app.state.templates.get_template(template).render({**shared, **(context or {})})
    headers = {"Cache-Control": "no-store"} if actor.is_signed_in else {}
    return HTMLResponse(page, status_code=status, headers=headers)


def see_other(path: str, *, flash: str = "") -> Response:
    """Return the answer after a form was accepted: go and look at `path` (303), where `flash` is said once."""
    return SeeOther(path, flash=flash)


class SeeOther(RedirectResponse):
    """A redirect after a POST that carries a sentence for the next page in the signed cookie."""

    def __init__(self, path: str, *, flash: str = "") -> None:
        super().__init__(path, status_code=303)
        self.flash = flash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the sentence into the session just before the answer goes out."""
        if self.flash:
            scope["session"][FLASH] = self.flash
        await super().__call__(scope, receive, send)


def _actor_for_page(request: Request) -> Actor:
    """Say who is signed in for the header of a page; an error page must still appear when the records do not answer."""
    try:
        return actor_of(request)
    except Exception:  # noqa: BLE001 - whatever went wrong is told by the page that is being made
        request.state.actor = NOBODY
        return NOBODY
