"""Owns the made-up persons of the demonstration, with the roles that its walk needs. Must never run in production."""

from dataclasses import dataclass
from datetime import datetime

from tre.kernel.errors import Conflict
from tre.kernel.events import Event
from tre.people.domain.person import Role
from tre.people.tables import PersonRow, RoleRow
from tre.plumbing.audit_table import append
from tre.plumbing.config import Config
from tre.plumbing.db import SessionMaker

SET_UP = "system:set-up"


@dataclass(frozen=True)
class DemoPerson:
    """One made-up person; the identity provider of the demonstration knows the same names (infra/idp/persons.json)."""

    person_id: str
    name: str
    organisation: str
    roles: tuple[Role, ...]


DEMO_PERSONS = (
    DemoPerson("amina", "Amina Okafor", "University of Ashcombe", (Role.RESEARCHER,)),
    DemoPerson("ben", "Ben Whitfield", "Netherby Institute of Health", (Role.RESEARCHER,)),
    DemoPerson("cara", "Cara Lindqvist", "Trusted research environment", (Role.OUTPUT_CHECKER,)),
    DemoPerson("dev", "Dev Patel", "Trusted research environment", (Role.OUTPUT_CHECKER,)),
    DemoPerson("esme", "Esme Moreau", "University of Ashcombe", (Role.RESEARCHER, Role.OUTPUT_CHECKER)),
    DemoPerson("farah", "Farah Haddad", "Trusted research environment", (Role.ADMIN,)),
    DemoPerson("gwen", "Gwen Pritchard", "Ashcombe Hospitals Trust", (Role.CUSTODIAN,)),
    DemoPerson("hugo", "Hugo Brandt", "Public panel", (Role.LAY_REVIEWER,)),
    DemoPerson("ivan", "Ivan Novak", "Netherby Institute of Health", (Role.RESEARCHER,)),
)


def seed_demo_persons(sessions: SessionMaker, config: Config, *, now: datetime) -> int:
    """Make the demonstration's persons known with their roles, recorded as set-up; return how many were new.

    Raises:
        Conflict: this is no demonstration.
    """
    if config.mode != "demo":
        raise Conflict(
            "Made-up persons belong to a demonstration only: set TRE_MODE=demo.", code="people.demo.not_here"
        )
    added = 0
    with sessions() as session:
        for one in DEMO_PERSONS:
            if session.get(PersonRow, one.person_id) is None:
                session.add(_row(one, now))
                append(session, [(_event(one, now), None)])
                added += 1
        session.commit()
    return added


def _row(one: DemoPerson, now: datetime) -> PersonRow:
    row = PersonRow(id=one.person_id, name=one.name, organisation=one.organisation, added_at=now)
    row.roles.extend(RoleRow(role=str(role), granted_by=SET_UP, granted_at=now) for role in one.roles)
    return row


def _event(one: DemoPerson, now: datetime) -> Event:
    detail = {"roles": [str(role) for role in one.roles]}
    return Event(name="people.person.added", at=now, person_id=SET_UP, subject=one.person_id, detail=detail)
