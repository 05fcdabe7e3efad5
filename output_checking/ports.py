"""Owns what this room asks of the others, as protocols that bootstrap fills in. Must never import another room."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from tre.plumbing.unit_of_work import Unit


@dataclass(frozen=True, kw_only=True)
class ProjectBrief:
    """What output checking knows of a project.

    Args:
        state: draft, submitted, approved, suspended, refused or closed.
        members: person ids with access, the lead among them.
        release_right: person ids of the members who may download what was released.
        organisations: names, for the checker and the manifest.
    """

    project_id: str
    title: str
    state: str
    members: tuple[str, ...]
    release_right: tuple[str, ...]
    organisations: tuple[str, ...] = ()


class Projects(Protocol):
    """The projects room."""

    def brief(self, unit: Unit, project_id: str) -> ProjectBrief:
        """Return what is known of a project, read in the unit's transaction; raise `NotFound` if there is none."""
        ...

    def titles(self, unit: Unit, project_ids: Collection[str]) -> Mapping[str, str]:
        """Return project id to title, for a list."""
        ...


class People(Protocol):
    """The people room."""

    def names_of(self, unit: Unit, ids: Collection[str]) -> Mapping[str, str]:
        """Return person id to name; a person who is not known is left out."""
        ...
