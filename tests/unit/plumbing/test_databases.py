"""The databases that service tests run on are real and empty."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from tre.plumbing.audit_table import AuditRow
from tre.plumbing.db import answers


def test_database_answers(engine: Engine) -> None:
    assert answers(engine)


def test_database_has_tables_and_no_row(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert session.scalars(select(AuditRow)).all() == []
