"""Owns the way from the records to the catalogue's entries, for everybody. Must never let an exact count through."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.domain.catalogue import ColumnEntry, CoverageEntry, DatasetEntry, TableEntry, UseEntry
from tre.data.domain.duo import in_words
from tre.data.domain.small_numbers import told
from tre.data.service.twins import datasets_with_twin
from tre.data.tables import DatasetRow, DatasetVersionRow
from tre.kernel.errors import NotFound
from tre.people import service as people
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context


def public_catalogue(ctx: Context) -> tuple[DatasetEntry, ...]:
    """Return every dataset in use, for everybody: what there is is public, who uses it too."""
    with ctx.sessions() as session:
        rows = read_only(session).scalars(
            select(DatasetRow).where(DatasetRow.current_version != "").order_by(DatasetRow.title)
        )
        twins = datasets_with_twin(session)
        return tuple(_entry(session, row, has_twin=row.id in twins) for row in rows)


def public_dataset(ctx: Context, dataset_id: str) -> DatasetEntry:
    """Return one dataset; raise `NotFound` where none in use has that id."""
    with ctx.sessions() as session:
        row = read_only(session).get(DatasetRow, dataset_id)
        if row is None or not row.current_version:
            raise NotFound("There is no such dataset in the catalogue.", code="data.dataset.not_found")
        return _entry(session, row, has_twin=row.id in datasets_with_twin(session))


def public_table(ctx: Context, dataset_id: str, name: str) -> tuple[DatasetEntry, TableEntry]:
    """Return one table with its dataset; raise `NotFound` where there is none."""
    dataset = public_dataset(ctx, dataset_id)
    table = dataset.table(name)
    if table is None:
        raise NotFound(f"{dataset.title} has no table of that name.", code="data.table.not_found")
    return dataset, table


def _entry(session: Session, row: DatasetRow, *, has_twin: bool) -> DatasetEntry:
    version = session.get_one(DatasetVersionRow, (row.id, row.current_version))
    counts = {one["name"]: one for one in version.counts}
    terms = row.contract
    return DatasetEntry(
        dataset_id=row.id,
        title=row.title,
        summary=row.summary,
        source=row.source,
        legal_basis=row.legal_basis,
        custodian=people.names_in(session, [row.custodian_id])[row.custodian_id],
        version=version.version,
        contract_version=str(terms.get("version", "")),
        loaded_at=version.loaded_at,
        coverage=_coverage(terms.get("coverage") or {}),
        uses=tuple(_use(one) for one in terms.get("uses", ())),
        opt_outs=tuple(terms.get("opt_outs", ())),
        retention=str(terms.get("retention", "")),
        has_twin=has_twin,
        tables=tuple(_table(one, counts.get(one["name"], {})) for one in terms["tables"]),
    )


def _coverage(values: Mapping[str, Any]) -> CoverageEntry:
    start, until = (date.fromisoformat(values[one]) if values.get(one) else None for one in ("start", "until"))
    return CoverageEntry(
        start=start, until=until, places=tuple(values.get("places", ())), population=values.get("population", "")
    )


def _use(values: Mapping[str, str]) -> UseEntry:
    words = in_words(values["code"], values["label"])
    return UseEntry(code=values["code"], words=words, detail=values.get("detail", ""))


def _table(values: Mapping[str, Any], counts: Mapping[str, Any]) -> TableEntry:
    persons = counts.get("persons")
    return TableEntry(
        name=values["name"],
        meaning=values["meaning"],
        rows=told(int(counts.get("rows", 0))),
        persons=told(int(persons)) if persons is not None and values.get("has_person", True) else "",
        columns=tuple(_column(one) for one in values["columns"]),
    )


def _column(values: Mapping[str, Any]) -> ColumnEntry:
    return ColumnEntry(
        name=values["name"],
        meaning=values["meaning"],
        type=values.get("type", values["kind"]),
        treatment=values.get("treatment", ""),
        unit=values["unit"],
        topic=values.get("topic", ""),
        coding=values.get("coding", ""),
        codes=tuple((code, meaning) for code, meaning in values.get("codes", ())),
    )
