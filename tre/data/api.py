"""The catalogue's API, open to everybody, on the same services as its pages. Must never hold a rule or show an exact count."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from tre.data.domain.catalogue import COLUMNS_ON_A_PAGE, LONGEST_WORDS, DatasetEntry, columns_with, find
from tre.data.service import public_catalogue, public_dataset, public_table
from tre.plumbing.paging import page_of
from tre.plumbing.web import OpenCtx

router = APIRouter(prefix="/api/v1/data", tags=["catalogue"])


class UseOut(BaseModel):
    """A permitted use, or limit on it: a term of the GA4GH Data Use Ontology, in plain words beside it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    words: str
    detail: str


class CoverageOut(BaseModel):
    """What a dataset covers."""

    model_config = ConfigDict(from_attributes=True)

    start: date | None
    until: date | None
    places: list[str]
    population: str


class TableOut(BaseModel):
    """One table; counts in words, rounded, `fewer than 10` for small ones."""

    name: str
    meaning: str
    rows: str
    persons: str
    columns: int


class DatasetOut(BaseModel):
    """One dataset."""

    dataset_id: str
    title: str
    summary: str
    source: str
    legal_basis: str
    custodian: str
    version: str
    contract_version: str
    loaded_at: datetime
    coverage: CoverageOut
    uses: list[UseOut]
    opt_outs: list[str]
    retention: str
    has_made_up_data: bool
    tables: list[TableOut]


class ColumnOut(BaseModel):
    """One column."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    meaning: str
    type: str
    treatment: str
    unit: str
    topic: str
    coding: str
    codes: list[tuple[str, str]]


class ColumnsOut(BaseModel):
    """One page of a table's columns."""

    dataset_id: str
    table: str
    total: int
    page: int
    last_page: int
    columns: list[ColumnOut]


class FoundOut(BaseModel):
    """One thing that was found; `table` and `column` are empty where the dataset or the table itself is meant."""

    dataset_id: str
    table: str
    column: str
    meaning: str


class HitsOut(BaseModel):
    """One page of what was found."""

    total: int
    page: int
    last_page: int
    found: list[FoundOut]


@router.get("")
def list_datasets(ctx: OpenCtx) -> list[DatasetOut]:
    """Return every dataset that can be asked for, without its columns."""
    return [_dataset(one) for one in public_catalogue(ctx)]


@router.get("/search")
def search(ctx: OpenCtx, words: str, page: int = 1) -> HitsOut:
    """Return the datasets, tables and columns that hold every word in name, meaning, topic, coding or unit."""
    hits = page_of(find(public_catalogue(ctx), words[:LONGEST_WORDS]), page)
    found = [
        FoundOut(
            dataset_id=one.dataset.dataset_id,
            table=one.table.name if one.table else "",
            column=one.column.name if one.column else "",
            meaning=one.meaning,
        )
        for one in hits.rows
    ]
    return HitsOut(total=hits.total, page=hits.number, last_page=hits.last, found=found)


@router.get("/{dataset_id}")
def view_dataset(ctx: OpenCtx, dataset_id: str) -> DatasetOut:
    """Return one dataset."""
    return _dataset(public_dataset(ctx, dataset_id))


@router.get("/{dataset_id}/{table}")
def view_table(ctx: OpenCtx, dataset_id: str, table: str, words: str = "", page: int = 1) -> ColumnsOut:
    """Return a page of a table's columns, those that hold every word."""
    _, found = public_table(ctx, dataset_id, table)
    shown = page_of(columns_with(found, words[:LONGEST_WORDS]), page, size=COLUMNS_ON_A_PAGE)
    return ColumnsOut(
        dataset_id=dataset_id,
        table=table,
        total=shown.total,
        page=shown.number,
        last_page=shown.last,
        columns=[ColumnOut.model_validate(one) for one in shown.rows],
    )


def _dataset(one: DatasetEntry) -> DatasetOut:
    return DatasetOut(
        dataset_id=one.dataset_id,
        title=one.title,
        summary=one.summary,
        source=one.source,
        legal_basis=one.legal_basis,
        custodian=one.custodian,
        version=one.version,
        contract_version=one.contract_version,
        loaded_at=one.loaded_at,
        coverage=CoverageOut.model_validate(one.coverage),
        uses=[UseOut.model_validate(use) for use in one.uses],
        opt_outs=list(one.opt_outs),
        retention=one.retention,
        has_made_up_data=one.has_twin,
        tables=[
            TableOut(
                name=table.name,
                meaning=table.meaning,
                rows=table.rows,
                persons=table.persons,
                columns=len(table.columns),
            )
            for table in one.tables
        ],
    )
