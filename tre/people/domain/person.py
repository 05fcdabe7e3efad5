"""Owns what a person and a role are. Must never say what a role may do: that is written in the policy."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles that can be granted, by the name that the policy knows."""

    RESEARCHER = "researcher"
    CUSTODIAN = "custodian"
    LAY_REVIEWER = "lay_reviewer"
    OUTPUT_CHECKER = "output_checker"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class RoleMeaning:
    """A role for people to read: its name on the page and what whoever holds it does."""

    role: Role
    title: str
    does: str


MEANINGS = (
    RoleMeaning(
        Role.RESEARCHER,
        "Researcher",
        "Applies for projects, works in their workspaces and asks for results to be released.",
    ),
    RoleMeaning(Role.CUSTODIAN, "Data custodian", "Decides which projects may use the datasets in their care."),
    RoleMeaning(Role.LAY_REVIEWER, "Lay reviewer", "Judges applications on behalf of the public."),
    RoleMeaning(Role.OUTPUT_CHECKER, "Output checker", "Looks at files before they leave, and votes on their release."),
    RoleMeaning(Role.ADMIN, "Admin", "Decides on applications, grants roles, and suspends projects."),
    RoleMeaning(Role.AUDITOR, "Auditor", "Reads the record of everything that happened, and proves that it is whole."),
)
TITLES = {str(one.role): one.title for one in MEANINGS}


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as other rooms and pages see them.

    Args:
        person_id: short name, also a host name label and a folder name.
        name: full name, as the identity provider gave it.
        organisation: whom they work for; empty where not known.
        roles: names of the roles held now.
        is_active: False once the person was stopped.
    """

    person_id: str
    name: str
    organisation: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    is_active: bool = True
