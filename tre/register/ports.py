"""Owns what the register needs of output checking, as a protocol that bootstrap fills in. Must never import that package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tre.plumbing.unit_of_work import Unit


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release of a project: when, and how many files. What was in them is not published here."""

    project_id: str
    at: datetime
    files: int


class Figures(Protocol):
    """What was released."""

    def releases(self, unit: Unit, project_id: str = "") -> Sequence[Release]:
        """Return the releases that stand, of one project or of all, oldest first."""
        ...
