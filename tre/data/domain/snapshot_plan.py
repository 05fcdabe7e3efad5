"""Owns what a project's snapshot is to hold, and refuses what no project may have. Must never see a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Contract, Rule, Table
from tre.data.domain.linkage import ALL
from tre.data.domain.opt_outs import OptOutRule
from tre.kernel.errors import Invalid
from tre.kernel.expression import Expression, Kind, parse

_LAST_DAY = date(9998, 12, 31)


@dataclass(frozen=True, kw_only=True)
class ApprovedTable:
    """What a project's approval names: a table of a dataset, and what of it was asked for and granted.

    Args:
        rows: expression of the rows (`tre.kernel.expression`); empty for all.
        period: first and last day of the rows, both within; None where it is open at that end.
        free_text: columns of free text among `columns` that were granted by name.
    """

    dataset: str
    table: str
    columns: tuple[str, ...]
    rows: str = ""
    period: tuple[date | None, date | None] = (None, None)
    free_text: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Period:
    """The column that dates a row, and the first and last day of the rows, both within."""

    column: Column
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class PlannedTable:
    """One table of a snapshot.

    Args:
        name: in the snapshot; the dataset's name in front where two datasets share a table name.
        dataset_version: content hash of the version it is taken from.
        columns: approved columns, in the contract's order.
        rows: which rows, as checked; None for all.
        chosen: the same and the period, in words, for the manifest.
        period: from when till when; None for all.
        contract_version, contract_sha256: of the contract that the dataset was loaded by.
    """

    name: str
    dataset: str
    dataset_version: str
    namespace: str
    table: Table
    columns: tuple[Column, ...]
    rows: Expression | None = None
    period: Period | None = None
    chosen: str = ""
    contract_version: str = ""
    contract_sha256: str = ""

    @property
    def is_one_row_a_person(self) -> bool:
        """Say whether the person alone is its key."""
        return self.table.has_person and self.table.key == (self.table.person_column.name,)

    @property
    def chooses_persons(self) -> bool:
        """Say whether its chosen rows choose persons, for every table."""
        return self.rows is not None and self.is_one_row_a_person


@dataclass(frozen=True, kw_only=True)
class SnapshotPlan:
    """One snapshot, whole.

    Args:
        version: counts up from 1 within the project.
        built_on: day for which opt-outs are in effect and ages are reckoned.
        policy_revision: of the bundle that allowed the build.
        reader_uid: OS uid that the project's sessions run under; 0 where no other account is to read it.
        linkage: how persons found in some of the datasets only are handled (`linkage.WAYS`).
    """

    project_id: str
    version: int
    built_on: date
    key_version: int
    policy_revision: str
    reader_uid: int
    tables: tuple[PlannedTable, ...]
    opt_outs: tuple[OptOutRule, ...]
    linkage: str = ALL


def plan_tables(
    approved: Sequence[ApprovedTable], contracts: Mapping[str, Contract], versions: Mapping[str, str]
) -> tuple[PlannedTable, ...]:
    """Return the tables of a snapshot.

    Args:
        approved: as the project's approval says.
        contracts: dataset to contract.
        versions: dataset to the content hash of its version in use.

    Raises:
        Invalid: nothing was approved, or something that is not in the contract or that nobody may have.
    """
    if not approved:
        raise _refuse("The approval names no table: add the tables that the project needs.")
    names = [one.table for one in approved]
    return tuple(_planned(one, contracts, versions, is_shared=names.count(one.table) > 1) for one in approved)


def _planned(
    approved: ApprovedTable, contracts: Mapping[str, Contract], versions: Mapping[str, str], *, is_shared: bool
) -> PlannedTable:
    contract = contracts.get(approved.dataset)
    if contract is None or approved.dataset not in versions:
        raise _refuse(f"The dataset {approved.dataset} is not loaded: its custodian must load it first.")
    if approved.table not in {one.name for one in contract.tables}:
        raise _refuse(f"The dataset {approved.dataset} has no table {approved.table}: correct the approval.")
    table = contract.table(approved.table)
    return PlannedTable(
        name=f"{approved.dataset}_{table.name}" if is_shared else table.name,
        dataset=approved.dataset,
        dataset_version=versions[approved.dataset],
        namespace=contract.namespace,
        table=table,
        columns=_columns(approved, table),
        rows=parse(approved.rows, filterable(table)) if approved.rows else None,
        period=_period(approved, table),
        chosen=_chosen(approved),
        contract_version=contract.version,
        contract_sha256=contract.sha256,
    )


def filterable(table: Table) -> dict[str, Kind]:
    """Return the columns by which rows of a table may be chosen, with the types that are published: all but keys and free text."""
    return {one.name: Kind(one.published_type) for one in table.published if may_choose_rows(one)}


def may_choose_rows(column: Column) -> bool:
    """Say whether rows may be chosen by a published column: not by a pseudonym, not by free text."""
    return column.kind not in {ColumnClass.RECORD_IDENTIFIER, ColumnClass.FREE_TEXT}


def dating_column(table: Table) -> Column | None:
    """Return the column that dates a table's rows: the first that is published as a date, a moment or a year; None without one."""
    dated = (one for one in table.published if one.type in {ColumnType.DATE, ColumnType.TIMESTAMP})
    return next((one for one in dated if _is_day(one)), None)


def _is_day(column: Column) -> bool:
    if column.rule and column.rule.kind == Rule.YEAR:
        return True
    return column.published_type in {ColumnType.DATE, ColumnType.TIMESTAMP}


def _chosen(approved: ApprovedTable) -> str:
    first, last = approved.period
    period = [f"from {first.isoformat()}" if first else "", f"until {last.isoformat()}" if last else ""]
    return "; ".join(one for one in (approved.rows, " ".join(one for one in period if one)) if one)


def _period(approved: ApprovedTable, table: Table) -> Period | None:
    first, last = approved.period
    if first is None and last is None:
        return None
    column = dating_column(table)
    if column is None:
        raise _refuse(f"{approved.table} has no date, so that it has no period: remove the period from the approval.")
    if (first or date.min) > (last or _LAST_DAY):
        raise _refuse(f"{approved.table}: the period ends before it begins: exchange the two days.")
    return Period(column=column, first=first or date.min, last=last or _LAST_DAY)


def _columns(approved: ApprovedTable, table: Table) -> tuple[Column, ...]:
    allowed = {one.name: one for one in table.published}
    for name in approved.columns:
        if name not in allowed:
            raise _refuse(f"{approved.table}.{name} is no column that a project can have: remove it from the approval.")
        if allowed[name].kind == ColumnClass.FREE_TEXT and name not in approved.free_text:
            raise _refuse(
                f"{approved.table}.{name} is free text, which is given only where the approval names it as such: "
                "ask for it by name, or remove it."
            )
    return tuple(one for one in table.published if one.name in approved.columns)


def _refuse(sentence: str) -> Invalid:
    return Invalid({"datasets": sentence}, code="data.plan.invalid")
