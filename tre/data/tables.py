"""Owns the rows of the data room: columns and constraints. Must never hold a rule, a row of data or an identifier."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tre.data.domain.states import SNAPSHOT
from tre.plumbing.db import Base

_STATES = ", ".join(f"'{state}'" for state in sorted(SNAPSHOT.states))


class DatasetRow(Base):
    """One dataset with what its contract said when it was last loaded."""

    __tablename__ = "dataset"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    custodian_id: Mapped[str] = mapped_column(String(40), index=True)
    current_version: Mapped[str] = mapped_column(String(16))
    contract: Mapped[dict[str, Any]] = mapped_column(doc="tables and columns for the catalogue")


class DatasetVersionRow(Base):
    """One loaded version: never changed, never loaded twice."""

    __tablename__ = "dataset_version"
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id", ondelete="RESTRICT"), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True, doc="hash of the contract and the raw bytes")
    loaded_at: Mapped[datetime]
    counts: Mapped[list[Any]] = mapped_column(doc="a table each: rows, persons, quarantined rows by reason")
    manifest_sha256: Mapped[str] = mapped_column(String(64))


class OptOutListRow(Base):
    """One opt-out list as it was loaded; the newest of a list and namespace is in force."""

    __tablename__ = "opt_out_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(60), index=True)
    namespace: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64), doc="names its file in the store")
    persons: Mapped[int]
    loaded_at: Mapped[datetime]


class SnapshotRow(Base):
    """One snapshot of one project."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("project_id", "version"), CheckConstraint(f"state IN ({_STATES})", name="state"))
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    approved: Mapped[list[Any]] = mapped_column(doc="dataset, table and columns, as the approval named them")
    reader_uid: Mapped[int] = mapped_column(doc="the project's account on the machine")
    key_version: Mapped[int] = mapped_column(default=1)
    policy_revision: Mapped[str] = mapped_column(String(100), default="")
    job_id: Mapped[str] = mapped_column(String(40))
    requested_at: Mapped[datetime]
    built_at: Mapped[datetime | None]
    tables: Mapped[list[Any]] = mapped_column(default=list, doc="a table each: name, dataset, rows, persons")
    removed: Mapped[list[Any]] = mapped_column(default=list, doc="a rule each: persons left out, small counts withheld")
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="", doc="why it failed, for the page")
