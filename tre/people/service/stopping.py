"""Owns stopping a person and letting them in again: with a reason, at once, on the record. Must never remove what they did.

What they did stays as it is: memberships, votes, decisions, releases, and the public register, which names nobody. Only what
they can still do ends: every sign-in, here and at the hub, every workspace, and the right of its token to ask for anything.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid
from tre.kernel.facts import PersonFacts
from tre.people import tables
from tre.people.desk import PeopleDesk
from tre.plumbing.unit_of_work import Context, Unit

LONGEST_REASON = 2000
_WHY = "An admin stopped this person's access."


def stop_person(ctx: Context, desk: PeopleDesk, person_id: str, *, reason: str) -> None:
    """Stop a person: they are signed out everywhere and their workspaces end, in this moment.

    Args:
        ctx: an admin, of somebody else.
        desk: the door to the workspaces.
        person_id: whom.
        reason: read by admins and auditors, and kept in the record.

    Raises:
        NotFound: no such person.
        Invalid: no reason, or too long a one.
        NotPermitted: the actor is no admin, or it is their own access.
        Conflict: the person is stopped already.
    """
    why = _read(reason)
    with ctx.begin() as unit:
        row = tables.load_person(unit.session, person_id)
        unit.check(Action.PEOPLE_PERSON_STOP, PersonFacts(person_id=person_id))
        if not row.is_active:
            raise Conflict(f"{row.name} is stopped already.", code="people.person.already_stopped")
        row.is_active, row.stopped_at, row.stopped_by, row.stopped_why = False, unit.now, ctx.actor.person_id, why
        unit.record("people.person.stopped", subject=person_id, detail={"reason": why})
        _sign_out_everywhere(unit, person_id)
        desk.workspaces.stop_of_person(unit, person_id, _WHY)
        desk.workspaces.shut_out(unit, stopped_persons(unit.session))


def stopped_persons(session: Session) -> tuple[str, ...]:
    """Return the ids of all whose access is stopped now: for the hub, which is told again and again by the timer."""
    stopped = select(tables.PersonRow.id).where(tables.PersonRow.is_active.is_(False))
    return tuple(session.scalars(stopped.order_by(tables.PersonRow.id)))


def reinstate_person(ctx: Context, desk: PeopleDesk, person_id: str, *, reason: str) -> None:
    """Let a stopped person sign in again, with the roles and memberships they have; raises as `stop_person` does."""
    why = _read(reason)
    with ctx.begin() as unit:
        row = tables.load_person(unit.session, person_id)
        unit.check(Action.PEOPLE_PERSON_REINSTATE, PersonFacts(person_id=person_id))
        if row.is_active:
            raise Conflict(f"{row.name} is not stopped.", code="people.person.not_stopped")
        row.is_active, row.stopped_at, row.stopped_by, row.stopped_why = True, None, "", ""
        unit.record("people.person.reinstated", subject=person_id, detail={"reason": why})
        desk.workspaces.shut_out(unit, stopped_persons(unit.session))


def _sign_out_everywhere(unit: Unit, person_id: str) -> None:
    mine = select(tables.SignInRow).where(tables.SignInRow.person_id == person_id, tables.SignInRow.ended_at.is_(None))
    for row in unit.session.scalars(mine.order_by(tables.SignInRow.id).with_for_update()):
        row.ended_at, row.id_token = unit.now, ""
        unit.record("people.session.closed", subject=row.id[:16], detail={"why": "stopped", "person": person_id})


def _read(reason: str) -> str:
    why = reason.strip()
    if not why:
        raise Invalid({"reason": "Enter a reason: whoever asks why will be told it."})
    if len(why) > LONGEST_REASON:
        raise Invalid({"reason": f"Use at most {LONGEST_REASON:,} characters: this has {len(why):,}."})
    return why
