"""Owns what people need from rooms above them, as protocols that bootstrap fills. Must never import such a room."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from tre.plumbing.unit_of_work import Context, Unit

ProjectsOf = Callable[[Session, str], frozenset[str]]
"""Ids of the projects that a person is a member of now."""


@dataclass(frozen=True, kw_only=True)
class OpenWorkspace:
    """A workspace that runs now: its project, the project's title, and since when."""

    project_id: str
    title: str
    opened_at: datetime


class Workspaces(Protocol):
    """What must be known and done about the workspaces of a person who signs out or is stopped."""

    def open_now(self, ctx: Context) -> Sequence[OpenWorkspace]:
        """Return the person's running workspaces."""
        ...

    def stop_all(self, ctx: Context) -> None:
        """Stop all of them."""
        ...

    def stop_of_person(self, unit: Unit, person_id: str, why: str) -> None:
        """Stop all of another person's, in the caller's transaction and decision."""
        ...

    def shut_out(self, unit: Unit, persons: Collection[str]) -> None:
        """Once the caller's transaction is committed, sign these persons out of the hub; let none of them in, and all others."""
        ...
