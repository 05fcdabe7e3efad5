"""Owns the rows of output checking: columns and constraints. Must never hold a rule, nor be imported by another room.

Person and project ids are plain text without foreign keys: the rows belong to other rooms, and a release outlives both.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tre.plumbing.db import Base


class RequestRow(Base):
    """One release request; locked first by whoever changes anything of it."""

    __tablename__ = "release_request"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    requester_id: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20), index=True)
    round: Mapped[int] = mapped_column(default=1, doc="which version of the files is under review")
    version: Mapped[int] = mapped_column(default=1, doc="raised whenever an open form about it goes stale")
    submitted_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]

    rounds: Mapped[list["RoundRow"]] = relationship(order_by="RoundRow.number")


class RoundRow(Base):
    """One version of a request: what was handed in, and what came of it."""

    __tablename__ = "release_round"
    request_id: Mapped[str] = mapped_column(ForeignKey("release_request.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    context: Mapped[str] = mapped_column(Text)
    rule_set: Mapped[str] = mapped_column(String(40), doc="which rules looked at the files")
    threshold: Mapped[int] = mapped_column(doc="risk appetite they went by, persons")
    submitted_by: Mapped[str] = mapped_column(String(60))
    submitted_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="", doc="the move that ended it, empty while open")

    files: Mapped[list["FileRow"]] = relationship(order_by="FileRow.position")
    votes: Mapped[list["VoteRow"]] = relationship(order_by="VoteRow.position")


class FileRow(Base):
    """One file of a round; its bytes are on the shelf."""

    __tablename__ = "request_file"
    __table_args__ = (
        ForeignKeyConstraint(["request_id", "round"], ["release_round.request_id", "release_round.number"]),
        UniqueConstraint("request_id", "round", "name"),
        UniqueConstraint("request_id", "round", "position"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(240))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)

    findings: Mapped[list["FindingRow"]] = relationship(order_by="FindingRow.position")


class FindingRow(Base):
    """One thing that a rule found in a file; never the value itself."""

    __tablename__ = "finding"
    file_id: Mapped[str] = mapped_column(ForeignKey("request_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    severity: Mapped[str] = mapped_column(String(10), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    row: Mapped[int | None]
    column: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, Any]]


class VoteRow(Base):
    """One checker's view in one round; it stays as it was given."""

    __tablename__ = "vote"
    __table_args__ = (
        ForeignKeyConstraint(["request_id", "round"], ["release_round.request_id", "release_round.number"]),
        UniqueConstraint("request_id", "round", "person_id"),
        UniqueConstraint("request_id", "round", "position"),
        CheckConstraint("view IN ('approve', 'changes', 'refuse')", name="view"),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    position: Mapped[int] = mapped_column(doc="1 is the first vote of the round")
    person_id: Mapped[str] = mapped_column(String(60), index=True)
    view: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class FileViewRow(Base):
    """A checker has opened a file: for the queue ("mine"), the record holds every single view."""

    __tablename__ = "file_view"
    file_id: Mapped[str] = mapped_column(ForeignKey("request_file.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
    first_at: Mapped[datetime]


class ReleaseRow(Base):
    """What was released; one a version of a request (another only where the first was blocked and handed in anew)."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("request_id", "round"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("release_request.id"), index=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    round: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(index=True)
    files: Mapped[int] = mapped_column(doc="how many")
    manifest: Mapped[dict[str, Any]]
