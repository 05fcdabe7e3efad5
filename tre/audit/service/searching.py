"""Owns searching the record. Must never leave out a row that fits, nor change one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from tre.audit.desk import AuditDesk
from tre.audit.domain.words import is_refusal, say_detail, say_event, say_refusal, say_who
from tre.kernel.authz import Action
from tre.kernel.facts import NoFacts
from tre.plumbing.audit_table import AuditRow, moment
from tre.plumbing.dates import ZONE
from tre.plumbing.paging import PAGE_ROWS, Page
from tre.plumbing.unit_of_work import Context


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What to look for; an empty one fits every row.

    Args:
        person: id of who did it.
        about: id of a person, project, request, file or dataset it was about, in any place of the row.
        project: id of the project it belongs to.
        event: beginning of the event's name, `outputs.` or `outputs.request.submitted`.
        since: first day, in the time of the place.
        until: last day.
    """

    person: str = ""
    about: str = ""
    project: str = ""
    event: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the record for the page: as it is stored, and as it is said.

    Args:
        about: whom or what it was about, in words where the row's subject has a name; empty where the project says it.
        project: the project's title.
    """

    number: int
    at: datetime
    name: str
    person_id: str
    who: str
    said: str
    about: str
    subject: str
    project_id: str
    project: str
    detail: str
    decision: Mapping[str, Any]
    hash: str


def search_record(ctx: Context, desk: AuditDesk, criteria: Criteria, *, page: int) -> Page[Entry]:
    """Return one page of the rows that fit, newest first. Reading the record is itself recorded."""
    fitting = select(AuditRow).where(*_clauses(criteria))
    with ctx.begin() as unit:
        unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
        total = unit.session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
        shown = fitting.order_by(AuditRow.number.desc()).limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)
        rows = list(unit.session.scalars(shown))
        known = _Names(
            people=desk.people.names_of(unit, {one for row in rows for one in _persons(row)}),
            projects=desk.projects.titles(unit, {row.project_id for row in rows if row.project_id}),
        )
        asked = {name: value for name, value in vars(criteria).items() if value}
        unit.record("audit.record.viewed", detail={"asked": asked, "page": page, "rows": len(rows)})
        return Page(rows=[_entry(row, known, unit.gate.sentence) for row in rows], number=page, total=total)


@dataclass(frozen=True, kw_only=True)
class _Names:
    """What persons and projects are called, by id."""

    people: Mapping[str, str]
    projects: Mapping[str, str]


def _persons(row: AuditRow) -> tuple[str, ...]:
    return (row.person_id, row.subject) if _is_about_a_person(row) else (row.person_id,)


def _is_about_a_person(row: AuditRow) -> bool:
    return row.name.startswith(("people.person.", "people.role.")) and bool(row.subject)


def _about(row: AuditRow, known: _Names) -> str:
    if _is_about_a_person(row):
        return known.people.get(row.subject, row.subject)
    return "" if row.subject == row.project_id and row.project_id in known.projects else row.subject


def _entry(row: AuditRow, known: _Names, sentence: Callable[[str], str]) -> Entry:
    detail = _object(row.detail)
    return Entry(
        number=row.number,
        at=datetime.fromisoformat(row.at),
        name=row.name,
        person_id=row.person_id,
        who=say_who(row.person_id, known.people),
        said=say_event(row.name) if not is_refusal(detail) else say_refusal(detail, sentence),
        about=_about(row, known),
        subject=row.subject,
        project_id=row.project_id,
        project=known.projects.get(row.project_id) or row.project_id,
        detail=say_detail(detail),
        decision=_object(row.decision),
        hash=row.hash,
    )


def _object(text: str) -> dict[str, Any]:
    """Return stored JSON; a row that somebody altered into something else is still shown, as what it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"unreadable": text[:200]}
    return found if isinstance(found, dict) else {"unreadable": text[:200]}


def _clauses(asked: Criteria) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if asked.person:
        clauses.append(AuditRow.person_id == asked.person)
    if asked.project:
        clauses.append(AuditRow.project_id == asked.project)
    if asked.event:
        clauses.append(AuditRow.name.startswith(asked.event, autoescape=True))
    if asked.about:
        quoted = json.dumps(asked.about)
        anywhere = (AuditRow.subject, AuditRow.project_id, AuditRow.person_id)
        inside = AuditRow.detail.contains(quoted, autoescape=True)
        clauses.append(or_(*(column == asked.about for column in anywhere), inside))
    if asked.since:
        clauses.append(AuditRow.at >= _first_moment(asked.since))
    if asked.until:
        clauses.append(AuditRow.at < _first_moment(asked.until + timedelta(days=1)))
    return clauses


def _first_moment(day: date) -> str:
    """The record keeps moments as text in UTC, which orders as time does."""
    return moment(datetime.combine(day, time(), ZONE).astimezone(UTC))
