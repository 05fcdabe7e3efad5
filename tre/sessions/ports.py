"""Owns what sessions need beyond the rooms below: the snapshot as it stands, and the bytes that left by the front door.

Bootstrap fills them in. Must never do anything itself.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tre.plumbing.unit_of_work import Unit


@dataclass(frozen=True, kw_only=True)
class ReadySnapshot:
    """A project's snapshot: `state` requested, building, ready, failed, removed or none; `folder` is mounted at /data."""

    state: str = "none"
    version: str = ""
    folder: Path = Path()


class Snapshots(Protocol):
    """The projects' snapshots."""

    def of(self, unit: Unit, project_id: str) -> ReadySnapshot:
        """Return the newest snapshot of a project."""
        ...
