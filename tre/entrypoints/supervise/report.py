"""Owns what can be asked about a running installation: each part's process and whether it answers. Must never change anything."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from tre.entrypoints.supervise.configuration import SUPERVISOR_SOCKET
from tre.entrypoints.supervise.health import is_healthy
from tre.entrypoints.supervise.parts import Part

LOOK_EVERY = 0.1  # seconds


@dataclass(frozen=True)
class PartReport:
    """One part now.

    Args:
        name: the part.
        state: supervisor's word for its process, lower case; `unknown` when supervisor does not answer.
        pid: its process id, 0 when it has none.
        is_healthy: whether it answers.
    """

    name: str
    state: str
    pid: int
    is_healthy: bool


def report(state: Path, parts: Sequence[Part]) -> list[PartReport]:
    """Return what is known of each part, in the table's order; takes at most about a second."""
    processes = _processes(state)
    with ThreadPoolExecutor(len(parts)) as pool:
        healthy = list(pool.map(lambda part: is_healthy(part.health), parts))
    found = [processes.get(part.name, {}) for part in parts]
    return [
        PartReport(part.name, str(process.get("statename", "unknown")).lower(), int(process.get("pid", 0)), answers)
        for part, process, answers in zip(parts, found, healthy, strict=True)
    ]


def wait_until_healthy(parts: Sequence[Part], *, patience: float) -> list[str]:
    """Return the names of the parts that do not answer after at most `patience` seconds; empty means all do."""
    end = time.monotonic() + patience
    missing = list(parts)
    while missing and time.monotonic() < end:
        missing = [part for part in missing if not is_healthy(part.health)]
        if missing:
            time.sleep(LOOK_EVERY)
    return [part.name for part in missing]


def _processes(state: Path) -> dict[str, dict[str, Any]]:
    transport = SupervisorTransport(None, None, f"unix://{state / SUPERVISOR_SOCKET}")
    try:
        with ServerProxy("http://127.0.0.1", transport=transport) as supervisor:
            answers = cast("list[dict[str, Any]]", supervisor.supervisor.getAllProcessInfo())
    except (OSError, Fault):
        return {}
    return {str(answer["name"]): answer for answer in answers}
