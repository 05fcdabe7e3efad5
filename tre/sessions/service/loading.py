"""Owns the way between rows and sessions as values, and the facts of one. Must never decide or record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.errors import NotFound
from tre.kernel.facts import WorkspaceFacts
from tre.kernel.ids import PRACTICE
from tre.people import service as people
from tre.plumbing.unit_of_work import Unit
from tre.projects import service as projects
from tre.sessions import facts
from tre.sessions.domain.session import MACHINE, OPEN_STATES, WorkspaceSession
from tre.sessions.ports import ReadySnapshot
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.tables import WorkspaceSessionRow

PRACTICE_TITLE = "Practice with made-up data"


def value_of(row: WorkspaceSessionRow) -> WorkspaceSession:
    """Return the row as a value, without its token's hash."""
    return WorkspaceSession(
        session_id=row.id,
        project_id=row.project_id,
        person_id=row.person_id,
        state=row.state,
        opened_at=row.opened_at,
        lapses_at=row.lapses_at,
        live_at=row.live_at,
        stopped_at=row.stopped_at,
        why=row.why,
        snapshot_version=row.snapshot_version,
    )


def locked_row(session: Session, session_id: str) -> WorkspaceSessionRow:
    """Return the row, locked until the transaction ends; raise `NotFound`."""
    wanted = select(WorkspaceSessionRow).where(WorkspaceSessionRow.id == session_id).with_for_update()
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound(f"There is no workspace session {session_id}.", code="sessions.workspace.not_found")
    return row


def latest_row(session: Session, *, person_id: str, project_id: str) -> WorkspaceSessionRow | None:
    """Return the person's newest session in the project."""
    mine = (WorkspaceSessionRow.person_id == person_id, WorkspaceSessionRow.project_id == project_id)
    wanted = select(WorkspaceSessionRow).where(*mine).order_by(WorkspaceSessionRow.opened_at.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def open_sessions(session: Session, *, person_id: str = "") -> tuple[WorkspaceSession, ...]:
    """Return the sessions that are opening or live, oldest first, of one person where given: to read alone."""
    wanted = select(WorkspaceSessionRow).where(WorkspaceSessionRow.state.in_(OPEN_STATES))
    if person_id:
        wanted = wanted.where(WorkspaceSessionRow.person_id == person_id)
    return tuple(value_of(row) for row in session.scalars(wanted.order_by(WorkspaceSessionRow.opened_at)))


def open_rows(session: Session, *, project_id: str = "", person_id: str = "") -> Sequence[WorkspaceSessionRow]:
    """Return the rows that are opening or live, locked, oldest first, of one project or one person where given."""
    wanted = select(WorkspaceSessionRow).where(WorkspaceSessionRow.state.in_(OPEN_STATES))
    if project_id:
        wanted = wanted.where(WorkspaceSessionRow.project_id == project_id)
    if person_id:
        wanted = wanted.where(WorkspaceSessionRow.person_id == person_id)
    return session.scalars(wanted.order_by(WorkspaceSessionRow.opened_at).with_for_update()).all()


def move(row: WorkspaceSessionRow, name: str, *, now: datetime, why: str = "") -> None:
    """Move the row in the state table, and note when and why it ended."""
    row.state = MACHINE.after(row.state, name)
    if name == "start":
        row.live_at = now
    else:
        row.stopped_at, row.why = now, why


def facts_of(
    unit: Unit, desk: SessionsDesk, *, person_id: str, project_id: str
) -> tuple[WorkspaceFacts, ReadySnapshot]:
    """Return the facts about the person's workspace in the project as they are now, and the snapshot they speak of."""
    if project_id == PRACTICE:
        return practice_facts(unit, person_id=person_id, has_twin=bool(desk.snapshots.twins(unit))), ReadySnapshot()
    snapshot = desk.snapshots.of(unit, project_id)
    about = facts.about(
        projects.facts_of(unit, project_id),
        person_id=person_id,
        snapshot_state=snapshot.state,
        standing=people.standing_of(unit, person_id),
    )
    return about, snapshot


def practice_facts(unit: Unit, *, person_id: str, has_twin: bool) -> WorkspaceFacts:
    """Return the facts about the person's workspace on made-up data."""
    standing = people.standing_of(unit, person_id)
    return facts.about_practice(person_id=person_id, twin_state="ready" if has_twin else "none", standing=standing)


def title_of(unit: Unit, project_id: str) -> str:
    """Return the title of the workspace's project; raise `NotFound`."""
    return PRACTICE_TITLE if project_id == PRACTICE else projects.summary_of(unit, project_id).title
