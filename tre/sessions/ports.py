"""Owns what sessions need beyond the rooms below: the snapshot as it stands, and the bytes that left by the front door.

Bootstrap fills them in. Must never do anything itself.
"""

from collections.abc import Sequence
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


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A dataset's synthetic twin that is ready: made-up data, mounted at /data of a practice workspace."""

    dataset_id: str
    title: str
    number: int
    folder: Path


class Snapshots(Protocol):
    """The projects' snapshots, and the synthetic twins."""

    def twins(self, unit: Unit) -> Sequence[Twin]:
        """Return the newest twin of each dataset that has one."""
        ...

    def of(self, unit: Unit, project_id: str) -> ReadySnapshot:
        """Return the newest snapshot of a project."""
        ...
