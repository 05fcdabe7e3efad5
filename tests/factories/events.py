"""Owns looking into the record from a test."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tre.plumbing.audit_table import AuditRow


def events_named(sessions: sessionmaker[Session], name: str) -> list[AuditRow]:
    """Return the rows of one event, oldest first."""
    with sessions() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.name == name).order_by(AuditRow.number)))


def event_names(sessions: sessionmaker[Session]) -> list[str]:
    """Return the names of all rows, oldest first."""
    with sessions() as session:
        return list(session.scalars(select(AuditRow.name).order_by(AuditRow.number)))


def detail_of(row: AuditRow) -> dict[str, Any]:
    """Return a row's detail."""
    found: dict[str, Any] = json.loads(row.detail)
    return found
