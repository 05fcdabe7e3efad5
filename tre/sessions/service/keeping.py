"""Owns continuous approval: every live session is asked about again, and what has lapsed is stopped (SATRE 1.4.3).

Called every few seconds by the timer. Must never open anything, and never stop a session because a part did not answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tre.kernel.actor import Actor
from tre.kernel.authz import Action
from tre.kernel.ids import PRACTICE
from tre.people import service as people
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.sessions.domain.session import LIVE, OPENING, WorkspaceSession
from tre.sessions.hub import Server
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import facts_of, locked_row, move, open_sessions
from tre.sessions.service.settling import settle_one
from tre.sessions.service.stopping import shut_out_at_hub, stop_at_hub
from tre.sessions.service.storage import storage_of

NOT_ALLOWED = "The policy does not permit it any more."
TIME_IS_UP = "Its time was up: open it again to go on."


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round of the timer found: sessions kept, sessions stopped, servers at the hub without a session."""

    kept: int
    stopped: int
    strays: int


def keep_or_stop(ctx: Context, desk: SessionsDesk) -> Round:
    """Ask the gate about each open session, as its person stands now; stop what may not go on and what nobody opened.

    Args:
        ctx: of the actor `system:timer`.

    Raises:
        Unavailable: the policy server or the hub did not answer; nothing is opened or stopped, and the next round asks again.
    """
    _tell_who_is_shut_out(ctx, desk)
    servers = desk.hub.servers()
    sessions = _open_sessions(ctx)
    stopped = [one for one in sessions if _stopped_if_lapsed(ctx, desk, one)]
    for one in sessions:
        if one not in stopped:
            settle_one(ctx, desk, one, _server_of(one, servers))
    strays = _strays(servers, _open_sessions(ctx))
    stop_at_hub(desk.hub, strays)
    return Round(kept=len(sessions) - len(stopped), stopped=len(stopped), strays=len(strays))


def _open_sessions(ctx: Context) -> tuple[WorkspaceSession, ...]:
    with ctx.sessions() as session:
        return open_sessions(read_only(session))


def _tell_who_is_shut_out(ctx: Context, desk: SessionsDesk) -> None:
    """Tell the hub again: it may have been away when somebody was stopped, and forgets it when it starts anew."""
    with ctx.sessions() as session:
        stopped = people.stopped_persons(read_only(session))
    shut_out_at_hub(desk.hub, stopped)


def _stopped_if_lapsed(ctx: Context, desk: SessionsDesk, session: WorkspaceSession) -> bool:
    why = _why_not(ctx, desk, session)
    if why:
        _stop(ctx, desk, session, why)
    return bool(why)


def _why_not(ctx: Context, desk: SessionsDesk, session: WorkspaceSession) -> str:
    """Return the sentences against keeping the session, asked in the name of its person."""
    if ctx.clock.now() >= session.lapses_at:
        return TIME_IS_UP
    held = storage_of(ctx.config, person_id=session.person_id, project_id=session.project_id)
    # a measure of the session before says nothing of this one, which may have been opened to clear up
    if held is not None and held.at > session.opened_at and held.is_growing_beyond:
        return f"It went on growing beyond its bound. {held.sentence}"
    with ctx.look() as unit:
        about, _ = facts_of(unit, desk, person_id=session.person_id, project_id=session.project_id)
        unit.check(Action.SESSIONS_WORKSPACE_VIEW, about)
        keep = Action.SESSIONS_PRACTICE_KEEP if about.project_id == PRACTICE else Action.SESSIONS_WORKSPACE_KEEP
        answer = unit.gate.decide(keep, _person(unit, session.person_id), about, now=unit.now)
        return "" if answer.allowed else " ".join(unit.gate.sentence(one) for one in answer.reasons) or NOT_ALLOWED


def _person(unit: Unit, person_id: str) -> Actor:
    """Return the session's person as an actor with the roles and projects they have now."""
    person = people.person_named(unit, person_id)
    return Actor(
        person_id=person_id,
        name=person.name,
        roles=person.roles,
        member_of=projects.projects_of(unit.session, person_id),
        proved_by="session",
    )


def _stop(ctx: Context, desk: SessionsDesk, session: WorkspaceSession, why: str) -> None:
    with ctx.begin() as unit:
        row = locked_row(unit.session, session.session_id)
        about, _ = facts_of(unit, desk, person_id=row.person_id, project_id=row.project_id)
        unit.check(Action.SESSIONS_WORKSPACE_STOP, about)
        if row.state in {OPENING, LIVE}:
            move(row, "stop", now=unit.now, why=why)
        unit.after_commit(lambda: stop_at_hub(desk.hub, [(session.person_id, session.project_id)]))
        unit.record("sessions.workspace.stopped", subject=row.id, project=row.project_id, detail={"why": why})


def _server_of(session: WorkspaceSession, servers: Sequence[Server]) -> Server | None:
    mine = (session.person_id, session.project_id)
    return next((one for one in servers if (one.person_id, one.project_id) == mine), None)


def _strays(servers: Sequence[Server], sessions: Sequence[WorkspaceSession]) -> list[tuple[str, str]]:
    known = {(one.person_id, one.project_id) for one in sessions}
    running = [(one.person_id, one.project_id) for one in servers if one.pending != "stop"]
    return [one for one in running if one not in known]
