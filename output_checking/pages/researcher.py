"""Owns the researcher's pages: the list of requests and one request with its findings, comments and release. Holds no rule."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from output_checking.domain.checks.files.content import KIND_WORDS, Kind
from output_checking.domain.checks.files.rules import RULES
from output_checking.domain.preview import page_of, preview
from output_checking.domain.states import State
from output_checking.doors import Desk
from output_checking.pages.turn import turn_of
from output_checking.service.listing import list_requests
from output_checking.service.submitting import withdraw_request
from output_checking.service.viewing import view_file, view_request
from tre.plumbing.forms import FormFields
from tre.plumbing.paging import page_number
from tre.plumbing.web import Ctx, render, see_other

router = APIRouter()


@router.get("/outputs")
def show_list(request: Request, ctx: Ctx, desk: Desk, project: str = "", state: str = "") -> Response:
    """The requests of one's projects, newest first; `project` and `state` narrow the list."""
    everything = list_requests(ctx, desk)
    shown = [one for one in everything if project in ("", one.project_id) and state in ("", one.state)]
    context = {
        "requests": shown,
        "there_are_others": len(everything) > len(shown),
        "projects": sorted({(one.project_id, one.project_title) for one in everything}),
        "states": [one.value for one in State],
        "kind_words": KIND_WORDS,
        "chosen": {"project": project, "state": state},
    }
    return render(request, "outputs/list.html", context)


@router.get("/outputs/{request_id}")
def show(request: Request, ctx: Ctx, desk: Desk, request_id: str) -> Response:
    """One request: whose turn, findings beside each file, what was said, the release."""
    view = view_request(ctx, desk, request_id)
    context = {"view": view, "turn": turn_of(view, ctx.actor), "rules": RULES, "kind_words": KIND_WORDS}
    return render(request, "outputs/request.html", context)


@router.get("/outputs/{request_id}/files/{file_id}")
def show_file(
    request: Request, ctx: Ctx, desk: Desk, request_id: str, file_id: str, *, page: str = "", row: str = ""
) -> Response:
    """One file as it was submitted, with the places that the rules flagged."""
    content = view_file(ctx, desk, request_id, file_id)
    kind = Kind(content.file.kind)
    number = page_of(page_number(row), kind) if row else page_number(page)
    shown = preview(kind, content.body, content.file.findings, page=number)
    here = f"/outputs/{request_id}"
    context = {
        "request_id": request_id,
        "file": content.file,
        "kind": kind,
        "preview": shown,
        "rules": RULES,
        "kind_words": KIND_WORDS,
    }
    return render(request, "outputs/file.html", {**context, "base": f"{here}/files/{file_id}?", "pictures": here})


@router.post("/outputs/{request_id}/withdraw")
def withdraw(ctx: Ctx, desk: Desk, request_id: str, fields: FormFields) -> Response:
    """Take a request back."""
    withdraw_request(ctx, desk, request_id, version=fields.number("version"))
    return see_other(f"/outputs/{request_id}", flash="The request is withdrawn. The files stay inside.")
