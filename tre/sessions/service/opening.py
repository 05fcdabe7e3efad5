"""Owns the opening of a workspace: ask the gate, note the session, seal the plan, ask the hub. Must never open for another.

The hub is asked after the transaction is committed: no network within it, and no workspace without its record.
"""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from tre.kernel.authz import Action, Decision
from tre.kernel.errors import Conflict, TreError
from tre.kernel.facts import WorkspaceFacts
from tre.kernel.ids import new_id
from tre.kernel.plan import VALID_SECONDS, MountPlan, seal
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.sessions.domain.session import MACHINE, WorkspaceSession, lapse, new_token, token_hash
from tre.sessions.ports import ReadySnapshot
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import facts_of, latest_row, value_of
from tre.sessions.service.settling import settle, settle_as
from tre.sessions.tables import WorkspaceSessionRow

log = logging.getLogger(__name__)

FIRST_PROJECT_UID = 70_000


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A workspace that was allowed: the decision, what it was about, the data that is mounted, account and folder on the machine."""

    decision: Decision
    about: WorkspaceFacts
    snapshot: ReadySnapshot
    account: int
    workspace: Path


def open_workspace(ctx: Context, desk: SessionsDesk, project_id: str) -> WorkspaceSession:
    """Open the actor's workspace in a project, or return to the one that runs.

    Returns:
        The session, opening or live; what becomes of an opening one is told by `look_at_workspace`.

    Raises:
        NotFound: there is no such project.
        NotPermitted: with every reason against it.
        Unavailable: the policy server or the hub does not answer.
        Conflict: it is being opened in another tab at this moment.
    """
    settle(ctx, desk, person_id=ctx.actor.person_id, project_id=project_id)
    with ctx.begin() as unit:
        person_id = unit.actor.person_id
        about, snapshot = facts_of(unit, desk, person_id=person_id, project_id=project_id)
        decision = unit.check(Action.SESSIONS_WORKSPACE_OPEN, about)
        row = latest_row(unit.session, person_id=person_id, project_id=project_id)
        if row is not None and value_of(row).is_open:
            unit.record("sessions.workspace.rejoined", subject=row.id, project=project_id)
            return value_of(row)
        grant = Grant(
            decision=decision,
            about=about,
            snapshot=snapshot,
            account=FIRST_PROJECT_UID + projects.summary_of(unit, project_id).number,
            workspace=unit.config.state / "workspaces" / project_id / person_id,
        )
        row = open_granted(unit, desk, grant, ctx)
        detail = {"snapshot": grant.snapshot.version, "lapses_at": row.lapses_at}
        unit.record("sessions.workspace.opened", subject=row.id, project=row.project_id, detail=detail)
        session_id = row.id
    return as_it_stands(ctx, session_id)


def open_granted(unit: Unit, desk: SessionsDesk, grant: Grant, ctx: Context) -> WorkspaceSessionRow:
    """Note the session, and have the hub start it once the transaction is committed; the caller records the event."""
    token = new_token()
    row = _row(unit, grant, token)
    unit.session.add(row)
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "Your workspace is being opened already: look at the project's page.", code="sessions.workspace.opening"
        ) from error
    plan = _plan(unit, grant, session_id=row.id, token=token)
    sealed = seal(plan, unit.config.secret("plan_key").encode())
    unit.after_commit(lambda: desk.beside(lambda: _start(ctx, desk, plan, sealed)))
    return row


def _row(unit: Unit, grant: Grant, token: str) -> WorkspaceSessionRow:
    limits = grant.decision.obligations
    last_day = str(limits.get("lapses_on", grant.about.ends_on))
    lapses_on = date.fromisoformat(last_day) if last_day else unit.now.date() + timedelta(days=1)
    return WorkspaceSessionRow(
        id=new_id("s", length=12),
        project_id=grant.about.project_id,
        person_id=grant.about.person_id,
        state=MACHINE.first,
        opened_at=unit.now,
        lapses_at=lapse(unit.now, hours=float(limits.get("hours", unit.config.session_hours)), lapses_on=lapses_on),
        token_hash=token_hash(token),
        snapshot_version=grant.snapshot.version,
    )


def _plan(unit: Unit, grant: Grant, *, session_id: str, token: str) -> MountPlan:
    config = unit.config
    return MountPlan(
        session_id=session_id,
        person_id=grant.about.person_id,
        project_id=grant.about.project_id,
        project_uid=grant.account,
        snapshot_dir=str(Path(grant.snapshot.folder)),
        workspace_dir=str(grant.workspace),
        session_token=token,
        memory_bytes=config.session_memory_bytes,
        processes=config.session_processes,
        cpus=config.session_cpus,
        file_bytes=config.workspace_bytes,
        expires_at=int(unit.now.timestamp()) + VALID_SECONDS,
    )


def _start(ctx: Context, desk: SessionsDesk, plan: MountPlan, sealed: str) -> None:
    try:
        desk.hub.make_known(plan.person_id)
        if desk.hub.server(plan.person_id, plan.project_id) is not None:
            # What still runs there has no session of ours: it must not be taken for the one that was just allowed.
            desk.hub.stop(plan.person_id, plan.project_id)
        desk.hub.start(plan.person_id, plan.project_id, sealed_plan=sealed)
    except TreError as error:
        log.warning("workspace session %s did not start: %s", plan.session_id, error.code)
        settle_as(ctx, desk, plan.session_id, name="fail", why=error.sentence)


def as_it_stands(ctx: Context, session_id: str) -> WorkspaceSession:
    """Return the session as it is in the records now."""
    with ctx.sessions() as session:
        return value_of(read_only(session).get_one(WorkspaceSessionRow, session_id))
