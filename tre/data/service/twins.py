"""Owns the synthetic twins as the portal and the broker see them: order, take up, finish, fail, say what may be mounted.

Must never touch data: the engine does. A twin is ordered when a version comes into use, or by a custodian or an admin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tre.data.domain.contract import ColumnClass, Contract, Table
from tre.data.domain.fingerprint import fingerprint
from tre.data.domain.opt_outs import rules_for
from tre.data.domain.snapshot_plan import ApprovedTable, SnapshotPlan, plan_tables
from tre.data.domain.states import TWIN
from tre.data.service.building import contract_in_use
from tre.data.service.ending import end_job
from tre.data.service.jobs import TWIN_BUILD
from tre.data.service.versions import lists_in_force, versions_in_use
from tre.data.tables import DatasetRow
from tre.data.twin_tables import TwinRow
from tre.kernel.authz import Action
from tre.kernel.errors import NotFound
from tre.kernel.facts import DatasetFacts
from tre.kernel.ids import new_id
from tre.plumbing import jobs
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit

KEPT = 2
"""Twins kept of a dataset: the newest, and the one before, which a workspace may still have open."""


@dataclass(frozen=True, kw_only=True)
class ReadyTwin:
    """A twin that can be mounted."""

    dataset_id: str
    title: str
    number: int
    folder: Path


def folder_name(dataset: str) -> str:
    """Return the name of the folder, beside the projects' snapshots, that holds a dataset's twins; no project has such an id."""
    return f"twin-{dataset}"


def order_twin(ctx: Context, dataset: str) -> str:
    """Order a new twin of a dataset; return its id.

    Raises:
        NotFound: there is no such dataset, or no version of it in use.
        NotPermitted: the actor is neither custodian nor admin.
    """
    with ctx.begin() as unit:
        return order_twin_in(unit, dataset)


def order_twin_in(unit: Unit, dataset: str) -> str:
    """Order a new twin in the transaction that brings a version into use; return its id."""
    found = unit.session.get(DatasetRow, dataset)
    if found is None or not found.current_version:
        raise NotFound("There is no such dataset in use.", code="data.dataset.not_found")
    unit.check(Action.DATA_TWIN_ORDER, _facts(found))
    newest = unit.session.scalar(select(func.max(TwinRow.number)).where(TwinRow.dataset_id == dataset))
    row = TwinRow(
        id=new_id("t", length=10),
        dataset_id=dataset,
        dataset_version=found.current_version,
        number=(newest or 0) + 1,
        state=TWIN.first,
        ordered_at=unit.now,
    )
    row.job_id = jobs.enqueue(unit.session, TWIN_BUILD, subject=row.id, payload={"twin": row.id}, now=unit.now)
    unit.session.add(row)
    unit.record("data.twin.ordered", subject=dataset, detail={"number": row.number})
    return row.id


def take_up_twin(ctx: Context, held: Claim) -> SnapshotPlan:
    """Mark the twin as being built; return the plan of a snapshot of everything that a project could have of the dataset.

    Raises:
        Invalid: an opt-out list that applies was never loaded, or the contract has changed.
    """
    with ctx.begin() as unit:
        row, dataset = _locked(unit, held)
        decision = unit.check(Action.DATA_TWIN_BUILD, _facts(dataset))
        contract = contract_in_use(unit, dataset.id)
        row.state = TWIN.after(row.state, "start")
        row.dataset_version = dataset.current_version
        unit.record("data.twin.started", subject=dataset.id, detail={"number": row.number})
        return _plan(unit, contract, number=row.number, revision=decision.revision)


def finish_twin(ctx: Context, held: Claim, manifest: Mapping[str, Any]) -> int:
    """Mark the twin ready; return the number of the oldest that is kept.

    Raises:
        Conflict: the job is in other hands by now.
    """
    with ctx.begin() as unit:
        row, dataset = _locked(unit, held)
        unit.check(Action.DATA_TWIN_BUILD, _facts(dataset))
        row.state, row.built_at, row.note = TWIN.after(row.state, "finish"), unit.now, ""
        row.tables = [{key: one[key] for key in ("name", "rows", "persons")} for one in manifest["tables"]]
        row.manifest_sha256 = fingerprint(manifest)
        end_job(unit, held)
        unit.record("data.twin.built", subject=dataset.id, detail={"number": row.number})
        return row.number - KEPT + 1


def fail_twin(ctx: Context, held: Claim, why: str) -> None:
    """Mark the twin failed, with a sentence; the one before stays in use."""
    with ctx.begin() as unit:
        row, dataset = _locked(unit, held)
        unit.check(Action.DATA_TWIN_BUILD, _facts(dataset))
        if TWIN.may_move(row.state, "fail"):
            row.state, row.note = TWIN.after(row.state, "fail"), why
        end_job(unit, held, why=why)
        unit.record("data.twin.failed", subject=dataset.id, detail={"number": row.number, "why": why})


def ready_twins(unit: Unit) -> tuple[ReadyTwin, ...]:
    """Return the newest twin of each dataset that has one; the room that mounts it asks the gate."""
    return tuple(
        ReadyTwin(
            dataset_id=row.dataset_id,
            title=title,
            number=row.number,
            folder=unit.config.state / "snapshots" / folder_name(row.dataset_id) / str(row.number),
        )
        for row, title in unit.session.execute(_newest())
    )


def datasets_with_twin(session: Session) -> frozenset[str]:
    """Return the datasets that can be practised on."""
    return frozenset(row.dataset_id for row, _ in session.execute(_newest()))


def _newest() -> Select[TwinRow, str]:
    ready = select(TwinRow.dataset_id, func.max(TwinRow.number).label("number")).where(TwinRow.state == "ready")
    last = ready.group_by(TwinRow.dataset_id).subquery()
    joined = (TwinRow.dataset_id == last.c.dataset_id) & (TwinRow.number == last.c.number)
    return (
        select(TwinRow, DatasetRow.title)
        .join(last, joined)
        .join(DatasetRow, DatasetRow.id == TwinRow.dataset_id)
        .order_by(DatasetRow.title)
    )


def _locked(unit: Unit, held: Claim) -> tuple[TwinRow, DatasetRow]:
    row = unit.session.get(TwinRow, held.payload["twin"], with_for_update=True)
    if row is None:
        raise NotFound("That synthetic twin is not known: order another.", code="data.twin.not_found")
    return row, unit.session.get_one(DatasetRow, row.dataset_id)


def _facts(row: DatasetRow) -> DatasetFacts:
    return DatasetFacts(dataset_id=row.id, custodian_id=row.custodian_id)


def _plan(unit: Unit, contract: Contract, *, number: int, revision: str) -> SnapshotPlan:
    approved = [
        ApprovedTable(dataset=contract.dataset, table=table.name, columns=columns)
        for table in contract.tables
        if (columns := _columns(table))
    ]
    today = unit.now.date()
    return SnapshotPlan(
        project_id=folder_name(contract.dataset),
        version=number,
        built_on=today,
        key_version=1,
        policy_revision=revision,
        reader_uid=0,
        tables=plan_tables(approved, {contract.dataset: contract}, versions_in_use(unit.session)),
        opt_outs=rules_for([contract], lists_in_force(unit.session), on=today),
    )


def _columns(table: Table) -> tuple[str, ...]:
    """Return what a project could have of a table without its approval naming free text: a twin never has any."""
    return tuple(one.name for one in table.published if one.kind != ColumnClass.FREE_TEXT)
