"""Owns that a session's row says what the hub really has. Must never start or stop anything."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from tre.kernel.actor import system_actor
from tre.kernel.authz import Action
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context
from tre.sessions.domain.session import LIVE, LONGEST_OPENING, MACHINE, OPENING, WorkspaceSession
from tre.sessions.hub import Server
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import facts_of, latest_row, locked_row, move, value_of

# Between our record of a start and the hub's own record of it lies one request.
GRACE = timedelta(seconds=20)
GONE = "It ended by itself: its server is no longer there."
NEVER_CAME = "It did not start within the time it has: open it again."

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "start": "sessions.workspace.started",
        "fail": "sessions.workspace.failed",
        "stop": "sessions.workspace.stopped",
    }
)


def settle(ctx: Context, desk: SessionsDesk, *, person_id: str, project_id: str) -> None:
    """Ask the hub about the person's open session in the project, if there is one, and note what has changed.

    Raises:
        Unavailable: the hub or the policy server does not answer.
    """
    with ctx.sessions() as session:
        row = latest_row(read_only(session), person_id=person_id, project_id=project_id)
        found = value_of(row) if row is not None else None
    if found is not None and found.is_open:
        settle_one(ctx, desk, found, desk.hub.server(person_id, project_id))


def settle_one(ctx: Context, desk: SessionsDesk, found: WorkspaceSession, server: Server | None) -> None:
    """Note what has changed, where `server` is what the hub has for the open session `found`."""
    name, why = _change(found, server, age=ctx.clock.now() - found.opened_at)
    if name:
        settle_as(ctx, desk, found.session_id, name=name, why=why)


def settle_as(ctx: Context, desk: SessionsDesk, session_id: str, *, name: str, why: str) -> None:
    """Make the move `name` on a session in the portal's own name, unless somebody else has ended it meanwhile."""
    with replace(ctx, actor=system_actor("portal")).begin() as unit:
        row = locked_row(unit.session, session_id)
        about, _ = facts_of(unit, desk, person_id=row.person_id, project_id=row.project_id)
        unit.check(Action.SESSIONS_WORKSPACE_STOP, about)
        if MACHINE.may_move(row.state, name):
            move(row, name, now=unit.now, why=why)
            unit.record(EVENTS[name], subject=row.id, project=row.project_id, detail={"why": why} if why else {})
        else:
            unit.record("sessions.workspace.settled", subject=row.id, project=row.project_id)


def _change(found: WorkspaceSession, server: Server | None, *, age: timedelta) -> tuple[str, str]:
    if server is not None and server.is_ready:
        return ("start", "") if found.state == OPENING else ("", "")
    if server is not None and server.pending:
        return ("fail", NEVER_CAME) if found.state == OPENING and age > LONGEST_OPENING else ("", "")
    if found.state == LIVE:
        return "stop", GONE
    return ("fail", NEVER_CAME) if age > GRACE else ("", "")
