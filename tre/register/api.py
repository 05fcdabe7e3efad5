"""The register's API, open to everybody, on the same services as its pages. Must never show more than an entry's fields."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from tre.plumbing.web import OpenCtx
from tre.register import service
from tre.register.doors import Desk

router = APIRouter(prefix="/api/v1/register", tags=["register"])


class TableOut(BaseModel):
    """One table that a project may use."""

    dataset_id: str
    dataset: str
    table: str
    columns: list[tuple[str, str]]
    why: str


class StepOut(BaseModel):
    """One dated step."""

    on: date
    text: str


class EntryOut(BaseModel):
    """One project as the public sees it."""

    model_config = ConfigDict(extra="forbid")

    project_id: str
    title: str
    organisation: str
    state: str
    state_since: date
    lay_summary: str
    purpose: str
    purpose_detail: str
    public_benefit: str
    article_6: str
    article_9: str
    common_law: str
    publication: str
    applied_on: date | None
    approved_on: date | None
    ends_on: date | None
    members: int
    tables: list[TableOut]
    refused_by: list[str]
    data_ready_on: date | None
    data_version: str
    left_out: list[str]
    sessions: list[date]
    releases: list[tuple[date, int]]
    history: list[StepOut]


@router.get("")
def list_entries(ctx: OpenCtx, desk: Desk) -> list[EntryOut]:
    """Return every project that was decided on."""
    return [EntryOut.model_validate(service.as_fields(one)) for one in service.list_entries(ctx, desk)]


@router.get("/{project_id}")
def view_entry(ctx: OpenCtx, desk: Desk, project_id: str) -> EntryOut:
    """Return one project."""
    return EntryOut.model_validate(service.as_fields(service.view_entry(ctx, desk, project_id)))
