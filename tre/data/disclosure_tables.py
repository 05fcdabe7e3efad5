"""Owns the rows of what loosens a pseudonym: key versions, re-identifications, bridges. Must never hold a key or an identifier."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tre.data.domain.disclosure import BRIDGE, REIDENTIFICATION
from tre.kernel.machine import Machine
from tre.plumbing.db import Base


def _states(machine: Machine) -> CheckConstraint:
    return CheckConstraint(
        "state IN ({})".format(", ".join(f"'{one}'" for one in sorted(machine.states))), name="state"
    )


class KeyVersionRow(Base):
    """One version of the vault's key that a rotation made; before the first there is version 1 and no row."""

    __tablename__ = "key_version"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provider: Mapped[str] = mapped_column(String(40), doc="where it is kept, by the setting's name")
    ordered_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]


class ReidentificationRow(Base):
    """One request to tell who is behind one pseudonym. The answer is never here."""

    __tablename__ = "reidentification"
    __table_args__ = (_states(REIDENTIFICATION),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    pseudonym: Mapped[str] = mapped_column(String(27))
    case_number: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(40), default="")
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(doc="when it was answered, failed, refused or lapsed")
    note: Mapped[str] = mapped_column(Text, default="", doc="why it failed")


class BridgeRow(Base):
    """One bridge: the source project's pseudonyms beside the target's, for those who are in both, until a day."""

    __tablename__ = "bridge"
    __table_args__ = (_states(BRIDGE), CheckConstraint("source_id <> target_id", name="two_projects"))
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(40), index=True)
    target_id: Mapped[str] = mapped_column(String(40), index=True)
    reason: Mapped[str] = mapped_column(Text)
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20), index=True)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    laid_at: Mapped[datetime | None]
    laid_in: Mapped[int | None] = mapped_column(doc="version of the target's snapshot that it lies beside")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    persons: Mapped[int | None] = mapped_column(doc="how many; none where fewer than ten")
    note: Mapped[str] = mapped_column(Text, default="", doc="why it could not be laid")
    yeses: Mapped[list["BridgeYesRow"]] = relationship(lazy="selectin", order_by="BridgeYesRow.role")


class BridgeYesRow(Base):
    """One person's yes to a bridge, in one role: nobody gives two, no role twice."""

    __tablename__ = "bridge_yes"
    __table_args__ = (UniqueConstraint("bridge_id", "person_id"),)
    bridge_id: Mapped[str] = mapped_column(ForeignKey("bridge.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]
