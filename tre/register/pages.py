"""The register's pages and downloads, open to everybody. Must never need a sign-in, nor show more than an entry's fields."""

import hashlib
from dataclasses import asdict
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.plumbing.paging import Page, page_number
from tre.plumbing.web import OpenCtx, render
from tre.plumbing.web_templates import NAME
from tre.register import service
from tre.register.domain.choosing import Filter, choose, options
from tre.register.domain.entry import PublicProject, few
from tre.register.domain.plots import days_to_decide, plots
from tre.register.doors import Desk

router = APIRouter()

PAGE_ROWS = 20
LONGEST = 200


@router.get("/register")
def show_all(request: Request, ctx: OpenCtx, desk: Desk) -> Response:
    """Every project that was decided on, with filters, plots and downloads."""
    wanted = _filter(request)
    entries = service.list_entries(ctx, desk)
    found = choose(entries, wanted)
    number = page_number(request.query_params.get("page"))
    rows = found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    today = ctx.clock.now().date()
    context = {
        "page": Page(rows=rows, number=number, total=len(found), size=PAGE_ROWS),
        "wanted": wanted,
        "options": options(entries),
        "plots": plots(found, today=today),
        "days": days_to_decide(found),
        "query": urlencode(wanted.chosen),
        "any": bool(entries),
    }
    return render(request, "register/list.html", context)


@router.get("/register.csv")
def download_csv(request: Request, ctx: OpenCtx, desk: Desk) -> Response:
    """The register, or what the filter leaves of it, as CSV."""
    return _download(request, service.as_csv(_entries(request, ctx, desk)), kind="text/csv", name="register.csv")


@router.get("/register.json")
def download_json(request: Request, ctx: OpenCtx, desk: Desk) -> Response:
    """The register, or what the filter leaves of it, as JSON."""
    return _download(request, service.as_json(_entries(request, ctx, desk)), kind="application/json")


@router.get("/register.xml")
def feed(request: Request, ctx: OpenCtx, desk: Desk) -> Response:
    """The register as an Atom feed."""
    text = service.as_atom(
        _entries(request, ctx, desk),
        origin=ctx.config.portal_origin,
        title=f"{NAME}: who uses data",
        updated=ctx.clock.now(),
    )
    return _download(request, text, kind="application/atom+xml")


@router.get("/register/{project_id}")
def show(request: Request, ctx: OpenCtx, desk: Desk, project_id: str) -> Response:
    """One project in plain words."""
    entry = service.view_entry(ctx, desk, project_id)
    return render(request, "register/entry.html", {"entry": entry, "few": few})


def _entries(request: Request, ctx: OpenCtx, desk: Desk) -> tuple[PublicProject, ...]:
    return choose(service.list_entries(ctx, desk), _filter(request))


def _filter(request: Request) -> Filter:
    given = {name: request.query_params.get(name, "").strip()[:LONGEST] for name in asdict(Filter())}
    return Filter(**given)


def _download(request: Request, text: str, *, kind: str, name: str = "") -> Response:
    """Return the text, or 304 where the reader has it already."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
