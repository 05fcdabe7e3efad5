"""Owns what reading the record needs of rooms above it: people's names, projects' titles. Bootstrap fills it in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from tre.plumbing.unit_of_work import Unit


class People(Protocol):
    """Persons' names."""

    def names_of(self, unit: Unit, ids: Collection[str]) -> Mapping[str, str]:
        """Return names by person id; an unknown id is its own name."""
        ...


class Projects(Protocol):
    """Projects' titles."""

    def titles(self, unit: Unit, project_ids: Collection[str]) -> Mapping[str, str]:
        """Return titles by project id; an id that no project has is left out."""
        ...


@dataclass(frozen=True, kw_only=True)
class AuditDesk:
    """The audit room's own parts, put together by bootstrap."""

    people: People
    projects: Projects
