"""Owns what people need from rooms above them, as protocols that bootstrap fills. Must never import such a room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from tre.plumbing.unit_of_work import Context

ProjectsOf = Callable[[Session, str], frozenset[str]]
"""Ids of the projects that a person is a member of now."""


@dataclass(frozen=True, kw_only=True)
class OpenWorkspace:
    """A workspace that runs now: its project, the project's title, and since when."""

    project_id: str
    title: str
    opened_at: datetime


class Workspaces(Protocol):
    """What signing out must know and do about the workspaces of the person who leaves."""

    def open_now(self, ctx: Context) -> Sequence[OpenWorkspace]:
        """Return the person's running workspaces."""
        ...

    def stop_all(self, ctx: Context) -> None:
        """Stop all of them."""
        ...
