"""Owns the catalogue's pages: every dataset, and one of them with its columns. Must never show a value of the data."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.data.service import DatasetView, public_catalogue
from tre.kernel.errors import NotFound
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import OpenCtx, render

router = APIRouter()


@router.get("/data")
def show_all(request: Request, ctx: OpenCtx) -> Response:
    """Every dataset that can be asked for."""
    return render(request, "data/catalogue.html", {"datasets": public_catalogue(ctx)})


@router.get("/data/{dataset_id}")
def show(request: Request, ctx: OpenCtx, dataset_id: str, words: str = "") -> Response:
    """One dataset: its tables and columns, those whose name, meaning or topic holds `words`."""
    wanted = words.strip()[:100]
    return render(request, "data/dataset.html", {"dataset": _one(ctx, dataset_id), "words": wanted})


def _one(ctx: Context, dataset_id: str) -> DatasetView:
    for one in public_catalogue(ctx):
        if one.entry.dataset_id == dataset_id:
            return one
    raise NotFound("There is no such dataset in the catalogue.", code="data.dataset.not_found")
