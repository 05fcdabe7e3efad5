"""Owns the rows of the data room: columns and constraints. Must never hold a rule, a row of data or an identifier."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tre.data.domain.states import SNAPSHOT, VERSION
from tre.plumbing.db import Base

_STATES = ", ".join(f"'{state}'" for state in sorted(SNAPSHOT.states))
_VERSION_STATES = ", ".join(f"'{state}'" for state in sorted(VERSION.states))


class DatasetRow(Base):
    """One dataset with what the contract of the version in use says."""

    __tablename__ = "dataset"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    custodian_id: Mapped[str] = mapped_column(String(40), index=True)
    current_version: Mapped[str] = mapped_column(String(16), default="", doc="empty until one has both sign-offs")
    contract: Mapped[dict[str, Any]] = mapped_column(doc="tables and columns for the catalogue")


class DatasetVersionRow(Base):
    """One loaded version: its files never change; in use only with both sign-offs."""

    __tablename__ = "dataset_version"
    __table_args__ = (CheckConstraint(f"state IN ({_VERSION_STATES})", name="state"),)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id", ondelete="RESTRICT"), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True, doc="hash of the contract and the raw bytes")
    loaded_at: Mapped[datetime]
    counts: Mapped[list[Any]] = mapped_column(doc="a table each: rows, persons, quarantined rows by reason")
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), index=True, default=VERSION.first)
    round: Mapped[int] = mapped_column(
        default=1, doc="counts the loads of the same bytes: each needs its own sign-offs"
    )
    loaded_by: Mapped[str] = mapped_column(String(60), default="", doc="who ordered the load")
    about: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="what the contract said, for the dataset's row")
    sources: Mapped[list[Any]] = mapped_column(default=list, doc="a raw file each: name, SHA-256, bytes")
    quality: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="the quality report; small numbers withheld")
    account: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="what is not in it: absent, withheld, not read")


class SignOffRow(Base):
    """One person's word on one loaded version: nobody gives two."""

    __tablename__ = "dataset_sign_off"
    __table_args__ = (
        ForeignKeyConstraint(
            ["dataset_id", "version"], ["dataset_version.dataset_id", "dataset_version.version"], ondelete="RESTRICT"
        ),
        UniqueConstraint("dataset_id", "version", "round", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[str] = mapped_column(String(16))
    round: Mapped[int]
    person_id: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[str] = mapped_column(String(20), doc="signed, accepted or refused")
    reason: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]


class OptOutListRow(Base):
    """One list of persons as it was loaded; the newest of a list, namespace and project is in force."""

    __tablename__ = "opt_out_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    changes_on: Mapped[list[Any]] = mapped_column(default=list, doc="later days on which an entry begins or ends")
    list: Mapped[str] = mapped_column(String(60), index=True)
    namespace: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[str] = mapped_column(String(40), default="", index=True, doc="of a study's list, else empty")
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
    linkage: Mapped[str] = mapped_column(String(20), default="all", doc="persons in some of the datasets only")
    lists: Mapped[list[Any]] = mapped_column(default=list, doc="lists of persons that it was built with, by hash")
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="", doc="why it failed, for the page")
