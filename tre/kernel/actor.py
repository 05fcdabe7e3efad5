"""Owns who acts and how that was proved. Must never hold more of a person than decisions need."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks for something.

    Args:
        person_id: the person, or `system:broker`, `system:timer`, `system:command-line` for our own processes.
        name: for the record and the page, as the identity provider gave it.
        roles: roles held now (`researcher`, `output_checker`, `custodian`, `admin`, `lay_reviewer`, `system`).
        member_of: ids of the projects the person is a member of now.
        proved_by: how: `sign-in`, `session` (from a workspace), `system`, `nobody` (not signed in).
        session_id: the sign-in or workspace session, for the record.
    """

    person_id: str
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    member_of: frozenset[str] = field(default_factory=frozenset)
    proved_by: str = "sign-in"
    session_id: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Say whether this is a known person or process."""
        return self.proved_by != "nobody"


NOBODY = Actor(person_id="", name="nobody", proved_by="nobody")


def system_actor(part: str) -> Actor:
    """Return the actor for one of our own processes, named `system:part`."""
    return Actor(person_id=f"system:{part}", name=part, roles=frozenset({"system"}), proved_by="system")
