"""Owns the output checker's pages: the queue, and one request with the file in the middle and the vote below. Holds no rule."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from output_checking.domain.checks.files.content import KIND_WORDS, Kind
from output_checking.domain.checks.files.rules import RULES
from output_checking.domain.preview import Preview, page_of, preview
from output_checking.domain.states import State
from output_checking.doors import Desk
from output_checking.pages.turn import turn_of
from output_checking.presenters import FileView, RequestView
from output_checking.service.listing import queue
from output_checking.service.reviewing import vote
from output_checking.service.viewing import view_file, view_request
from tre.kernel.errors import Altered, Invalid
from tre.plumbing.forms import FormFields
from tre.plumbing.paging import page_number
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import Ctx, render, see_other

router = APIRouter()

_SAID = {
    State.RELEASED: "Your view is recorded. The checkers agree: the files are released.",
    State.RETURNED: "Your view is recorded. The request goes back to the researcher.",
    State.REFUSED: "Your view is recorded. The request is refused; the files stay inside.",
}


@router.get("/checking")
def show_queue(request: Request, ctx: Ctx, desk: Desk) -> Response:
    """What is mine, what is free, what waits for others."""
    return render(request, "checking/queue.html", {"queue": queue(ctx, desk), "kind_words": KIND_WORDS})


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Which file of the request is shown, and where in it: a page, or the page on which a row stands."""

    file_id: str = ""
    page: str = ""
    row: str = ""


@router.get("/checking/{request_id}")
def show(
    request: Request, ctx: Ctx, desk: Desk, request_id: str, *, file: str = "", page: str = "", row: str = ""
) -> Response:
    """One request, with the file `file` (the first not yet opened by default) at `page`, or where `row` stands."""
    view = view_request(ctx, desk, request_id)
    context = _context(ctx, desk, view, _Place(file_id=file, page=page, row=row))
    return render(request, "checking/request.html", context)


@router.post("/checking/{request_id}/vote")
def give_view(request: Request, ctx: Ctx, desk: Desk, request_id: str, fields: FormFields) -> Response:
    """Give one's view."""
    typed = {"view": fields.text("view"), "comment": fields.text("comment")}
    try:
        view = vote(ctx, desk, request_id, version=fields.number("version"), **typed)
    except Invalid as error:
        view = view_request(ctx, desk, request_id)
        context = _context(ctx, desk, view, _Place(file_id=fields.text("file")))
        return render(request, "checking/request.html", context, errors=error.fields, values=fields, status=422)
    said = _SAID.get(State(view.state), "Your view is recorded. Another checker's view is needed.")
    return see_other("/checking", flash=said)


def _context(ctx: Context, desk: Desk, view: RequestView, place: _Place) -> dict[str, Any]:
    files = view.present.files
    chosen = _chosen(files, place.file_id)
    kind = Kind(chosen.kind)
    return {
        "view": view,
        "turn": turn_of(view, ctx.actor),
        "file": chosen,
        "kind": kind,
        "preview": _preview(ctx, desk, view, file=chosen, place=place),
        "rules": RULES,
        "kind_words": KIND_WORDS,
        "pictures": f"/outputs/{view.request_id}",
        "base": f"/checking/{view.request_id}?file={chosen.file_id}&",
        "neighbours": _neighbours(files, chosen),
    }


def _preview(ctx: Context, desk: Desk, view: RequestView, *, file: FileView, place: _Place) -> Preview:
    kind = Kind(file.kind)
    if view.why_not_look:
        return Preview(problem=" ".join(view.why_not_look))
    try:
        # the picture's own address records the look at it; an altered one must be told on the page, not as a broken image
        if kind.is_picture and view.state != State.BLOCKED:
            return Preview()
        content = view_file(ctx, desk, view.request_id, file.file_id)
    except Altered as error:
        return Preview(problem=error.sentence)
    page = page_of(page_number(place.row), kind) if place.row else page_number(place.page)
    return preview(kind, content.body, content.file.findings, page=page)


def _chosen(files: tuple[FileView, ...], file_id: str) -> FileView:
    for one in files:
        if one.file_id == file_id:
            return one
    return next((one for one in files if not one.is_opened), files[0])


def _neighbours(files: tuple[FileView, ...], chosen: FileView) -> dict[str, FileView | None]:
    place = files.index(chosen)
    return {
        "previous": files[place - 1] if place else None,
        "next": files[place + 1] if place + 1 < len(files) else None,
    }
