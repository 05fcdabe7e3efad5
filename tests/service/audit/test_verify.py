"""The proof that the record is whole: every kind of alteration is found, and its row named."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tests.fixtures.context import MakeContext
from tre.audit.service import verify, verify_record
from tre.kernel.errors import NotPermitted
from tre.kernel.events import Event
from tre.plumbing.audit_table import append

ROWS = 2500  # more than is read in one piece
Alter = Callable[[str], None]


@pytest.fixture
def record(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    events = [Event(name="room.thing.done", at=at, person_id="amina", subject=f"x-{one}") for one in range(ROWS)]
    with sessions() as session:
        append(session, [(event, None) for event in events])
        session.commit()
    return sessions


@pytest.fixture
def alter(record: sessionmaker[Session]) -> Alter:
    def run(statement: str) -> None:
        with record() as session:
            session.execute(text(statement))
            session.commit()

    return run


def test_empty_record_is_whole(sessions: sessionmaker[Session]) -> None:
    verdict = verify(sessions)
    assert (verdict.ok, verdict.rows) == (True, 0)


def test_untouched_record_is_whole(record: sessionmaker[Session]) -> None:
    verdict = verify(record)
    assert (verdict.ok, verdict.rows, verdict.first_bad) == (True, ROWS, None)
    assert "2,500 rows" in verdict.sentence


@pytest.mark.parametrize(
    "column", ["at", "name", "person_id", "subject", "project_id", "detail", "decision", "previous", "hash"]
)
def test_a_changed_column_is_found(record: sessionmaker[Session], alter: Alter, column: str) -> None:
    alter(f"UPDATE audit SET {column} = 'x' WHERE number = 1234")
    verdict = verify(record)
    assert (verdict.ok, verdict.first_bad, verdict.rows) == (False, 1234, 1233)
    assert "row 1234" in verdict.sentence


def test_a_removed_row_is_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter("DELETE FROM audit WHERE number = 17")
    verdict = verify(record)
    assert (verdict.first_bad, verdict.why) == (17, "it is missing.")


def test_a_cut_off_end_is_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter(f"DELETE FROM audit WHERE number > {ROWS - 3}")
    assert verify(record).first_bad == ROWS - 2


def test_a_row_behind_the_end_is_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter(f"UPDATE audit_head SET number = {ROWS - 1}, hash = (SELECT hash FROM audit WHERE number = {ROWS - 1})")
    assert verify(record).first_bad == ROWS


def test_a_row_that_fits_but_belongs_to_another_end_is_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter("UPDATE audit_head SET hash = 'x'")
    assert verify(record).ok is False


def test_rows_exchanged_are_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter("UPDATE audit SET number = 9999 WHERE number = 5")
    alter("UPDATE audit SET number = 5 WHERE number = 6")
    alter("UPDATE audit SET number = 6 WHERE number = 9999")
    assert verify(record).first_bad == 5


def test_an_emptied_record_is_found(record: sessionmaker[Session], alter: Alter) -> None:
    alter("DELETE FROM audit")
    assert verify(record).first_bad == 1


def test_admin_verifies_and_that_is_recorded(record: sessionmaker[Session], context_of: MakeContext) -> None:
    assert verify_record(context_of("farah", "admin")).ok
    (event,) = events_named(record, "audit.record.verified")
    assert detail_of(event) == {"ok": True, "rows": ROWS, "first_bad": None}
    assert verify(record).rows == ROWS + 1


@pytest.mark.parametrize("role", ["researcher", "output_checker", "custodian", "lay_reviewer"])
def test_nobody_else_verifies(record: sessionmaker[Session], context_of: MakeContext, role: str) -> None:
    with pytest.raises(NotPermitted):
        verify_record(context_of("amina", role))
