"""Owns the catalogue's pages, open to everybody: search, every dataset, one of them, one of its tables. Must never show a value of the data."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tre.data import opt_out_pages, version_pages
from tre.data.domain.catalogue import COLUMNS_ON_A_PAGE, LONGEST_WORDS, columns_with, find
from tre.data.linked import as_linked_data
from tre.data.service import public_catalogue, public_dataset, public_table
from tre.kernel.errors import TreError
from tre.plumbing.paging import page_number, page_of
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import OpenCtx, render
from tre.projects.service import OwnDraft, own_drafts

router = APIRouter()
router.include_router(version_pages.router)
router.include_router(opt_out_pages.router)


@router.get("/data")
def show_all(request: Request, ctx: OpenCtx, words: str = "", page: str = "") -> Response:
    """Every dataset that can be asked for; with words, whatever holds them: datasets, tables and columns."""
    entries, sought = public_catalogue(ctx), words.strip()[:LONGEST_WORDS]
    found = page_of(find(entries, sought), page_number(page))
    base = "/data?" + urlencode({"words": sought}) + "&"
    context = {"datasets": entries, "words": sought, "page": found, "base": base}
    return render(request, "data/search.html" if sought else "data/catalogue.html", context)


@router.get("/data.jsonld")
def show_linked(request: Request, ctx: OpenCtx) -> Response:
    """The catalogue in DCAT, for machines that gather catalogues."""
    origin = request.app.state.house.config.portal_origin
    return JSONResponse(as_linked_data(public_catalogue(ctx), origin=origin), media_type="application/ld+json")


@router.get("/data/{dataset_id}")
def show(request: Request, ctx: OpenCtx, dataset_id: str) -> Response:
    """One dataset: what it covers, who decides on it, what it may be used for, its tables, how to apply."""
    return render(request, "data/dataset.html", {"dataset": public_dataset(ctx, dataset_id)})


@router.get("/data/{dataset_id}/{table}")
def show_table(
    request: Request, ctx: OpenCtx, dataset_id: str, table: str, words: str = "", page: str = ""
) -> Response:
    """One table: its columns, those that hold `words`; a researcher can carry them into an application."""
    dataset, found = public_table(ctx, dataset_id, table)
    sought = words.strip()[:LONGEST_WORDS]
    shown = page_of(columns_with(found, sought), page_number(page), size=COLUMNS_ON_A_PAGE)
    base = f"/data/{dataset_id}/{table}?" + urlencode({"words": sought}) + "&"
    context = {"dataset": dataset, "table": found, "words": sought, "page": shown, "base": base}
    return render(request, "data/table.html", context | {"drafts": _drafts(ctx)})


def _drafts(ctx: Context) -> tuple[OwnDraft, ...] | None:
    """Return a researcher's own drafts; None for anybody else, and where the policy server does not answer: the page is public."""
    if "researcher" not in ctx.actor.roles:
        return None
    try:
        return own_drafts(ctx)
    except TreError:
        return None
