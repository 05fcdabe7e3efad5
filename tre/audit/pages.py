"""Owns the pages of the record: search, and verify. Must never show a row without its number and hash."""

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.audit.desk import AuditDesk
from tre.audit.domain.verdict import Verdict
from tre.audit.service import Criteria, search_record, verify_record
from tre.plumbing.dates import date_or_sentence
from tre.plumbing.paging import page_number
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import Ctx, render

router = APIRouter()
_TEXTS = ("person", "about", "project", "event")
_LONGEST = 120


@router.get("/audit")
def show(request: Request, ctx: Ctx, page: str = "") -> Response:
    """The record, newest first, as far as it fits what was asked."""
    return _show(request, ctx, number=page_number(page), verdict=None)


@router.post("/audit/verify")
def verify(request: Request, ctx: Ctx) -> Response:
    """Check the whole record now and say what was found."""
    return _show(request, ctx, number=1, verdict=verify_record(ctx))


def _show(request: Request, ctx: Context, *, number: int, verdict: Verdict | None) -> Response:
    desk: AuditDesk = request.app.state.house.audit
    values = {name: text[:_LONGEST] for name, text in request.query_params.items() if name != "page" and text}
    criteria, errors = _criteria(values)
    found = search_record(ctx, desk, criteria, page=number)
    context = {"page": found, "verdict": verdict, "base": "/audit?" + (urlencode(values) + "&" if values else "")}
    return render(request, "audit/record.html", context, errors=errors, values=values, status=422 if errors else 200)


def _criteria(values: dict[str, str]) -> tuple[Criteria, dict[str, str]]:
    """Return what is asked for, and what is wrong with its dates."""
    texts = {name: values.get(name, "").strip() for name in _TEXTS}
    days = {
        name: _day(values, name, called) for name, called in (("since", "the first day"), ("until", "the last day"))
    }
    errors = {name: found for name, found in days.items() if isinstance(found, str)}
    since, until = (found if isinstance(found, date) else None for found in days.values())
    return Criteria(**texts, since=since, until=until), errors


def _day(values: dict[str, str], name: str, called: str) -> date | str | None:
    parts = [values.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    return date_or_sentence(*parts, called=called) if any(parts) else None
