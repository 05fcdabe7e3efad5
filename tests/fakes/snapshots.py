"""Owns the snapshots of service tests: one state for every project, set by the test."""

from dataclasses import dataclass
from pathlib import Path

from tre.plumbing.unit_of_work import Unit
from tre.sessions.ports import ReadySnapshot, Twin


@dataclass
class ReadySnapshotsFake:
    """A snapshot in the state that the test set."""

    state: str = "ready"
    made_up: tuple[str, ...] = ("nhanes", "hospital")

    def twins(self, unit: Unit) -> list[Twin]:
        """Return a twin for each dataset that the test named."""
        folder = Path("/somewhere/snapshots")
        return [Twin(dataset_id=one, title=one, number=1, folder=folder / f"twin-{one}" / "1") for one in self.made_up]

    def of(self, unit: Unit, project_id: str) -> ReadySnapshot:
        """Return it."""
        return ReadySnapshot(state=self.state, version="v1", folder=Path("/somewhere/snapshots") / project_id / "v1")
