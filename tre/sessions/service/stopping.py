"""Owns the end of workspaces: by the person, by an admin, by a project's suspension. Must never wait with taking rights back.

The session's row is ended in the transaction, so its token is worth nothing from that moment; its processes end right
after the commit, and the timer stops whatever the hub could not be told of.
"""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from tre.kernel.authz import Action
from tre.kernel.errors import NotFound, TreError
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.sessions.domain.session import MACHINE, WorkspaceSession
from tre.sessions.hub import Hub
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import facts_of, latest_row, locked_row, move, open_rows, open_sessions, value_of
from tre.sessions.tables import WorkspaceSessionRow

log = logging.getLogger(__name__)

AT_ONCE = 8


def stop_workspace(ctx: Context, desk: SessionsDesk, session_id: str) -> WorkspaceSession:
    """Stop one workspace: the person their own, or an admin.

    Raises:
        NotFound: there is no such session.
        NotPermitted: it is somebody else's and the actor is no admin.
        IllegalMove: it has ended already.
    """
    with ctx.begin() as unit:
        row = locked_row(unit.session, session_id)
        about, _ = facts_of(unit, desk, person_id=row.person_id, project_id=row.project_id)
        unit.check(Action.SESSIONS_WORKSPACE_STOP, about)
        MACHINE.after(row.state, "stop")
        own = unit.actor.person_id == row.person_id
        _end(unit, desk, [row], "Stopped by the person." if own else "Stopped by an admin.")
        return value_of(row)


def stop_own_workspace(ctx: Context, desk: SessionsDesk, project_id: str) -> WorkspaceSession:
    """Stop the actor's own workspace in a project.

    Raises:
        NotFound: none runs there.
    """
    with ctx.sessions() as session:
        row = latest_row(read_only(session), person_id=ctx.actor.person_id, project_id=project_id)
    if row is None or not value_of(row).is_open:
        raise NotFound("You have no workspace running in this project.", code="sessions.workspace.none")
    return stop_workspace(ctx, desk, row.id)


def stop_workspaces_of(unit: Unit, desk: SessionsDesk, project_id: str, why: str) -> int:
    """End every open session of a project within the caller's transaction and decision; return how many."""
    return _end(unit, desk, open_rows(unit.session, project_id=project_id), why)


def stop_workspaces_of_person(unit: Unit, desk: SessionsDesk, person_id: str, why: str) -> int:
    """End every open session of a person within the caller's transaction and decision; return how many."""
    return _end(unit, desk, open_rows(unit.session, person_id=person_id), why)


def shut_out(unit: Unit, desk: SessionsDesk, persons: Collection[str]) -> None:
    """Tell the hub, once the caller's transaction is committed, who all are shut out; the timer tells it again."""
    unit.after_commit(lambda: shut_out_at_hub(desk.hub, persons))


def leave_workspaces(ctx: Context, desk: SessionsDesk) -> None:
    """Stop all workspaces of the actor, who signs out."""
    for one in open_workspaces(ctx):
        stop_workspace(ctx, desk, one.session_id)


def open_workspaces(ctx: Context) -> tuple[WorkspaceSession, ...]:
    """Return the actor's own open sessions, for the question asked at signing out. Nobody else's are looked at."""
    with ctx.sessions() as session:
        return open_sessions(read_only(session), person_id=ctx.actor.person_id)


def shut_out_at_hub(hub: Hub, persons: Collection[str]) -> None:
    """Tell the hub who all are shut out; where it cannot be told, the timer's next round tells it."""
    try:
        hub.shut_out(persons)
    except TreError as error:
        log.error("the hub could not be told who is shut out: %s", error.code)


def stop_at_hub(hub: Hub, servers: Sequence[tuple[str, str]]) -> None:
    """End the processes of (person, project), several at once; what the hub cannot be told of is left to the timer."""
    if servers:
        with ThreadPoolExecutor(min(AT_ONCE, len(servers))) as pool:
            list(pool.map(lambda one: _stop(hub, *one), servers))


def _end(unit: Unit, desk: SessionsDesk, rows: Sequence[WorkspaceSessionRow], why: str) -> int:
    for row in rows:
        move(row, "stop", now=unit.now, why=why)
        unit.record("sessions.workspace.stopped", subject=row.id, project=row.project_id, detail={"why": why})
    servers = [(row.person_id, row.project_id) for row in rows]
    unit.after_commit(lambda: stop_at_hub(desk.hub, servers))
    return len(rows)


def _stop(hub: Hub, person_id: str, project_id: str) -> None:
    try:
        hub.stop(person_id, project_id)
    except TreError as error:
        log.error("the hub could not be told to stop the workspace of %s in %s: %s", person_id, project_id, error.code)
