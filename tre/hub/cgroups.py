"""Owns control groups, version 1 and 2: makes one for a session, sets its bounds, ends and removes it.

Must never touch a group that it did not make, except to move this installation's own processes into a leaf where
version 2 demands that (kernel docs, cgroup-v2, "no internal process constraint").
"""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PERIOD = 100_000  # microseconds, the kernel's default period of a CPU bound
V2_CONTROLLERS = {"memory": "memory", "processes": "pids", "cpu": "cpu"}


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a session may use at most.

    Args:
        memory_bytes: bytes of memory, files in /tmp included.
        processes: number of processes and threads.
        cpus: processors' worth of time; 1.5 is one and a half.
    """

    memory_bytes: int
    processes: int
    cpus: float


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
                _write(group / file, value)
            if group not in groups:
                groups.append(group)
        return groups


def find_tree(*, mount: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")) -> Tree | None:
    """Return where this process may make groups, or None where it may not."""
    own = _own_groups(membership)
    if (mount / "cgroup.controllers").exists():
        parent = _v2_parent(mount, own.get("", "/"))
        if parent is None:
            return None
        held = (parent / "cgroup.subtree_control").read_text().split()
        parents = {bound: parent for bound, controller in V2_CONTROLLERS.items() if controller in held}
        return Tree(version=2, parents=parents) if parents else None
    parents = {
        bound: parent
        for bound, controller in V2_CONTROLLERS.items()
        if (parent := _v1_parent(mount / controller, own.get(controller, "/"))) is not None
    }
    return Tree(version=1, parents=parents) if parents else None


def join(groups: Sequence[Path]) -> None:
    """Put the calling process into `groups`."""
    for group in groups:
        _write(group / "cgroup.procs", "0")


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
            _write(group / "cgroup.kill", "1")
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
            "cpu": [("cpu.max", f"{quota} {PERIOD}")],
        }[bound]
    return {
        # The second counts memory and swap together, and must not be set below the first.
        "memory": [("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", memory)],
        "processes": [("pids.max", processes)],
        "cpu": [("cpu.cfs_period_us", str(PERIOD)), ("cpu.cfs_quota_us", str(quota))],
    }[bound]


def _write(file: Path, value: str) -> None:
    # Swap accounting can be left out of a kernel; then there is no such file and no swap bound to set.
    if "sw" in file.name and not file.exists():
        return
    file.write_text(value)


def _own_groups(membership: Path) -> dict[str, str]:
    own = {}
    for line in membership.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            own[controller] = path
    return own


def _v1_parent(hierarchy: Path, own: str) -> Path | None:
    """Return a folder of ours in one hierarchy; where the own group lies outside of this view, below its top."""
    base = hierarchy / own.lstrip("/")
    return _made((base if base.exists() else hierarchy) / "tre")


def _v2_parent(mount: Path, own: str) -> Path | None:
    """Return a folder of ours whose groups have controllers: below the own group if that is ours, else below the top."""
    base = mount / own.lstrip("/")
    for above in dict.fromkeys((base, mount)):
        if _delegates(above) and (parent := _made(above / "tre")) is not None and _hand_down(parent):
            return parent
    return None


def _delegates(group: Path) -> bool:
    if _hand_down(group):
        return True
    if group.stat().st_uid != os.geteuid() or (os.geteuid() == 0 and not _is_handed_to_us(group)):
        return False
    leaf = _made(group / "tre-main")
    if leaf is None:
        return False
    for pid in (group / "cgroup.procs").read_text().split():
        try:
            (leaf / "cgroup.procs").write_text(pid)
        except ProcessLookupError:
            continue
    return _hand_down(group)


def _is_handed_to_us(group: Path) -> bool:
    """Say whether root was given this group to arrange: systemd marks it so (Delegate=yes), a container's top is."""
    try:
        return os.getxattr(group, "trusted.delegate") == b"1"
    except OSError:
        return (group / "cgroup.type").exists() and not (group.parent / "cgroup.procs").exists()


def _hand_down(group: Path) -> bool:
    """Give the groups below the controllers that this one has; say whether at least memory and processes are handed down."""
    control = group / "cgroup.subtree_control"
    for controller in V2_CONTROLLERS.values():
        try:
            control.write_text(f"+{controller}")
        except OSError:
            continue  # not available here, or processes in the way: the answer below tells
    try:
        return {"memory", "pids"} <= set(control.read_text().split())
    except OSError:
        return False


def _made(group: Path) -> Path | None:
    try:
        group.mkdir(exist_ok=True)
    except OSError:
        return None
    return group if os.access(group, os.W_OK) else None  # it may be another account's
