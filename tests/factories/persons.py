"""Owns the persons of service tests: the demo's names and roles, each with training in date and terms signed."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session, sessionmaker

from tre.people.service.terms import current_terms
from tre.people.tables import PersonRow, RoleRow, SignatureRow, TrainingRow

ROLES: Mapping[str, tuple[str, ...]] = {
    "amina": ("researcher",),
    "ben": ("researcher",),
    "cara": ("output_checker",),
    "dev": ("output_checker",),
    "esme": ("output_checker", "researcher"),
    "farah": ("admin",),
    "gwen": ("custodian",),
    "hugo": ("lay_reviewer",),
    "olga": ("custodian",),
}
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def add_persons(sessions: sessionmaker[Session], *, trained_until: date = date(2027, 11, 30)) -> None:
    """Add every person of `ROLES` in good standing."""
    with sessions() as session:
        for person_id, roles in ROLES.items():
            session.add(_person(person_id))
            session.flush()
            session.add_all(RoleRow(person_id=person_id, role=one, granted_by="farah", granted_at=AT) for one in roles)
            session.add(_training(person_id, trained_until))
            session.add(_signature(person_id))
        session.commit()


def _person(person_id: str) -> PersonRow:
    return PersonRow(
        id=person_id, name=person_id.title() + " Test", organisation="University of Somewhere", added_at=AT
    )


def _training(person_id: str, until: date) -> TrainingRow:
    return TrainingRow(
        id=f"t-{person_id}",
        person_id=person_id,
        course="Safe researcher",
        issuer="Institute",
        completed_on=date(2026, 10, 1),
        expires_on=until,
        certificate_sha256=uuid.uuid4().hex * 2,
        certificate_kind="pdf",
        recorded_at=AT,
    )


def _signature(person_id: str) -> SignatureRow:
    terms = current_terms()
    return SignatureRow(person_id=person_id, version=terms.version, text_sha256=terms.sha256, signed_at=AT)
