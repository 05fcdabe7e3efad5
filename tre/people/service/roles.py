"""Owns who holds which role. Must never give a role that the policy did not permit."""

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid
from tre.kernel.facts import PersonFacts
from tre.people import tables
from tre.people.domain.person import TITLES
from tre.plumbing.unit_of_work import Context


def grant_role(ctx: Context, person_id: str, role: str) -> None:
    """Give a person a role.

    Raises:
        NotFound: no such person.
        Invalid: no such role.
        Conflict: the person holds it already.
    """
    with ctx.begin() as unit:
        row = tables.load_person(unit.session, person_id)
        unit.check(Action.PEOPLE_ROLE_GRANT, PersonFacts(person_id=person_id, role=role))
        if role not in TITLES:
            raise Invalid({"role": "Choose one of the roles listed."}, code="people.role.unknown")
        if any(one.role == role for one in row.roles):
            raise Conflict(f"{row.name} holds this role already.", code="people.role.already_held")
        row.roles.append(tables.RoleRow(role=role, granted_by=ctx.actor.person_id, granted_at=unit.now))
        unit.record("people.role.granted", subject=person_id, detail={"role": role})


def withdraw_role(ctx: Context, person_id: str, role: str) -> None:
    """Take a role from a person: from the next request on they no longer hold it.

    Raises:
        NotFound: no such person.
        Conflict: the person does not hold it.
    """
    with ctx.begin() as unit:
        row = tables.load_person(unit.session, person_id)
        unit.check(Action.PEOPLE_ROLE_GRANT, PersonFacts(person_id=person_id, role=role))
        held = [one for one in row.roles if one.role == role]
        if not held:
            raise Conflict(f"{row.name} does not hold this role.", code="people.role.not_held")
        unit.session.delete(held[0])
        unit.record("people.role.withdrawn", subject=person_id, detail={"role": role})
