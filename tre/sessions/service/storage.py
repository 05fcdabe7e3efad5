"""Owns the reading of what the hub measured in each workspace. Must never write there, nor enter a workspace."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tre.kernel.errors import TooLarge
from tre.plumbing.config import Config
from tre.sessions.domain.storage import Storage

MEASURED = Path("run/hub/storage.json")


def storage_of_all(config: Config) -> dict[tuple[str, str], Storage]:
    """Return what each workspace holds by (person, project); empty while the hub has measured nothing."""
    try:
        told = json.loads((config.state / MEASURED).read_text())
        return {_whose(name): _read(config, one) for name, one in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def storage_of(config: Config, *, person_id: str, project_id: str) -> Storage | None:
    """Return what one workspace holds; None until it was measured."""
    return storage_of_all(config).get((person_id, project_id))


def require_room(config: Config, *, person_id: str, project_id: str) -> None:
    """Raise `TooLarge` where the workspace holds more than it may: nothing is handed in from it until it is cleared up."""
    found = storage_of(config, person_id=person_id, project_id=project_id)
    if found is not None and found.state == "too_full":
        raise TooLarge(found.sentence, code="sessions.workspace.too_full")


def _whose(name: str) -> tuple[str, str]:
    person, _, project = name.partition("/")
    return person, project


def _read(config: Config, told: Mapping[str, int | str]) -> Storage:
    return Storage(
        bytes=int(told["bytes"]),
        files=int(told["files"]),
        first_bytes=int(told["first_bytes"]),
        first_files=int(told["first_files"]),
        most_bytes=config.workspace_bytes,
        most_files=config.workspace_files,
        at=datetime.fromisoformat(str(told["at"])),
    )
