"""Owns the rows of people: persons, roles, training, signatures, sign-in sessions. Must never hold a rule."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tre.kernel.errors import NotFound
from tre.plumbing.db import Base


class PersonRow(Base):
    """A person who may sign in. `subject` binds the row to one account at the identity provider once it was used."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(
        String(300), default="", doc="issuer and sub of the account; empty until the first sign-in"
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str] = mapped_column(String(60), default="")
    stopped_why: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime]
    roles: Mapped[list["RoleRow"]] = relationship(lazy="selectin", order_by="RoleRow.role")
    training: Mapped[list["TrainingRow"]] = relationship(lazy="select", order_by="TrainingRow.expires_on.desc()")
    signatures: Mapped[list["SignatureRow"]] = relationship(lazy="select", order_by="SignatureRow.signed_at.desc()")


class RoleRow(Base):
    """A role that a person holds."""

    __tablename__ = "person_role"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)
    granted_by: Mapped[str] = mapped_column(String(60))
    granted_at: Mapped[datetime]


class TrainingRow(Base):
    """Training that a person recorded; the certificate lies beside the records by its hash."""

    __tablename__ = "training"
    __table_args__ = (UniqueConstraint("person_id", "certificate_sha256"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    course: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(200))
    completed_on: Mapped[date]
    expires_on: Mapped[date]
    certificate_sha256: Mapped[str] = mapped_column(String(64))
    certificate_kind: Mapped[str] = mapped_column(String(10), doc="pdf, png or jpeg, by its bytes")
    recorded_at: Mapped[datetime]


class SignatureRow(Base):
    """Terms of use that a person signed, with the hash of the words they read."""

    __tablename__ = "terms_signature"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    text_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]


class SignInRow(Base):
    """A sign-in session. Its key is the hash of the id in the cookie, so that reading this table opens nothing."""

    __tablename__ = "sign_in"
    id: Mapped[str] = mapped_column(String(64), primary_key=True, doc="SHA-256 of the opaque id in the cookie")
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    id_token: Mapped[str] = mapped_column(Text, doc="kept for signing out at the provider only, removed then")


def load_person(session: Session, person_id: str) -> PersonRow:
    """Return a person's row, locked until the transaction ends; raise `NotFound` when there is none."""
    row = session.scalars(select(PersonRow).where(PersonRow.id == person_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no such person.", code="people.person.not_found")
    return row


def load_training(session: Session, training_id: str, *, person_id: str) -> TrainingRow:
    """Return one record of a person's training; raise `NotFound` when there is none."""
    row = session.get(TrainingRow, training_id)
    if row is None or row.person_id != person_id:
        raise NotFound("There is no such training.", code="people.training.not_found")
    return row
