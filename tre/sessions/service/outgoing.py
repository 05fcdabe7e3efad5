"""Owns the reading of what the front door counted: bytes that left each workspace. Must never write there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

LEDGER = Path("run/proxy/outgoing.json")


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """Bytes that left a workspace to its person's browser today and in the last 90 days, and requests refused there."""

    today_bytes: int = 0
    all_bytes: int = 0
    refused: int = 0


def outgoing_of(state: Path, *, today: date) -> dict[tuple[str, str], Outgoing]:
    """Return the counts by (person, project); empty while the front door has counted nothing."""
    try:
        servers = json.loads((state / LEDGER).read_text())["servers"]
    except (OSError, ValueError, KeyError):
        return {}
    return {_whose(name): _count(days, today.isoformat()) for name, days in servers.items()}


def _whose(name: str) -> tuple[str, str]:
    person, _, project = name.partition("/")
    return person, project


def _count(days: Mapping[str, Mapping[str, Any]], today: str) -> Outgoing:
    return Outgoing(
        today_bytes=_bytes(days.get(today, {})),
        all_bytes=sum(_bytes(day) for day in days.values()),
        refused=sum(int(day.get("refused", 0)) for day in days.values()),
    )


def _bytes(day: Mapping[str, Any]) -> int:
    return int(day.get("http_bytes", 0)) + int(day.get("websocket_bytes", 0))
