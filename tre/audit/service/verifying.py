"""Owns the proof that the record is whole: every row's hash, every link, the numbering and the end. Must never write to a row."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.audit.domain.verdict import Verdict
from tre.kernel.authz import Action
from tre.kernel.facts import NoFacts
from tre.plumbing.audit_table import GENESIS, HASHED, AuditHead, AuditRow, row_hash
from tre.plumbing.db import SessionMaker
from tre.plumbing.unit_of_work import Context

AT_ONCE = 1000


def verify(sessions: SessionMaker) -> Verdict:
    """Check the whole chain as it stands at one moment, in pieces, without holding anybody up; return the verdict."""
    with sessions() as session:
        _see_one_moment(session)
        end = session.execute(select(AuditHead.number, AuditHead.hash).where(AuditHead.id == 1)).one_or_none()
        with closing(_rows(session)) as rows:
            return _check(rows, *(end or (0, GENESIS)))


def verify_record(ctx: Context) -> Verdict:
    """Check the whole chain on a person's behalf, and record that it was done and what was found."""
    with ctx.look() as unit:
        unit.check(Action.AUDIT_RECORD_VERIFY, NoFacts())
    verdict = verify(ctx.sessions)  # outside any transaction of ours: the record may be long, and others go on writing
    with ctx.begin() as unit:
        unit.check(Action.AUDIT_RECORD_VERIFY, NoFacts())
        unit.record(
            "audit.record.verified", detail={"ok": verdict.ok, "rows": verdict.rows, "first_bad": verdict.first_bad}
        )
    return verdict


def _check(rows: Iterator[Mapping[str, Any]], end_number: int, end_hash: str) -> Verdict:
    number, previous = 0, GENESIS
    for row in rows:
        fault = _fault(row, number=number + 1, previous=previous)
        if fault:
            return Verdict(rows=number, first_bad=number + 1, why=fault)
        number, previous = row["number"], row["hash"]
    if number < end_number:
        return Verdict(rows=number, first_bad=number + 1, why="it and what came after it are gone.")
    if (number, previous) != (end_number, end_hash):
        return Verdict(rows=end_number, first_bad=end_number + 1, why="it was added behind the end of the record.")
    return Verdict(rows=number)


def _fault(row: Mapping[str, Any], *, number: int, previous: str) -> str:
    if row["number"] != number:
        return "it is missing."
    if row["previous"] != previous:
        return "it is not linked to the row before it."
    return "" if row["hash"] == row_hash(row) else "its content was changed."


def _rows(session: Session) -> Generator[Mapping[str, Any], None, None]:
    columns = [getattr(AuditRow, name) for name in (*HASHED, "hash")]
    wanted = select(*columns).order_by(AuditRow.number).execution_options(yield_per=AT_ONCE)
    with session.execute(wanted) as result:
        for row in result:
            yield row._asdict()


def _see_one_moment(session: Session) -> None:
    """Rows and the record's end must be of the same moment, however long the reading takes."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    options: dict[str, Any] = {"sqlite_begin": "DEFERRED"} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
    session.connection(execution_options=options)
