"""Owns the engine, the declarative base and column types, the same on SQLite and PostgreSQL. Must never hold a table.

SQLite: WAL, foreign keys on, and BEGIN IMMEDIATE, because a transaction that reads first and writes later fails at once
under DEFERRED when another has written in between. PostgreSQL: services lock the parent row first (`with_for_update`).
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

BUSY_MILLISECONDS = 5000
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table, with names for constraints so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 - SQLAlchemy's form


SessionMaker = Callable[[], Session]


def make_engine(url: str) -> Engine:
    """Return an engine for `url`; one a process, never carried across a fork."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, pool_size=20, max_overflow=40)
        event.listen(engine, "connect", _prepare_sqlite)
        _take_turns(engine)
        return engine
    return create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True)


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a maker of database sessions; loaded rows stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def answers(engine: Engine) -> bool:
    """Say whether the database answers a question now."""
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar() == 1


def read_only(session: Session) -> Session:
    """Return `session` for reading alone: on SQLite it then waits for no writer. Say so before its first statement."""
    session.connection(execution_options={"sqlite_begin": "DEFERRED"})
    return session


def _take_turns(engine: Engine) -> None:
    """Let the writers of this process wait for each other in turn.

    SQLite has one writer, and those who find it busy sleep for ever longer times: with 16 callers at once the unlucky one
    waited a second. Writers of other processes are few; with them SQLite's own waiting goes on.
    """
    turn = threading.Lock()

    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        if kind == "IMMEDIATE":
            connection.info["turn"] = turn.acquire(timeout=BUSY_MILLISECONDS / 1000)
        try:
            connection.exec_driver_sql(f"BEGIN {kind}")
        except BaseException:
            end(connection)
            raise

    def end(connection: Connection) -> None:
        if connection.info.pop("turn", False):
            turn.release()

    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", end)
    event.listen(engine, "rollback", end)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # FULL: votes and the record must survive a power cut, not only a crash of ours
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
