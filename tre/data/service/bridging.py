"""Owns bridges between two projects: asked for, agreed to by a custodian and an admin, laid by the broker, ended by the day.

Must never see a pseudonym: the broker writes the table, and only for who is in both projects' snapshots.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select

from tre.data.disclosure_tables import BridgeRow, BridgeYesRow
from tre.data.domain.disclosure import BRIDGE, MOST_BRIDGE_DAYS, BridgePlan, SnapshotOf
from tre.data.service.ending import end_job
from tre.data.service.jobs import BRIDGE_LAY, BRIDGE_REMOVE
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid, NotFound
from tre.kernel.facts import BridgeFacts
from tre.kernel.ids import new_id
from tre.kernel.patterns import find_nhs_numbers
from tre.plumbing import jobs
from tre.plumbing.db import read_only
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import facts_of

LEAST_REASON, MOST_REASON = 20, 2000
_STANDING = ("agreed", "laid")
_LAPSING = ("asked", "agreed_once", "agreed", "laid")


def ask(ctx: Context, *, source: str, target: str, reason: str, ends_on: date) -> str:
    """Ask that `target` be told the pseudonyms of `source` beside its own; return the bridge's id.

    Args:
        ends_on: last day on which it holds, within a year.

    Raises:
        NotFound: one of the projects does not exist.
        NotPermitted: the actor is neither custodian nor admin, a project is not approved, or the day has passed.
        Invalid: the reason is missing or holds an NHS number, or the day is too far.
    """
    with ctx.begin() as unit:
        _require(reason, ends_on, today=unit.now.date())
        row = BridgeRow(
            id=new_id("b", length=10),
            source_id=source,
            target_id=target,
            reason=reason.strip(),
            ends_on=ends_on,
            state=BRIDGE.first,
            asked_by=ctx.actor.person_id,
            asked_at=unit.now,
        )
        unit.check(Action.DATA_BRIDGE_ASK, _facts(unit, row))
        unit.session.add(row)
        detail = {"from": source, "reason": row.reason, "until": ends_on.isoformat()}
        unit.record("data.bridge.asked", subject=row.id, project=target, detail=detail)
        return row.id


def agree(ctx: Context, bridge_id: str, *, role: str) -> str:
    """Say yes to a bridge as `custodian` or `admin`; after both the broker lays it. Return its state.

    Raises:
        NotPermitted: not in that role, asked for it, agreed already, a member of one of the projects, or it has ended.
        Conflict: somebody else has agreed in that role.
        IllegalMove: it needs no more yes.
    """
    with ctx.begin() as unit:
        row = _locked(unit, bridge_id)
        unit.check(Action.DATA_BRIDGE_AGREE, _facts(unit, row, agree_as=role))
        if role in {one.role for one in row.yeses}:
            raise Conflict(
                "Somebody has agreed in that role: the other role is missing.", code="data.bridge.role_taken"
            )
        row.state = BRIDGE.after(row.state, "agree")
        row.yeses.append(BridgeYesRow(role=role, person_id=ctx.actor.person_id, given_at=unit.now))
        if row.state == "agreed":
            _enqueue(unit, BRIDGE_LAY, row)
        detail = {"from": row.source_id, "as": role, "state": row.state}
        unit.record("data.bridge.agreed", subject=row.id, project=row.target_id, detail=detail)
        return row.state


def refuse(ctx: Context, bridge_id: str) -> None:
    """Say no to a bridge, or end one before its day: what was laid is taken away.

    Raises:
        NotPermitted: the actor is neither custodian nor admin.
        IllegalMove: it has ended.
    """
    with ctx.begin() as unit:
        row = _locked(unit, bridge_id)
        unit.check(Action.DATA_BRIDGE_REFUSE, _facts(unit, row))
        row.state = BRIDGE.after(row.state, "refuse")
        _enqueue(unit, BRIDGE_REMOVE, row)
        unit.record("data.bridge.turned_down", subject=row.id, project=row.target_id, detail={"from": row.source_id})


def list_bridges(ctx: Context) -> Sequence[BridgeRow]:
    """Return every bridge, the newest first."""
    with ctx.begin() as unit:
        unit.check(Action.DATA_BRIDGE_VIEW, BridgeFacts())
        rows = unit.session.scalars(select(BridgeRow).order_by(BridgeRow.asked_at.desc())).all()
        unit.record("data.bridge.listed", detail={"rows": len(rows)})
        return rows


def order_laying(unit: Unit, project_id: str) -> None:
    """Have the bridges that stand laid anew, in the transaction that makes a snapshot of one of their projects ready."""
    of_it = (BridgeRow.source_id == project_id) | (BridgeRow.target_id == project_id)
    standing = BridgeRow.state.in_(_STANDING) & (BridgeRow.ends_on >= unit.now.date())
    for row in unit.session.scalars(select(BridgeRow).where(of_it, standing)):
        _enqueue(unit, BRIDGE_LAY, row)


def end_lapsed(ctx: Context) -> int:
    """End every bridge whose last day has passed and have its table taken away; return how many. The broker asks often."""
    over = _lapsed(ctx.clock.now().date())
    with ctx.sessions() as session:
        if not read_only(session).scalars(over.limit(1)).first():
            return 0
    with ctx.begin() as unit:
        rows = unit.session.scalars(over.with_for_update()).all()
        for row in rows:
            unit.check(Action.DATA_BRIDGE_TAKE_AWAY, _facts(unit, row))
            row.state = BRIDGE.after(row.state, "lapse")
            _enqueue(unit, BRIDGE_REMOVE, row)
            unit.record("data.bridge.lapsed", subject=row.id, project=row.target_id)
        return len(rows)


def take_up(ctx: Context, held: Claim) -> BridgePlan:
    """Return what is to be laid, after asking once more whether it may.

    Raises:
        NotPermitted: it has ended, two different people have not agreed, or a project is not approved any more.
        Invalid: one of the projects has no snapshot that is ready.
        IllegalMove: it was refused or has lapsed.
    """
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["bridge"])
        BRIDGE.after(row.state, "lay")
        unit.check(Action.DATA_BRIDGE_LAY, _facts(unit, row))
        unit.record("data.bridge.started", subject=row.id, project=row.target_id)
        return BridgePlan(bridge_id=row.id, source=_ready(unit, row.source_id), target=_ready(unit, row.target_id))


def finish(ctx: Context, held: Claim, plan: BridgePlan, *, laid: Mapping[str, Any]) -> None:
    """Record that the table lies beside the target's snapshot.

    Args:
        laid: `sha256` of the file, `persons` in it (none where they are few).
    """
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["bridge"])
        unit.check(Action.DATA_BRIDGE_LAY, _facts(unit, row))
        row.state, row.note = BRIDGE.after(row.state, "lay"), ""
        row.laid_at, row.laid_in = unit.now, plan.target.version
        row.sha256, row.persons = laid["sha256"], laid["persons"]
        end_job(unit, held)
        detail = {"from": row.source_id, "version": plan.target.version, **laid}
        unit.record("data.bridge.laid", subject=row.id, project=row.target_id, detail=detail)


def fail(ctx: Context, held: Claim, why: str) -> None:
    """Record that it cannot be laid now; where it still stands, the next snapshot of either project tries again."""
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["bridge"])
        unit.check(Action.DATA_BRIDGE_TAKE_AWAY, _facts(unit, row))
        row.note = why
        end_job(unit, held, why=why)
        unit.record("data.bridge.failed", subject=row.id, project=row.target_id, detail={"why": why})


def take_up_removal(ctx: Context, held: Claim) -> tuple[str, str]:
    """Return the bridge's id and the project that was told, for its files to be removed."""
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["bridge"])
        unit.check(Action.DATA_BRIDGE_TAKE_AWAY, _facts(unit, row))
        unit.record("data.bridge.removal_started", subject=row.id, project=row.target_id)
        return row.id, row.target_id


def finish_removal(ctx: Context, held: Claim) -> None:
    """Record that the bridge's files are gone."""
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["bridge"])
        unit.check(Action.DATA_BRIDGE_TAKE_AWAY, _facts(unit, row))
        end_job(unit, held)
        unit.record("data.bridge.taken_away", subject=row.id, project=row.target_id)


def _require(reason: str, ends_on: date, *, today: date) -> None:
    wrong = {}
    if not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        wrong["reason"] = f"Give the reason, {LEAST_REASON} to {MOST_REASON} characters: it is kept for ever."
    elif any(True for _ in find_nhs_numbers(reason)):
        wrong["reason"] = "An NHS number stands in the reason: leave it out, the record keeps it for ever."
    if ends_on > today + timedelta(days=MOST_BRIDGE_DAYS):
        wrong["ends_on"] = "A bridge holds for a year at most: choose an earlier day, and ask again then."
    if wrong:
        raise Invalid(wrong, code="data.bridge.invalid")


def _locked(unit: Unit, bridge_id: str) -> BridgeRow:
    row = unit.session.get(BridgeRow, bridge_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such bridge: list them to see their names.", code="data.bridge.not_found")
    return row


def _facts(unit: Unit, row: BridgeRow, *, agree_as: str = "") -> BridgeFacts:
    source, target = facts_of(unit, row.source_id), facts_of(unit, row.target_id)
    return BridgeFacts(
        source_id=row.source_id,
        source_state=source.state,
        target_id=row.target_id,
        target_state=target.state,
        members=tuple(sorted({*source.members, *target.members})),
        custodians=tuple(sorted({*source.custodians, *target.custodians})),
        asked_by=row.asked_by,
        agreed=tuple(f"{one.role}:{one.person_id}" for one in row.yeses),
        agree_as=agree_as,
        ends_on=row.ends_on.isoformat(),
    )


def _ready(unit: Unit, project_id: str) -> SnapshotOf:
    ready = select(SnapshotRow).where(SnapshotRow.project_id == project_id, SnapshotRow.state == "ready")
    row = unit.session.scalars(ready.order_by(SnapshotRow.version.desc()).limit(1)).one_or_none()
    if row is None:
        sentence = f"The project {project_id} has no snapshot that is ready: the bridge is laid with the next one."
        raise Invalid({"bridge": sentence}, code="data.bridge.no_snapshot")
    return SnapshotOf(
        project_id=project_id, version=row.version, key_version=row.key_version, reader_uid=row.reader_uid
    )


def _lapsed(today: date) -> Select[BridgeRow]:
    return select(BridgeRow).where(BridgeRow.state.in_(_LAPSING), BridgeRow.ends_on < today).order_by(BridgeRow.id)


def _enqueue(unit: Unit, kind: str, row: BridgeRow) -> None:
    jobs.enqueue(unit.session, kind, subject=row.id, payload={"bridge": row.id}, now=unit.now)
