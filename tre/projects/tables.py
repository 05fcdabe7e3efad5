"""Owns the rows of projects: columns and constraints. Must never hold a rule, nor be imported by another room."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tre.plumbing.db import Base


class ProjectRow(Base):
    """One project with what its application says."""

    __tablename__ = "project"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True, doc="70000 + number is its account on the machine: never reused")
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(default=1)
    lead_id: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    lay_summary: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(String(40), default="")
    purpose_detail: Mapped[str] = mapped_column(Text, default="")
    public_benefit: Mapped[str] = mapped_column(Text, default="")
    article_6: Mapped[str] = mapped_column(String(20), default="")
    article_9: Mapped[str] = mapped_column(String(20), default="")
    common_law: Mapped[str] = mapped_column(String(40), default="")
    linkage: Mapped[str] = mapped_column(String(20), default="all", doc="people found in some of the datasets only")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    ends_on: Mapped[date | None]
    expected_outputs: Mapped[str] = mapped_column(Text, default="")
    publication: Mapped[str] = mapped_column(Text, default="")
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    state_reason: Mapped[str] = mapped_column(Text, default="")

    members: Mapped[list["ProjectMemberRow"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="ProjectMemberRow.person_id"
    )
    wanted: Mapped[list["ProjectDataRow"]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
        order_by="(ProjectDataRow.dataset_id, ProjectDataRow.table_name)",
    )
    decisions: Mapped[list["ProjectDecisionRow"]] = relationship(
        lazy="selectin", cascade="save-update, merge", order_by="ProjectDecisionRow.at"
    )


class ProjectMemberRow(Base):
    """One person with access to one project."""

    __tablename__ = "project_member"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    may_download: Mapped[bool] = mapped_column(default=False)


class ProjectDataRow(Base):
    """One table asked for, with its columns and why."""

    __tablename__ = "project_data"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id", ondelete="RESTRICT"), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    columns: Mapped[list[Any]]
    why: Mapped[str] = mapped_column(Text, default="")
    rows: Mapped[str] = mapped_column(Text, default="", doc="expression of the rows; empty for all")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    custodian_id: Mapped[str] = mapped_column(String(40), index=True)


class ProjectDecisionRow(Base):
    """One person's yes or no in one role; it stays for ever as it was given."""

    __tablename__ = "project_decision"
    __table_args__ = (
        UniqueConstraint("project_id", "role", "person_id"),
        CheckConstraint("role IN ('custodian', 'admin', 'lay_reviewer')", name="role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id", ondelete="RESTRICT"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(40), index=True)
    is_yes: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ProjectNumberRow(Base):
    """The last project number given; its one row is locked by whoever takes the next."""

    __tablename__ = "project_number"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    latest: Mapped[int]
