"""Owns the rows of synthetic twins. Must never hold a figure of the real data."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tre.data.domain.states import TWIN
from tre.plumbing.db import Base

_STATES = ", ".join(f"'{state}'" for state in sorted(TWIN.states))


class TwinRow(Base):
    """One build of a dataset's synthetic twin: the newest that is ready is what practice workspaces get."""

    __tablename__ = "synthetic_twin"
    __table_args__ = (UniqueConstraint("dataset_id", "number"), CheckConstraint(f"state IN ({_STATES})", name="state"))
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id", ondelete="RESTRICT"), index=True)
    dataset_version: Mapped[str] = mapped_column(String(16), doc="the version whose shapes it has")
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    job_id: Mapped[str] = mapped_column(String(40))
    ordered_at: Mapped[datetime]
    built_at: Mapped[datetime | None]
    tables: Mapped[list[Any]] = mapped_column(default=list, doc="a table each: name, made-up rows and persons")
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="", doc="why it failed")
