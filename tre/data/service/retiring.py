"""Owns the end of superseded snapshots: still there when somebody opted out since, they are removed once no session mounts them.

Only the newest that is ready is ever mounted anew. Must never order the removal of that one, nor of one that a session has.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.service.jobs import SNAPSHOT_REMOVE
from tre.data.service.snapshots import enqueue
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Context
from tre.projects.service import facts_of

Mounted = Callable[[Session], Collection[tuple[str, str]]]
"""Gives (project, version) of every snapshot that a workspace has now."""


def retire_superseded(ctx: Context, mounted: Mounted) -> int:
    """Order the removal of superseded snapshots that no session has, `superseded_days` after the newer one was ready.

    Args:
        mounted: asked in the transaction that orders, so that nothing is mounted in between.

    Returns:
        How many were ordered.

    Raises:
        NotPermitted: the actor is none of our own processes.
    """
    with ctx.sessions() as session:
        has = set(mounted(session))
        waiting = [
            one for one in _superseded(session, _before(ctx)) if (one[0].project_id, str(one[0].version)) not in has
        ]
    return sum(_retire(ctx, row.id, newer, mounted) for row, newer in waiting)


def _retire(ctx: Context, snapshot_id: str, newer: int, mounted: Mounted) -> int:
    try:
        with ctx.begin() as unit:
            row = unit.session.get_one(SnapshotRow, snapshot_id, with_for_update=True)
            about = facts.about_snapshot(facts_of(unit, row.project_id), state=row.state)
            unit.check(Action.DATA_SNAPSHOT_RETIRE, about)
            if row.state != "ready" or (row.project_id, str(row.version)) in mounted(unit.session):
                raise Conflict("A workspace has this version, or it is gone already.", code="data.snapshot.in_use")
            enqueue(unit, SNAPSHOT_REMOVE, row)
            detail = {"version": row.version, "superseded_by": newer}
            unit.record("data.snapshot.retired", subject=row.id, project=row.project_id, detail=detail)
    except Conflict:
        return 0
    return 1


def _before(ctx: Context) -> datetime:
    return ctx.clock.now() - timedelta(days=ctx.config.superseded_days)


def _superseded(session: Session, before: datetime) -> Iterator[tuple[SnapshotRow, int]]:
    """Give each ready snapshot that has had a newer ready one since before `before`, with that one's version; none ordered already."""
    ready = (
        select(SnapshotRow).where(SnapshotRow.state == "ready").order_by(SnapshotRow.project_id, SnapshotRow.version)
    )
    rows = list(session.scalars(ready))
    for row, newer in pairwise(rows):
        if (
            row.project_id == newer.project_id
            and newer.built_at
            and newer.built_at <= before
            and not _is_ordered(session, row)
        ):
            yield row, newer.version


def _is_ordered(session: Session, row: SnapshotRow) -> bool:
    job = jobs.latest(session, SNAPSHOT_REMOVE, subject=row.id)
    return job is not None and job.state in {"queued", "running"}
