"""Owns how a project's past is told: events as sentences, and the line of steps. Must never invent what is not recorded."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.machine import words
from tre.plumbing.audit_table import AuditRow
from tre.projects.domain.decisions import Seat, seats
from tre.projects.domain.project import Project
from tre.projects.domain.states import APPROVED, CLOSED, DRAFT, REFUSED, SUBMITTED, SUSPENDED
from tre.projects.ports import SnapshotCard

MOST_LINES = 200

# Our own processes, as a sentence calls them.
PROCESSES: Mapping[str, str] = {
    "system:approval": "The approval",
    "system:broker": "The honest broker",
    "system:portal": "The portal",
    "system:timer": "The timer",
}

# What the project page tells; reading and looking are in the record, but not on this page.
SENTENCES: Mapping[str, str] = {
    "projects.project.drafted": "began the application",
    "projects.project.submitted": "sent the application",
    "projects.project.decided": "decided {answer} as {role}",
    "projects.project.approved": "gave the last yes: the project is approved",
    "projects.project.turned_down": "said no: the application is refused",
    "projects.project.suspended": "suspended the project: {reason}",
    "projects.project.resumed": "let the project go on: {reason}",
    "projects.project.closed": "closed the project: {reason}",
    "data.snapshot.requested": "ordered the snapshot",
    "data.snapshot.built": "built the snapshot",
    "data.snapshot.removed": "removed the snapshot",
    "sessions.workspace.opened": "opened a workspace",
    "sessions.workspace.stopped": "ended a workspace: {why}",
    "sessions.workspace.failed": "could not start a workspace: {why}",
    "outputs.request.submitted": "asked for a release",
    "outputs.request.withdrawn": "took a release request back",
    "outputs.request.released": "released outputs",
    "outputs.release.downloaded": "downloaded a release",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened, as a sentence that begins with who did it."""

    at: datetime
    person_id: str
    text: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a project; `state` is done, now, later or stopped; `on` when it was reached, where it was."""

    text: str
    state: str
    note: str = ""
    on: date | datetime | None = None


def lines(session: Session, project_id: str) -> tuple[Line, ...]:
    """Return the project's past, newest first, at most 200 lines."""
    wanted = select(AuditRow).where(AuditRow.project_id == project_id, AuditRow.name.in_(SENTENCES))
    rows = session.scalars(wanted.order_by(AuditRow.number.desc()).limit(MOST_LINES))
    return tuple(_line(row) for row in rows)


def steps(project: Project, snapshot: SnapshotCard) -> tuple[Step, ...]:
    """Return the line of steps: applied, each decision, data made ready, work, end."""
    return (
        _applied(project),
        *(_seat_step(project, seat) for seat in seats(project)),
        *_after_decisions(project, snapshot),
    )


def _line(row: AuditRow) -> Line:
    detail: dict[str, Any] = json.loads(row.detail)
    text = SENTENCES[row.name].format_map(_Words(detail))
    return Line(at=datetime.fromisoformat(row.at), person_id=row.person_id, text=text, subject=row.subject)


class _Words(dict[str, Any]):
    """What an event says of itself, as words; what an older event does not say is left blank."""

    def __getitem__(self, key: str) -> str:
        return words(str(self.get(key, "")))

    def __missing__(self, _key: str) -> str:
        return ""


def _applied(project: Project) -> Step:
    if project.state == DRAFT:
        return Step(text="Application", state="now", note="Being written")
    return Step(text="Application sent", state="done", on=project.submitted_at)


def _seat_step(project: Project, seat: Seat) -> Step:
    given = [one for one in project.decisions if one.role == seat.role and seat.person_id in {"", one.person_id}]
    text = f"Decision of the {seat.name}"
    if given:
        said = "yes" if given[-1].is_yes else "no"
        return Step(text=text, state="done", note=f"Said {said}", on=given[-1].at)
    if project.state == SUBMITTED:
        return Step(text=text, state="now", note="Waiting")
    return Step(text=text, state="later", note="Not needed any more" if project.state == REFUSED else "")


def _after_decisions(project: Project, snapshot: SnapshotCard) -> Iterator[Step]:
    if project.state == REFUSED:
        yield Step(text="Refused", state="now", on=project.state_since)
        return
    begun = project.state in {APPROVED, SUSPENDED, CLOSED}
    ready = begun and snapshot.state == "ready"
    yield Step(
        text="Data made ready",
        state="done" if ready else "now" if project.state == APPROVED else "later",
        note=words(snapshot.state) if begun and not ready else "",
        on=snapshot.built_at if ready else None,
    )
    if project.state == SUSPENDED:
        yield Step(text="Suspended", state="now", on=project.state_since)
    else:
        yield Step(text="Work", state="now" if ready and project.state == APPROVED else _work(project))
    closed = project.state == CLOSED
    yield Step(
        text="End", state="now" if closed else "later", on=project.state_since if closed else project.answers.ends_on
    )


def _work(project: Project) -> str:
    return "done" if project.state == CLOSED else "later"
