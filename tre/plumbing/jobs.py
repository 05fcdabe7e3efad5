"""Owns the queue of long work: a lease table. A job whose worker dies is taken again; effects must therefore be idempotent.

Claim and finish are fenced by the number of tries: only the holder of the newest claim may finish (docs/adr on the queue).
Must never do the work itself, nor hold rows or identifiers in a payload.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tre.kernel.ids import new_id
from tre.plumbing.db import Base

LEASE = timedelta(seconds=30)
MOST_TRIES = 3


class JobRow(Base):
    """One piece of long work."""

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), index=True, default="queued")
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    queued_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0, doc="per cent")
    note: Mapped[str] = mapped_column(Text, default="", doc="what is being done, or why it failed, for the page")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A job in the hands of one worker."""

    job_id: str
    kind: str
    subject: str
    payload: dict[str, Any]
    tries: int


def enqueue(session: Session, kind: str, *, subject: str, payload: dict[str, Any], now: datetime) -> str:
    """Put a job into the queue, in the caller's transaction; return its id."""
    job = JobRow(id=new_id("j", length=10), kind=kind, subject=subject, payload=payload, queued_at=now)
    session.add(job)
    return job.id


def claim(session: Session, kinds: Collection[str], *, now: datetime) -> Claim | None:
    """Take the oldest job that waits or whose lease ran out; return None when there is none. Commit at once after."""
    free = or_(JobRow.state == "queued", and_(JobRow.state == "running", JobRow.leased_until < now))
    wanted = select(JobRow).where(free, JobRow.kind.in_(kinds)).order_by(JobRow.queued_at, JobRow.id).limit(1)
    job = session.scalars(wanted.with_for_update(skip_locked=True)).one_or_none()
    if job is None:
        return None
    job.state, job.leased_until, job.tries = "running", now + LEASE, job.tries + 1
    return Claim(job_id=job.id, kind=job.kind, subject=job.subject, payload=dict(job.payload), tries=job.tries)


def renew(session: Session, held: Claim, *, now: datetime, progress: int, note: str) -> bool:
    """Renew the lease and tell how far the work is (per cent); return False when the job is no longer ours."""
    values = {"leased_until": now + LEASE, "progress": progress, "note": note}
    return _update_held(session, held, values)


def finish(session: Session, held: Claim, *, now: datetime) -> bool:
    """Mark the job done; return False when it is no longer ours: roll back then."""
    return _update_held(session, held, {"state": "done", "progress": 100, "finished_at": now, "note": ""})


def fail(session: Session, held: Claim, *, now: datetime, why: str) -> bool:
    """Mark the job failed, or queued again while tries are left; return False when it is no longer ours."""
    again = held.tries < MOST_TRIES
    values: dict[str, Any] = {"state": "queued" if again else "failed", "note": why, "leased_until": None}
    return _update_held(session, held, values if again else {**values, "finished_at": now})


def latest(session: Session, kind: str, *, subject: str) -> JobRow | None:
    """Return the newest job of a kind about `subject`."""
    wanted = select(JobRow).where(JobRow.kind == kind, JobRow.subject == subject)
    return session.scalars(wanted.order_by(JobRow.queued_at.desc()).limit(1)).one_or_none()


def _update_held(session: Session, held: Claim, values: dict[str, Any]) -> bool:
    mine = and_(JobRow.id == held.job_id, JobRow.tries == held.tries, JobRow.state == "running")
    result = session.execute(update(JobRow).where(mine).values(**values))
    return isinstance(result, CursorResult) and result.rowcount == 1
