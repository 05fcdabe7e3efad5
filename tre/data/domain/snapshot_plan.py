"""Owns what a project's snapshot is to hold, and refuses what no project may have. Must never see a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tre.data.domain.contract import Column, Contract, Table
from tre.data.domain.linkage import ALL
from tre.data.domain.opt_outs import OptOutRule
from tre.kernel.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class ApprovedTable:
    """What a project's approval names: a table of a dataset, and the columns that were asked for and granted."""

    dataset: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlannedTable:
    """One table of a snapshot.

    Args:
        name: in the snapshot; the dataset's name in front where two datasets share a table name.
        dataset_version: content hash of the version it is taken from.
        columns: approved columns, in the contract's order.
    """

    name: str
    dataset: str
    dataset_version: str
    namespace: str
    table: Table
    columns: tuple[Column, ...]


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
    )


def _columns(approved: ApprovedTable, table: Table) -> tuple[Column, ...]:
    allowed = {one.name for one in table.published}
    for name in approved.columns:
        if name not in allowed:
            raise _refuse(f"{approved.table}.{name} is no column that a project can have: remove it from the approval.")
    return tuple(one for one in table.published if one.name in approved.columns)


def _refuse(sentence: str) -> Invalid:
    return Invalid({"datasets": sentence}, code="data.plan.invalid")
