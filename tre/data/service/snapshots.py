"""Owns a project's snapshots as the other rooms see them: order one, tell its state, say what may be mounted.

Must never build one or hold a key: the broker does, when it takes the job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.domain.small_numbers import told
from tre.data.domain.snapshot_plan import ApprovedTable
from tre.data.domain.states import SNAPSHOT
from tre.data.service.exemptions import Exemption, exemptions_of
from tre.data.service.jobs import SNAPSHOT_BUILD, SNAPSHOT_REMOVE
from tre.data.service.keys import key_version_in_use
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.ids import new_id
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Unit
from tre.projects import ports as projects
from tre.projects.ports import ApprovedData, SnapshotCard, SnapshotTable
from tre.projects.service import facts_of, summary_of

FIRST_UID = 70_000
"""A project's account on the machine is this plus its number."""


@dataclass(frozen=True, kw_only=True)
class Mountable:
    """The snapshot that a workspace gets."""

    snapshot_id: str
    version: int
    folder: Path


def order(unit: Unit, approved: ApprovedData) -> None:
    """Order a new snapshot, in the transaction of the approval.

    Raises:
        NotPermitted: the project is not approved, or the actor may not order one.
    """
    unit.check(Action.DATA_SNAPSHOT_REQUEST, facts.about_snapshot(facts_of(unit, approved.project_id)))
    row = SnapshotRow(
        id=new_id("s", length=10),
        project_id=approved.project_id,
        version=_next_version(unit.session, approved.project_id),
        state=SNAPSHOT.first,
        approved=approved_rows(approved),
        reader_uid=FIRST_UID + summary_of(unit, approved.project_id).number,
        key_version=key_version_in_use(unit.session),
        linkage=approved.linkage,
        requested_at=unit.now,
        job_id="",
    )
    row.job_id = enqueue(unit, SNAPSHOT_BUILD, row)
    unit.session.add(row)
    detail = {"version": row.version, "tables": [f"{one.dataset_id}.{one.table}" for one in approved.tables]}
    unit.record("data.snapshot.requested", subject=row.id, project=row.project_id, detail=detail)


def order_removal(unit: Unit, project_id: str) -> None:
    """Order the removal of every snapshot of a project, in the transaction of its closing; workspaces must be stopped."""
    rows = unit.session.scalars(_all(project_id).where(SnapshotRow.state != "removed"))
    for row in rows:
        enqueue(unit, SNAPSHOT_REMOVE, row)
        unit.record(
            "data.snapshot.removal_ordered", subject=row.id, project=project_id, detail={"version": row.version}
        )


def card(unit: Unit, project_id: str) -> SnapshotCard:
    """Return the newest snapshot for the project's page; the page's own room asks the gate."""
    row = unit.session.scalars(_all(project_id).limit(1)).one_or_none()
    if row is None:
        return SnapshotCard()
    job = unit.session.get(jobs.JobRow, row.job_id)
    return SnapshotCard(
        state=row.state,
        version=str(row.version),
        progress=100 if row.state == "ready" else (job.progress if job else 0),
        note=row.note or (job.note if job else ""),
        built_at=row.built_at,
        tables=tuple(
            SnapshotTable(name=one["name"], dataset_id=one["dataset"], rows=one["rows"], persons=one["persons"])
            for one in row.tables
        ),
        left_out=(
            *(left_out(one["rule"], one["persons"]) for one in row.removed),
            *(_set_aside(one) for one in exemptions_of(unit.session, project_id)),
        ),
    )


def snapshot_state(session: Session, project_id: str) -> str:
    """Return `ready` where one may be mounted, else the newest one's state, or `none`: a fact for the workspace's rule."""
    states = list(session.scalars(_all(project_id).with_only_columns(SnapshotRow.state)))
    if "ready" in states:
        return "ready"
    return states[0] if states else "none"


def mountable(unit: Unit, project_id: str) -> Mountable | None:
    """Return the newest snapshot that is ready, or None; the room that mounts it asks the gate."""
    row = unit.session.scalars(_all(project_id).where(SnapshotRow.state == "ready").limit(1)).one_or_none()
    if row is None:
        return None
    folder = unit.config.state / "snapshots" / project_id / str(row.version)
    return Mountable(snapshot_id=row.id, version=row.version, folder=folder)


def approved_rows(approved: ApprovedData) -> list[dict[str, Any]]:
    """Return what an approval names, as the row keeps it."""
    return [_kept(one) for one in approved.tables]


def approved_tables(row: SnapshotRow) -> tuple[ApprovedTable, ...]:
    """Return what the approval named, from the row."""
    return tuple(_table(one) for one in row.approved)


def _kept(table: projects.ApprovedTable) -> dict[str, Any]:
    return {
        "dataset": table.dataset_id,
        "table": table.table,
        "columns": list(table.columns),
        "rows": table.rows,
        "period": [one.isoformat() if one else None for one in (table.first_day, table.last_day)],
        "free_text": list(table.free_text),
    }


def _table(kept: Mapping[str, Any]) -> ApprovedTable:
    first, last = kept.get("period") or (None, None)
    return ApprovedTable(
        dataset=kept["dataset"],
        table=kept["table"],
        columns=tuple(kept["columns"]),
        rows=kept.get("rows", ""),
        period=(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None),
        free_text=tuple(kept.get("free_text", ())),
    )


def _all(project_id: str) -> Select[SnapshotRow]:
    return select(SnapshotRow).where(SnapshotRow.project_id == project_id).order_by(SnapshotRow.version.desc())


def _next_version(session: Session, project_id: str) -> int:
    newest = session.scalar(select(func.max(SnapshotRow.version)).where(SnapshotRow.project_id == project_id))
    return (newest or 0) + 1


def enqueue(unit: Unit, kind: str, row: SnapshotRow) -> str:
    """Order a job about a snapshot from the broker; return the job's id."""
    return jobs.enqueue(unit.session, kind, subject=row.id, payload={"snapshot": row.id}, now=unit.now)


def _set_aside(one: Exemption) -> str:
    return f"Nobody by the {one.list} in {one.dataset_id}: its custodian set it aside, because: {one.reason}"


def left_out(rule: str, persons: int | None) -> str:
    """Return the sentence that tells how many persons a rule left out; None stands for fewer than ten, none among them."""
    said = told(persons or 0)
    return f"{said[0].upper()}{said[1:]} persons by the {rule}."
