"""Owns who a person is who acts at the broker's command line: the same row, roles and projects as signed in. Must never prove it.

That the person is the one is proved by the account of the machine they work under; the command line says which that is.
"""

from tre.kernel.actor import Actor
from tre.kernel.errors import NotPermitted
from tre.people.ports import ProjectsOf
from tre.people.tables import PersonRow
from tre.plumbing.db import SessionMaker, read_only


def actor_at_command_line(sessions: SessionMaker, person_id: str, *, projects_of: ProjectsOf) -> Actor:
    """Return the actor for a known person at the broker's command line.

    Raises:
        NotPermitted: nobody of that id is known, or their access was stopped.
    """
    with sessions() as session:
        person = read_only(session).get(PersonRow, person_id)
        if person is None or not person.is_active:
            sentence = "That account stands for nobody who may act here. Ask the operator about TRE_BROKER_ACCOUNTS."
            raise NotPermitted(("people.command_line.nobody",), sentences=(sentence,))
        return Actor(
            person_id=person.id,
            name=person.name,
            roles=frozenset(one.role for one in person.roles),
            member_of=projects_of(session, person.id),
            proved_by="command-line",
        )
