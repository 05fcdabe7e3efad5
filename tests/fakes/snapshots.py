"""Owns the snapshots of service tests: one state for every project, set by the test."""

from dataclasses import dataclass
from pathlib import Path

from tre.plumbing.unit_of_work import Unit
from tre.sessions.ports import ReadySnapshot


@dataclass
class ReadySnapshotsFake:
    """A snapshot in the state that the test set."""

    state: str = "ready"

    def of(self, unit: Unit, project_id: str) -> ReadySnapshot:
        """Return it."""
        return ReadySnapshot(state=self.state, version="v1", folder=Path("/somewhere/snapshots") / project_id / "v1")
