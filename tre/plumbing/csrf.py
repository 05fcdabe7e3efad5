"""Owns the proof that a form was sent from our own page: a random token in the signed cookie and in the form.

Must never accept an unsafe request from another origin, whatever the token.
"""

import secrets

from fastapi import Request
from markupsafe import Markup

from tre.kernel.errors import NotPermitted

FIELD = "csrf"
HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_NOT_OURS = "web.form.not_ours"
_SENTENCE = "This form is too old or was not opened here. Go back, load the page again and send the form once more."


def csrf_token(request: Request) -> str:
    """Return this browser's token, made on first need."""
    if FIELD not in request.session:
        request.session[FIELD] = secrets.token_urlsafe(24)
    return str(request.session[FIELD])


def csrf_field(request: Request) -> Markup:
    """Return the hidden field that every POST form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))


def check_csrf(request: Request, *, given: str, origin: str) -> None:
    """Refuse a request that was not sent from our own page.

    Args:
        request: an unsafe request.
        given: the token from the form or the header.
        origin: the portal's own origin.

    Raises:
        NotPermitted: `web.form.not_ours`.
    """
    known = str(request.session.get(FIELD, ""))
    came_from = request.headers.get("origin", origin)
    if came_from != origin or not known or not secrets.compare_digest(known.encode(), given.encode()):
        raise NotPermitted((FORM_NOT_OURS,), sentences=(_SENTENCE,))
