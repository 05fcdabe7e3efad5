"""Owns control groups, version 1 and 2: makes one for a session, sets its bounds, ends and removes it.

Must never touch a group that it did not make.
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STANDARD_WEIGHT = {1: 1024, 2: 100}
PERIOD = 100_000  # microseconds, the kernel's default period of a CPU bound
V2_CONTROLLERS = {"memory": "memory", "processes": "pids", "cpu": "cpu"}


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a session may use at most.

    Args:
        memory_bytes: bytes of memory, files in /tmp included.
        processes: number of processes and threads.
        cpus: processors' worth of time; 1.5 is one and a half.
        file_bytes: size of the largest file that may be written; 0 where that is not bounded (never by a group).
    """

    memory_bytes: int
    processes: int
    cpus: float
    file_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Tree:
    """Where sessions' groups are made.

    Args:
        version: 1 or 2.
        parents: for version 1 the parent folder for each bound; for version 2 the same folder for each.
    """

    version: int
    parents: dict[str, Path]

    @property
    def bounds(self) -> frozenset[str]:
        """Which bounds it can hold: some of memory, processes, cpu."""
        return frozenset(self.parents)

    def make(self, name: str, bounds: Bounds) -> list[Path]:
        """Make the groups of session `name`, bounds set; return their folders."""
        groups = []
        for bound, parent in self.parents.items():
            group = parent / name
            group.mkdir(exist_ok=True)
            for file, value in _values(self.version, bound, bounds):
                write(group / file, value)
            if group not in groups:
                groups.append(group)
        return groups


def join(groups: Sequence[Path]) -> None:
    """Put the calling process into `groups`."""
    for group in groups:
        write(group / "cgroup.procs", "0")


async def remove(groups: Sequence[Path], *, seconds: float = 5) -> None:
    """End whatever runs in `groups` and remove them; wait at most `seconds` for the kernel to let go."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    for group in groups:
        while not _removed(group) and loop.time() < end:  # noqa: ASYNC110 -- nothing tells when a group is empty
            await asyncio.sleep(0.02)


def remove_now(group: Path) -> bool:
    """End whatever runs in `group` and try once to remove it; say whether it is gone."""
    return _removed(group)


def _removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        _kill(group)
        return False
    return True


def _kill(group: Path) -> None:
    try:
        if (group / "cgroup.kill").exists():
            write(group / "cgroup.kill", "1")
            return
        for pid in (group / "cgroup.procs").read_text().split():
            os.kill(int(pid), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return


def _values(version: int, bound: str, bounds: Bounds) -> list[tuple[str, str]]:
    memory, processes, quota = str(bounds.memory_bytes), str(bounds.processes), int(bounds.cpus * PERIOD)
    if version == 2:  # noqa: PLR2004
        return {
            "memory": [("memory.max", memory), ("memory.swap.max", "0")],
            "processes": [("pids.max", processes)],
            "cpu": [("cpu.max", f"{quota} {PERIOD}"), ("cpu.weight", weight(2, bounds.cpus))],
        }[bound]
    return {
        # The second counts memory and swap together, and must not be set below the first.
        "memory": [("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", memory)],
        "processes": [("pids.max", processes)],
        "cpu": [
            ("cpu.cfs_period_us", str(PERIOD)),
            ("cpu.cfs_quota_us", str(quota)),
            ("cpu.shares", weight(1, bounds.cpus)),
        ],
    }[bound]


def weight(version: int, cpus: float) -> str:
    """Return the share in a contest for time that `cpus` processes outside of any group would have together."""
    return str(max(2, int(cpus * STANDARD_WEIGHT[version])))


def write(file: Path, value: str) -> None:
    """Write `value` into one of a group's files."""
    # Swap accounting can be left out of a kernel; then there is no such file and no swap bound to set.
    if "sw" in file.name and not file.exists():
        return
    file.write_text(value)
