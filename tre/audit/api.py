"""Owns the record's part of the API: search and verify. Must never change the record."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from tre.audit.desk import AuditDesk
from tre.audit.service import Criteria, search_record, verify_record
from tre.plumbing.web import Ctx

router = APIRouter(prefix="/api/v1/audit", tags=["record"])
Text = Annotated[str, Field(max_length=120)]


class AskedModel(BaseModel):
    """What to look for; an empty one fits every row. Dates are days, both included."""

    person: Text = ""
    about: Text = ""
    project: Text = ""
    event: Text = ""
    since: date | None = None
    until: date | None = None
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class EntryModel(BaseModel):
    """One row of the record."""

    number: int
    at: datetime
    name: str
    person_id: str
    subject: str
    project_id: str
    detail: str
    decision: dict[str, Any]
    hash: str


class RecordModel(BaseModel):
    """One page of the record, newest first."""

    rows: list[EntryModel]
    number: int
    total: int


class VerdictModel(BaseModel):
    """What the check of the whole record found; `first_bad` is the number of the first row that does not hold."""

    ok: bool
    rows: int
    first_bad: int | None
    sentence: str


@router.get("")
def search(request: Request, ctx: Ctx, asked: Annotated[AskedModel, Query()]) -> RecordModel:
    """The rows that fit."""
    desk: AuditDesk = request.app.state.house.audit
    found = search_record(ctx, desk, Criteria(**asked.model_dump(exclude={"page"})), page=asked.page)
    rows = [EntryModel.model_validate(one, from_attributes=True) for one in found.rows]
    return RecordModel(rows=rows, number=found.number, total=found.total)


@router.post("/verify")
def verify(ctx: Ctx) -> VerdictModel:
    """Check the whole record now."""
    found = verify_record(ctx)
    return VerdictModel(ok=found.ok, rows=found.rows, first_bad=found.first_bad, sentence=found.sentence)
