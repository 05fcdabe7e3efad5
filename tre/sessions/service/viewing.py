"""Owns what is seen of workspaces: one's own, the card on a project's page, all live ones. Must never change anything
but what the hub says has changed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.authz import Action
from tre.kernel.facts import NoFacts
from tre.kernel.ids import PRACTICE
from tre.people import service as people
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.projects.ports import WorkspaceCard
from tre.sessions.domain.session import LIVE, OPEN_STATES, WorkspaceSession, token_hash
from tre.sessions.domain.storage import Storage
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import PRACTICE_TITLE, facts_of, latest_row, open_sessions, title_of, value_of
from tre.sessions.service.outgoing import Outgoing, outgoing_of
from tre.sessions.service.settling import settle
from tre.sessions.service.storage import storage_of, storage_of_all
from tre.sessions.tables import WorkspaceSessionRow


@dataclass(frozen=True, kw_only=True)
class WorkspaceView:
    """The actor's workspace in a project.

    Args:
        title: of the project.
        session: the newest session, if there ever was one.
        why_not: sentences against opening it now.
        url: where the live workspace is, else empty.
        storage: what it holds, as last measured; None until it was.
    """

    project_id: str
    title: str
    session: WorkspaceSession | None
    why_not: tuple[str, ...]
    url: str
    storage: Storage | None = None


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One live session with whose it is, what has left it today and in all (bytes, the last 90 days), and what it holds."""

    session: WorkspaceSession
    name: str
    title: str
    outgoing: Outgoing
    storage: Storage | None


def mounted_versions(session: Session) -> set[tuple[str, str]]:
    """Return (project, snapshot's version) of every session that is open: none of these may be removed."""
    row = WorkspaceSessionRow
    return {
        (one[0], one[1])
        for one in session.execute(select(row.project_id, row.snapshot_version).where(row.state.in_(OPEN_STATES)))
    }


def look_at_workspace(ctx: Context, desk: SessionsDesk, project_id: str) -> WorkspaceView:
    """Return the actor's workspace after asking the hub how it stands.

    Raises:
        NotFound: there is no such project.
        NotPermitted: the actor may not see it.
        Unavailable: the hub or the policy server does not answer.
    """
    settle(ctx, desk, person_id=ctx.actor.person_id, project_id=project_id)
    with ctx.look() as unit:
        person_id = unit.actor.person_id
        about, _ = facts_of(unit, desk, person_id=person_id, project_id=project_id)
        is_practice = project_id == PRACTICE
        opening = Action.SESSIONS_PRACTICE_OPEN if is_practice else Action.SESSIONS_WORKSPACE_OPEN
        why_not = unit.why_not(opening, about)
        unit.check(Action.SESSIONS_WORKSPACE_VIEW, about)
        row = latest_row(unit.session, person_id=person_id, project_id=project_id)
        session = value_of(row) if row is not None else None
        live = session is not None and session.state == LIVE
        return WorkspaceView(
            project_id=project_id,
            title=title_of(unit, project_id),
            session=session,
            why_not=why_not,
            url=lab_url(unit.config.hub_origin, person_id, project_id) if live else "",
            storage=storage_of(unit.config, person_id=person_id, project_id=project_id),
        )


def card(unit: Unit, desk: SessionsDesk, project_id: str) -> WorkspaceCard:
    """Return the actor's workspace for the project's page, within the caller's transaction and decision."""
    person_id = unit.actor.person_id
    about, _ = facts_of(unit, desk, person_id=person_id, project_id=project_id)
    row = latest_row(unit.session, person_id=person_id, project_id=project_id)
    is_open = row is not None and row.state in OPEN_STATES
    live = row is not None and row.state == LIVE
    held = storage_of(unit.config, person_id=person_id, project_id=project_id)
    return WorkspaceCard(
        state=row.state if row is not None and is_open else "none",
        since=row.opened_at if row is not None and is_open else None,
        why_not=unit.why_not(Action.SESSIONS_WORKSPACE_OPEN, about),
        url=lab_url(unit.config.hub_origin, person_id, project_id) if live else "",
        holds=held.sentence if held else "",
        is_full=held is not None and held.state != "in_order",
    )


def watch_workspaces(ctx: Context) -> tuple[Watched, ...]:
    """Return every open session, oldest first; raise `NotPermitted` for anybody but an admin."""
    with ctx.begin() as unit:
        unit.check(Action.SESSIONS_WORKSPACE_WATCH, NoFacts())
        sessions = open_sessions(unit.session)
        names = people.names_of(unit, sorted({one.person_id for one in sessions}))
        titles = projects.summaries_of(unit, frozenset(one.project_id for one in sessions) - {PRACTICE})
        outgoing = outgoing_of(unit.config.state, today=unit.now.date())
        held = storage_of_all(unit.config)
        unit.record("sessions.workspace.watched", detail={"open": len(sessions)})
        return tuple(
            Watched(
                session=one,
                name=names.get(one.person_id, one.person_id),
                title=titles[one.project_id].title if one.project_id in titles else PRACTICE_TITLE,
                outgoing=outgoing.get((one.person_id, one.project_id), Outgoing()),
                storage=held.get((one.person_id, one.project_id)),
            )
            for one in sessions
        )


def session_by_token(session: Session, token: str) -> WorkspaceSession | None:
    """Return the open session that a token of the session API belongs to; None for any other token."""
    wanted = select(WorkspaceSessionRow).where(
        WorkspaceSessionRow.token_hash == token_hash(token), WorkspaceSessionRow.state.in_(OPEN_STATES)
    )
    row = session.scalars(wanted).one_or_none()
    return value_of(row) if row is not None else None


def use_of_project(session: Session, project_id: str) -> tuple[datetime, ...]:
    """Return when each session of the project that came to life was opened, oldest first: for the public register."""
    wanted = select(WorkspaceSessionRow.opened_at).where(
        WorkspaceSessionRow.project_id == project_id, WorkspaceSessionRow.live_at.is_not(None)
    )
    return tuple(session.scalars(wanted.order_by(WorkspaceSessionRow.opened_at)))


def use_of_all(session: Session) -> dict[str, tuple[datetime, ...]]:
    """Return the same for every project that was ever used, by project id; practice on made-up data is no use of data."""
    wanted = select(WorkspaceSessionRow.project_id, WorkspaceSessionRow.opened_at).where(
        WorkspaceSessionRow.project_id != PRACTICE
    )
    found: dict[str, tuple[datetime, ...]] = {}
    for project_id, at in session.execute(
        wanted.where(WorkspaceSessionRow.live_at.is_not(None)).order_by(WorkspaceSessionRow.opened_at)
    ):
        found[project_id] = (*found.get(project_id, ()), at)
    return found


def lab_url(hub_origin: str, person_id: str, project_id: str) -> str:
    """Return the address of a person's JupyterLab in a project: each person has an origin of their own."""
    scheme, _, host = hub_origin.partition("://")
    return f"{scheme}://{person_id}.{host}/workspaces/user/{person_id}/{project_id}/lab"
