"""Owns the rows of workspace sessions. Must never hold a token, nor be imported by another room."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tre.plumbing.db import Base

_IS_OPEN = text("state IN ('opening', 'live')")


class PracticeAccountRow(Base):
    """The account on the machine of one person's practice workspaces: the number is given once and never again."""

    __tablename__ = "practice_account"
    number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), unique=True)


class WorkspaceSessionRow(Base):
    """One stretch of work of one person in one project."""

    __tablename__ = "workspace_session"
    __table_args__ = (
        # One person has one workspace in one project: a second start is refused by the database itself.
        Index(
            "uq_workspace_session_open",
            "person_id",
            "project_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    opened_at: Mapped[datetime]
    live_at: Mapped[datetime | None]
    lapses_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text, default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    snapshot_version: Mapped[str] = mapped_column(String(60), default="")
