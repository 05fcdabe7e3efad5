"""Owns the catalogue of what is loaded: datasets, tables, columns that can be asked for. Must never show a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.domain.contract import Column as ContractColumn
from tre.data.domain.contract import Contract
from tre.data.domain.opt_outs import LISTS
from tre.data.domain.small_numbers import rounded, told
from tre.data.domain.snapshot_plan import may_choose_rows
from tre.data.service.describing import terms_of, told_of
from tre.data.tables import DatasetRow, DatasetVersionRow, OptOutListRow
from tre.kernel.authz import Action
from tre.kernel.expression import Kind
from tre.kernel.facts import DatasetFacts
from tre.people import service as people
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.ports import Column, Dataset, Table


@dataclass(frozen=True, kw_only=True)
class DatasetView:
    """A dataset: what can be asked for, its custodian's name, and what is known of the version in use, counts rounded."""

    entry: Dataset
    custodian: str
    summary: str
    source: str
    legal_basis: str
    version: str
    loaded_at: datetime
    counts: tuple[Mapping[str, Any], ...]


def datasets(unit: Unit) -> tuple[Dataset, ...]:
    """Return what can be asked for, in another room's transaction: that room asks the gate."""
    return tuple(_entry(row) for row in _rows(unit.session))


def view_datasets(ctx: Context) -> tuple[DatasetView, ...]:
    """Return every loaded dataset with its counts.

    Raises:
        NotPermitted: nobody is signed in.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_VIEW, DatasetFacts(dataset_id="", custodian_id=""))
        views = tuple(_view(unit.session, row) for row in _rows(unit.session))
        unit.record("data.dataset.viewed", detail={"datasets": [one.entry.dataset_id for one in views]})
        return views


def opted_out(ctx: Context) -> str:
    """Return how many people are on the opt-out lists in force, each list counted once, as the public may be told."""
    with ctx.sessions() as session:
        newest = read_only(session).scalars(
            select(OptOutListRow)
            .where(OptOutListRow.list.in_(LISTS))
            .order_by(OptOutListRow.loaded_at, OptOutListRow.id)
        )
        return told(sum({(row.list, row.namespace): row.persons for row in newest}.values()))


def catalogue_entry(contract: Contract) -> dict[str, Any]:
    """Return the part of a contract that the catalogue shows, as plain data for the row."""
    tables = [
        {
            "name": table.name,
            "meaning": table.meaning,
            "has_person": table.has_person,
            "columns": [_plain(column) for column in table.published],
        }
        for table in contract.tables
    ]
    opt_outs = [one.name for one in contract.opt_outs]
    return {"sha256": contract.sha256, "opt_outs": opt_outs, "tables": tables, **terms_of(contract)}


def _plain(column: ContractColumn) -> dict[str, Any]:
    coarser = f", made coarser: {column.rule}" if column.rule else ""
    return {
        "name": column.name,
        "meaning": column.meaning,
        "kind": f"{column.published_type}{coarser}",
        "compared_as": str(column.published_type) if may_choose_rows(column) else "",
        "unit": column.unit,
        "topic": column.topic,
        "coding": column.coding,
        **told_of(column),
    }


def _rows(session: Session) -> list[DatasetRow]:
    in_use = select(DatasetRow).where(DatasetRow.current_version != "")
    return list(session.scalars(in_use.order_by(DatasetRow.title)))


def _entry(row: DatasetRow) -> Dataset:
    tables = tuple(
        Table(name=table["name"], meaning=table["meaning"], columns=tuple(_column(one) for one in table["columns"]))
        for table in row.contract["tables"]
    )
    return Dataset(dataset_id=row.id, title=row.title, custodian_id=row.custodian_id, tables=tables)


def _column(values: Mapping[str, str]) -> Column:
    return Column(
        name=values["name"],
        meaning=values["meaning"],
        kind=values["kind"],
        unit=values["unit"],
        topic=values.get("topic", ""),
        compared_as=Kind(values["compared_as"]) if values.get("compared_as") else None,
    )


def _view(session: Session, row: DatasetRow) -> DatasetView:
    version = session.get_one(DatasetVersionRow, (row.id, row.current_version))
    return DatasetView(
        entry=_entry(row),
        custodian=people.names_in(session, [row.custodian_id])[row.custodian_id],
        summary=row.summary,
        source=row.source,
        legal_basis=row.legal_basis,
        version=version.version,
        loaded_at=version.loaded_at,
        counts=tuple(one | {key: rounded(one[key]) for key in ("rows", "persons")} for one in version.counts),
    )
