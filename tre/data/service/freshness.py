"""Owns whether the live snapshots honour people's choices as they are today, and orders those that do not to be built anew.

A choice that is loaded today is absent from every new snapshot at once; a live one has until the deadline (`refresh_days`
after the list was loaded, or after the day from which an entry counts). Must never build, nor know who chose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.service.building import contract_in_use, project_rules, used
from tre.data.service.lists import lists_for
from tre.data.service.snapshots import order
from tre.data.tables import DatasetRow, OptOutListRow, SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import TreError
from tre.kernel.facts import NoFacts
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import approved_plan, facts_of


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """A live snapshot that was built with other choices than those of today.

    Args:
        version: of the snapshot that is in use.
        since: when the choices changed; `due_at` when it must have been refreshed.
        state: `waiting` (nothing ordered yet), `ordered` (being built anew), `failed` (the refresh came to nothing).
        note: why it failed, or why it cannot be ordered.
    """

    project_id: str
    version: int
    since: datetime
    due_at: datetime
    is_overdue: bool
    state: str
    note: str = ""


def order_refreshes(ctx: Context) -> int:
    """Order every outdated snapshot of an approved project to be built anew; return how many were ordered.

    One whose refresh failed is not ordered again by itself: it shows as outdated, and as overdue after its deadline.

    Raises:
        NotPermitted: the actor is none of our own processes, and no admin.
    """
    with ctx.look() as unit:
        unit.check(Action.DATA_OPT_OUTS_VIEW, NoFacts())
        waiting = [one for one in outdated(unit) if one.state == "waiting" and not one.note]
    return sum(_order(ctx, one) for one in waiting)


def outdated(unit: Unit) -> tuple[Outdated, ...]:
    """Return the live snapshots that do not honour today's choices, the longest due first; the caller asks the gate."""
    found = (_judge(unit, rows) for rows in _by_project(unit.session).values())
    return tuple(sorted((one for one in found if one), key=lambda one: one.due_at))


def overdue_refreshes(ctx: Context) -> int:
    """Return how many live snapshots are overdue, for the health page: everybody may know that."""
    with ctx.sessions() as session:
        unit = Unit(session=read_only(session), actor=ctx.actor, gate=ctx.gate, now=ctx.clock.now(), config=ctx.config)
        return sum(one.is_overdue for one in outdated(unit))


def _order(ctx: Context, found: Outdated) -> int:
    with ctx.begin() as unit:
        order(unit, approved_plan(unit, found.project_id))
        detail = {"version": found.version, "due_at": found.due_at.isoformat()}
        unit.record("data.snapshot.refresh_ordered", subject=found.project_id, project=found.project_id, detail=detail)
    return 1


def _by_project(session: Session) -> dict[str, list[SnapshotRow]]:
    """Return project to its snapshots, newest first."""
    found: dict[str, list[SnapshotRow]] = {}
    for row in session.scalars(select(SnapshotRow).order_by(SnapshotRow.project_id, SnapshotRow.version.desc())):
        found.setdefault(row.project_id, []).append(row)
    return found


def _judge(unit: Unit, rows: list[SnapshotRow]) -> Outdated | None:
    """Return why the newest ready snapshot of a project is outdated; None where it is not, or the project is not approved."""
    live = next((one for one in rows if one.state == "ready"), None)
    if live is None or live.built_at is None or facts_of(unit, live.project_id).state != "approved":
        return None
    try:
        since = _since(unit, live)
    except TreError as fault:
        return _outdated(unit, live, since=live.built_at, state="waiting", note=fault.sentence)
    if since is None:
        return None
    newest = rows[0]
    if newest.version == live.version or newest.requested_at < since:
        return _outdated(unit, live, since=since, state="waiting")
    if newest.state == "failed":
        return _outdated(unit, live, since=since, state="failed", note=newest.note)
    return _outdated(unit, live, since=since, state="ordered")


def _outdated(unit: Unit, live: SnapshotRow, *, since: datetime, state: str, note: str = "") -> Outdated:
    due_at = since + timedelta(days=unit.config.refresh_days)
    return Outdated(
        project_id=live.project_id,
        version=live.version,
        since=since,
        due_at=due_at,
        is_overdue=due_at < unit.now,
        state=state,
        note=note,
    )


def _since(unit: Unit, live: SnapshotRow) -> datetime | None:
    """Return when the first choice changed that the snapshot does not honour; None where it honours all."""
    lists = lists_for(unit.session, live.project_id)
    moments = [*_changed(unit, live, lists), *_begun(unit, live, lists)]
    return min(moments) if moments else None


def _changed(unit: Unit, live: SnapshotRow, lists: dict[tuple[str, str], OptOutListRow]) -> Iterator[datetime]:
    """Give the moment of each rule that came, went or has another list by now."""
    known = set(unit.session.scalars(select(DatasetRow.id)))
    names = sorted({one["dataset"] for one in live.approved} & known)
    contracts = [contract_in_use(unit, name) for name in names]
    now = used(project_rules(unit.session, live.project_id, contracts, on=unit.now.date()))
    for name, namespace, *rest in now:
        if [name, namespace, *rest] not in live.lists:
            yield max(lists[name, namespace].loaded_at, live.built_at or unit.now)
    if any(one not in now and (one[0], one[1]) not in {(new[0], new[1]) for new in now} for one in live.lists):
        yield live.built_at or unit.now  # an exemption was given: those persons may come in


def _begun(unit: Unit, live: SnapshotRow, lists: dict[tuple[str, str], OptOutListRow]) -> Iterator[datetime]:
    """Give the days on which an entry of a list that it was built with began or ended, after the build."""
    built_on, today = (live.built_at or unit.now).date().isoformat(), unit.now.date().isoformat()
    for name, namespace, sha256, _ in live.lists:
        row = lists.get((name, namespace))
        if row is not None and row.sha256 == sha256:
            for day in row.changes_on:
                if built_on < day <= today:
                    yield datetime.combine(datetime.fromisoformat(day), time(), UTC)
