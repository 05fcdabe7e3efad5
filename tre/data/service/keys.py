"""Owns the versions of the vault's key as the records know them: which is in use, the order of a new one. Must never hold a key."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tre.data.disclosure_tables import KeyVersionRow
from tre.data.service.ending import end_job
from tre.data.service.jobs import KEY_ROTATE
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict
from tre.kernel.facts import NoFacts
from tre.plumbing import jobs
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context

FIRST = 1


def key_version_in_use(session: Session) -> int:
    """Return the version that new snapshots are made with."""
    return session.scalar(select(func.max(KeyVersionRow.version))) or FIRST


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
