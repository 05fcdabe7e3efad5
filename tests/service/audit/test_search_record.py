"""Searching the record."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tests.fixtures.context import MakeContext
from tests.fixtures.projects import ProjectAt
from tre.audit.desk import AuditDesk
from tre.audit.service import Criteria, search_record
from tre.entrypoints.bootstrap.ports import People, Projects
from tre.kernel.errors import NotPermitted
from tre.kernel.events import Event
from tre.plumbing.audit_table import append
from tre.plumbing.unit_of_work import Context

DESK = AuditDesk(people=People(), projects=Projects())
EVENTS = (
    Event(name="people.session.opened", at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC), person_id="amina"),
    Event(name="people.session.opened", at=datetime(2026, 6, 30, 23, 0, tzinfo=UTC), person_id="ben"),
    Event(
        name="outputs.request.submitted",
        at=datetime(2026, 7, 2, 9, 0, tzinfo=UTC),
        person_id="amina",
        subject="r-1",
        project_id="p-aaaaaa",
    ),
    Event(name="people.role.granted", at=datetime(2026, 7, 3, 9, 0, tzinfo=UTC), person_id="farah", subject="amina"),
    Event(
        name="projects.member.added",
        at=datetime(2026, 7, 4, 9, 0, tzinfo=UTC),
        person_id="ben",
        detail={"members": ["amina", "esme"]},
    ),
)


@pytest.fixture
def farah(sessions: sessionmaker[Session], context_of: MakeContext) -> Context:
    with sessions() as session:
        append(session, [(one, None) for one in EVENTS])
        session.commit()
    return context_of("farah", "admin")


@pytest.mark.parametrize(
    ("criteria", "numbers"),
    [
        (Criteria(), [5, 4, 3, 2, 1]),
        (Criteria(person="amina"), [3, 1]),
        (Criteria(about="amina"), [5, 4, 3, 1]),
        (Criteria(about="p-aaaaaa"), [3]),
        (Criteria(project="p-aaaaaa"), [3]),
        (Criteria(event="people."), [4, 2, 1]),
        (Criteria(event="people.session.opened", person="ben"), [2]),
        (Criteria(event="%"), []),
        (Criteria(about="am%"), []),
        (Criteria(since=date(2026, 7, 1)), [5, 4, 3, 2]),
        (Criteria(until=date(2026, 6, 30)), [1]),
        (Criteria(since=date(2026, 7, 2), until=date(2026, 7, 2)), [3]),
    ],
)
def test_what_fits(farah: Context, criteria: Criteria, numbers: list[int]) -> None:
    assert [one.number for one in search_record(farah, DESK, criteria, page=1).rows] == numbers


def test_reading_is_recorded_with_what_was_asked(farah: Context, sessions: sessionmaker[Session]) -> None:
    search_record(farah, DESK, Criteria(person="amina", since=date(2026, 7, 1)), page=1)
    (event,) = events_named(sessions, "audit.record.viewed")
    assert detail_of(event) == {"asked": {"person": "amina", "since": "2026-07-01"}, "page": 1, "rows": 1}


def test_pages_by_number(farah: Context) -> None:
    for _ in range(60):
        search_record(farah, DESK, Criteria(), page=1)
    second = search_record(farah, DESK, Criteria(), page=2)
    assert (second.total, second.number, second.rows[0].number) == (65, 2, 15)
    assert search_record(farah, DESK, Criteria(), page=99).rows == []


@pytest.mark.parametrize("role", ["researcher", "output_checker", "custodian", "lay_reviewer"])
def test_for_admin_and_auditor_alone(farah: Context, context_of: MakeContext, role: str) -> None:
    assert search_record(context_of("olga", "auditor"), DESK, Criteria(), page=1).total == 5
    with pytest.raises(NotPermitted):
        search_record(context_of("amina", role), DESK, Criteria(), page=1)


def test_who_and_what_it_was_about_have_their_names(farah: Context, project_at: ProjectAt) -> None:
    project = project_at("submitted")
    rows = search_record(farah, DESK, Criteria(project=project.project_id), page=1).rows
    assert {(one.who, one.about, one.project) for one in rows} == {("Amina Test", "", project.title)}
    (granted,) = search_record(farah, DESK, Criteria(event="people.role.granted", about="amina"), page=1).rows
    assert (granted.said, granted.about, granted.subject) == ("granted a role", "Amina Test", "amina")


def test_a_refusal_is_said_in_the_sentences_that_the_person_was_told(farah: Context, context_of: MakeContext) -> None:
    with pytest.raises(NotPermitted) as refused:
        search_record(context_of("amina", "researcher"), DESK, Criteria(), page=1)
    (row,) = search_record(farah, DESK, Criteria(event="audit.record.refused"), page=1).rows
    assert row.said == f"was refused: {refused.value.sentence}"
    assert "audit.record.view" in row.detail
