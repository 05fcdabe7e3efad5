"""Owns what a record of the past looks like: `room.thing.happened`. Must never hold a row, a cell or a file body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_NAME = re.compile(r"[a-z_]+(\.[a-z_]+){1,3}")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, or was refused.

    Args:
        name: `room.thing.happened`, past tense.
        at: the moment, UTC.
        person_id: who did it, or `system:part`.
        subject: id of the thing it happened to.
        project_id: the project it belongs to, empty where none.
        detail: small plain values only: ids, states, counts, hashes, reason codes.
    """

    name: str
    at: datetime
    person_id: str
    subject: str = ""
    project_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a name outside the grammar, so that the record can be searched for ever."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"event name {self.name!r} is not room.thing.happened")
