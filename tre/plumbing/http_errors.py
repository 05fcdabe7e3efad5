"""Owns the one map from kernel errors to HTTP statuses, and the calm page or JSON that tells a person what to do.

Must never show or log a body, a stack or a database value; a fault of ours gets a reference number instead.
"""

import logging
import secrets
import traceback
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from tre.kernel import errors
from tre.plumbing.csrf import FORM_NOT_OURS
from tre.plumbing.web import render

log = logging.getLogger(__name__)

STATUS: Mapping[type[errors.TreError], int] = {
    errors.NotFound: 404,
    errors.NotSignedIn: 401,
    errors.NotPermitted: 403,
    errors.IllegalMove: 409,
    errors.Conflict: 409,
    errors.Altered: 409,
    errors.Invalid: 422,
    errors.TooLarge: 413,
    errors.Unavailable: 503,
}
TITLES = {
    400: "That request could not be understood",
    401: "Sign in to go on",
    403: "You cannot do this",
    404: "Page not found",
    405: "That cannot be done here",
    409: "This has changed or cannot be done now",
    413: "That is too large",
    415: "That kind of content is not accepted",
    422: "There is a problem with what was sent",
    500: "Something went wrong on our side",
    503: "Part of the service is not answering",
}
EXPIRED = "This form has expired"
_SENTENCES = {
    400: "The request was not complete or not well formed. Go back, load the page again and try once more.",
    404: "Check the address. If you followed a link, what it led to may have been removed or may not be yours to see.",
    405: "This address does not take that kind of request. Go back and use the page's own buttons.",
}


def install(app: FastAPI) -> None:
    """Let `app` answer every error with a page or JSON of ours."""
    app.add_exception_handler(errors.TreError, _on_ours)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(DataError, _on_odd_value)


def answer(request: Request, error: errors.TreError) -> Response:
    """Return the answer to one of our errors: JSON under /api/, else a page."""
    status = next((code for family, code in STATUS.items() if isinstance(error, family)), 500)
    if _is_api(request):
        return JSONResponse(as_json(error), status_code=status, headers=_headers(status))
    if status == STATUS[errors.NotSignedIn] and request.method == "GET":
        return RedirectResponse(f"/auth/login?next={quote(_here(request))}", status_code=303)
    return _page(request, status=status, error=error)


def answer_fault(request: Request, fault: BaseException) -> Response:
    """Return the answer to a fault of ours, logged under a reference number without any value that it carries."""
    reference = secrets.token_hex(4)
    where = " < ".join(
        f"{one.filename}:{one.lineno}" for one in reversed(traceback.extract_tb(fault.__traceback__)[-8:])
    )
    path = request.scope.get("path", "")
    log.error("fault %s: %s in %s %s at %s", reference, type(fault).__name__, request.method, path, where)
    told = f"Nothing was saved. Try again; if it happens again, tell the people who run this service the reference {reference}."
    error = errors.TreError(told, code="web.fault")
    if _is_api(request):
        return JSONResponse({**as_json(error), "reference": reference}, status_code=500)
    return _page(request, status=500, error=error, reference=reference)


def as_json(error: errors.TreError) -> dict[str, object]:
    """Return an error as the API tells it."""
    reasons = list(error.reasons) if isinstance(error, errors.NotPermitted) else [error.code]
    fields = error.fields if isinstance(error, errors.Invalid) else {}
    return {"code": error.code, "sentence": error.sentence, "reasons": reasons, "fields": fields}


def _page(request: Request, *, status: int, error: errors.TreError, reference: str = "") -> Response:
    sentences = error.sentences if isinstance(error, errors.NotPermitted) else (error.sentence,)
    if isinstance(error, errors.Invalid):
        sentences = tuple(error.fields.values())
    is_expired = isinstance(error, errors.NotPermitted) and FORM_NOT_OURS in error.reasons
    context = {
        "title": EXPIRED if is_expired else TITLES.get(status, TITLES[400]),
        "back": _form_of(request),
        "sentences": sentences,
        "status": status,
        "reference": reference,
    }
    page = render(request, "error.html", {**context, "here": _here(request)}, status=status)
    page.headers.update(_headers(status))
    return page


def _on_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.TreError):
        raise error
    return answer(request, error)


def _on_http(request: Request, error: Exception) -> Response:
    """FastAPI wraps whatever goes wrong while it reads a body; ours is the cause."""
    if isinstance(error.__cause__, errors.TreError):
        return answer(request, error.__cause__)
    status = error.status_code if isinstance(error, HTTPException) else 400
    told = errors.TreError(_SENTENCES.get(status, _SENTENCES[400]), code=f"web.http_{status}")
    if _is_api(request):
        return JSONResponse(as_json(told), status_code=status)
    return _page(request, status=status, error=told)


def _on_validation(request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    fields = {".".join(str(part) for part in one["loc"][1:]) or "body": f"{one['msg']}." for one in faults}
    return answer(request, errors.Invalid(fields, code="web.request.invalid"))


def _on_database(request: Request, error: Exception) -> Response:
    log.error("the records do not answer: %s", type(error).__name__)
    told = errors.Unavailable(
        "The records did not answer in time. Nothing was saved: try again in a minute.", code="web.records.busy"
    )
    return answer(request, told)


def _on_odd_value(request: Request, error: Exception) -> Response:
    log.warning("a value did not fit into the records: %s", type(error).__name__)
    told = "Something that was entered is too long or cannot be stored. Nothing was saved: shorten it and try again."
    return answer(request, errors.Invalid({"form": told}, code="web.records.odd_value"))


def _headers(status: int) -> dict[str, str]:
    return {"Retry-After": "5"} if status == STATUS[errors.Unavailable] else {}


def _is_api(request: Request) -> bool:
    speaks_json = getattr(request.app.state, "speaks_json", False)  # the session API has no pages at all
    return speaks_json or str(request.scope.get("path", "")).startswith("/api/")


def _form_of(request: Request) -> str:
    """Return the path of our own page from which something was sent, empty where it is not known: the way back to it."""
    came_from = urlsplit(request.headers.get("referer", ""))
    own = f"{came_from.scheme}://{came_from.netloc}" == request.app.state.house.config.portal_origin
    if request.method == "GET" or not own or not _can_be_opened(request, came_from.path):
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _can_be_opened(request: Request, path: str) -> bool:
    """Say whether `path` is a page: where a form was shown again with its faults, the address is one that only takes forms."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
