"""Owns the append-only record and its hash chain. Must never be written other than through `append`.

Each row's hash (SHA-256) covers its own fields and the hash of the row before, so that a changed, removed or inserted row
breaks the chain there. No foreign keys: history outlives what it speaks of. The head row keeps the number and the hash
of the last row, so that cutting off the end is noticed too.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, String, Table, Text, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tre.kernel.authz import Decision, plain
from tre.kernel.events import Event
from tre.plumbing.db import Base

GENESIS = "0" * 64
HASHED = ("number", "at", "name", "person_id", "subject", "project_id", "detail", "decision", "previous")


class AuditRow(Base):
    """One thing that happened."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40), doc="ISO 8601, UTC: text, so that the hashed form is the stored form")
    name: Mapped[str] = mapped_column(String(80), index=True)
    person_id: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    detail: Mapped[str] = mapped_column(Text, doc="canonical JSON")
    decision: Mapped[str] = mapped_column(Text, doc="canonical JSON: action, allowed, reasons, policy revision")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The end of the chain; the one row is locked by whoever appends."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


_listed = json.JSONEncoder(separators=(",", ":")).encode
_sorted = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
# Built once: making a statement anew costs as much as carrying it out, and every act of every person appends.
_HEAD = cast("Table", AuditHead.__table__)
_READ_HEAD = select(_HEAD.c.number, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update()
_FIRST_HEAD = insert(_HEAD).values(id=1, number=0, hash=GENESIS)
_MOVE_HEAD = (
    update(_HEAD).where(_HEAD.c.id == 1).values(number=bindparam("newest_number"), hash=bindparam("newest_hash"))
)
_APPEND = insert(cast("Table", AuditRow.__table__))


def append(session: Session, events: Sequence[tuple[Event, Decision | None]]) -> None:
    """Append events, each with the decision that let it happen, to the chain, in this transaction."""
    session.flush()
    connection = session.connection()
    number, previous = _lock_head(connection)
    rows = []
    for event, decision in events:
        number += 1
        row = _row(event, decision, number=number, previous=previous)
        rows.append(row)
        previous = row["hash"]
    connection.execute(_APPEND, rows)
    connection.execute(_MOVE_HEAD, {"newest_number": number, "newest_hash": previous})


def _lock_head(connection: Connection) -> tuple[int, str]:
    head = connection.execute(_READ_HEAD).one_or_none()
    if head is None:
        connection.execute(_FIRST_HEAD)
        return 0, GENESIS
    return head.number, head.hash


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) that a row's fields, given by column name, and its predecessor's hash give."""
    fields = [row[name] for name in HASHED]
    return hashlib.sha256(_listed(fields).encode()).hexdigest()


def canonical(value: object) -> str:
    """Return one spelling of `value` as JSON: sorted keys, no spaces."""
    return _sorted(plain(value))


def moment(at: datetime) -> str:
    """Return the stored spelling of a moment."""
    return at.isoformat(timespec="microseconds")


def _row(event: Event, decision: Decision | None, *, number: int, previous: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": number,
        "at": moment(event.at),
        "name": event.name,
        "person_id": event.person_id,
        "subject": event.subject,
        "project_id": event.project_id,
        "detail": canonical(event.detail),
        "decision": canonical(_decision(decision)),
        "previous": previous,
    }
    return {**row, "hash": row_hash(row)}


def _decision(decision: Decision | None) -> Mapping[str, Any]:
    if decision is None:
        return {}
    return {
        "action": str(decision.action),
        "allowed": decision.allowed,
        "reasons": list(decision.reasons),
        "revision": decision.revision,
    }
