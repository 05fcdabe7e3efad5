"""Owns the versions of the vault's key as the records know them: which is in use, the order of a new one. Must never hold a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tre.data.disclosure_tables import KeyVersionRow
from tre.data.service.ending import end_job
from tre.data.service.jobs import KEY_ROTATE
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict
from tre.kernel.facts import NoFacts
from tre.plumbing import jobs
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit

FIRST = 1


def key_version_in_use(session: Session) -> int:
    """Return the version that new snapshots are made with."""
    return session.scalar(select(func.max(KeyVersionRow.version))) or FIRST


@dataclass(frozen=True, kw_only=True)
class KeyVersion:
    """One version of the vault's key as the records know it.

    Args:
        made_at: None of the first, which was made when the vault was first opened.
        state: `in use`, `kept` (older snapshots were made with it), `being made`, `failed`.
        snapshots: how many that are there were made with it.
    """

    version: int
    made_at: datetime | None
    provider: str
    state: str
    snapshots: int


def list_versions(ctx: Context) -> tuple[KeyVersion, ...]:
    """Return every version of the vault's key, the newest first, one that is being made among them.

    Raises:
        NotPermitted: the actor is neither custodian nor admin at the broker's command line.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_KEY_VIEW, NoFacts())
        found = tuple(_versions(unit))
        unit.record("data.key.listed", detail={"versions": len(found)})
        return found


def _versions(unit: Unit) -> Iterator[KeyVersion]:
    in_use = key_version_in_use(unit.session)
    there = select(SnapshotRow.key_version, func.count()).where(SnapshotRow.state == "ready")
    made_with = {version: count for version, count in unit.session.execute(there.group_by(SnapshotRow.key_version))}
    job = jobs.latest(unit.session, KEY_ROTATE, subject=str(in_use + 1))
    if job is not None:
        state = "being made" if job.state in {"queued", "running"} else "failed"
        yield KeyVersion(version=in_use + 1, made_at=None, provider=unit.config.key_provider, state=state, snapshots=0)
    rows = {row.version: row for row in unit.session.scalars(select(KeyVersionRow))}
    for version in range(in_use, 0, -1):
        row = rows.get(version)
        yield KeyVersion(
            version=version,
            made_at=row.made_at if row else None,
            provider=row.provider if row else "",
            state="in use" if version == in_use else "kept",
            snapshots=made_with.get(version, 0),
        )


def order_rotation(ctx: Context) -> int:
    """Order a new version of the vault's key; return its number. Snapshots that are there keep theirs.

    Raises:
        NotPermitted: the actor is not an admin at the broker's command line.
        Conflict: one is being made.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_KEY_ROTATE, NoFacts())
        version = key_version_in_use(unit.session) + 1
        last = jobs.latest(unit.session, KEY_ROTATE, subject=str(version))
        if last is not None and last.state in {"queued", "running"}:
            raise Conflict(f"Version {version} is being made already.", code="data.key.being_made")
        payload = {"version": version, "by": ctx.actor.person_id}
        jobs.enqueue(unit.session, KEY_ROTATE, subject=str(version), payload=payload, now=unit.now)
        unit.record("data.key.rotation_ordered", subject=str(version))
        return version


def finish_rotation(ctx: Context, held: Claim) -> None:
    """Record that the version is made: new snapshots get it from now on. Recording it again changes nothing."""
    version, by = int(held.payload["version"]), str(held.payload["by"])
    with ctx.begin() as unit:
        unit.check(Action.DATA_KEY_RENEW, NoFacts())
        if unit.session.get(KeyVersionRow, version) is None:
            provider = unit.config.key_provider
            unit.session.add(KeyVersionRow(version=version, provider=provider, ordered_by=by, made_at=unit.now))
        end_job(unit, held)
        detail = {"provider": unit.config.key_provider, "ordered_by": by}
        unit.record("data.key.rotated", subject=str(version), detail=detail)


def fail_rotation(ctx: Context, held: Claim, why: str) -> None:
    """Record that the version could not be made; the one in use stays in use."""
    with ctx.begin() as unit:
        unit.check(Action.DATA_KEY_RENEW, NoFacts())
        end_job(unit, held, why=why)
        unit.record("data.key.rotation_failed", subject=str(held.payload["version"]), detail={"why": why})
