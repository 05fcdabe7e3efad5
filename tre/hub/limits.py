"""Owns which bounds a session is put under on this machine, and says so for the health page. Must never promise a bound
that the kernel does not hold.

Control groups bound the whole session. Where there are none, the older limits of setrlimit(2) bound each process (memory)
or each account (number of processes); the health page says which it is.
"""

import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tre.hub import cgroups
from tre.hub.cgroup_trees import find_tree
from tre.hub.cgroups import Bounds, Tree


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How sessions are bounded on this machine.

    Args:
        tree: control groups, or None where this process may not make any.
        root: whether each project has an account of its own outside of the sandbox.
    """

    tree: Tree | None
    root: bool

    def groups(self, name: str, bounds: Bounds) -> list[Path]:
        """Make the control groups of session `name`, as far as there are any."""
        return self.tree.make(name, bounds) if self.tree else []

    def confine(self, groups: Sequence[Path], bounds: Bounds) -> None:
        """Bound the calling process and all that it will start; control groups first, what they lack by other means."""
        cgroups.join(groups)
        held = self.tree.bounds if self.tree else frozenset()
        if "memory" not in held:
            resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
        if "processes" not in held:
            resource.setrlimit(resource.RLIMIT_NPROC, (bounds.processes, bounds.processes))
        if bounds.file_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_bytes, bounds.file_bytes))
        if "cpu" not in held:
            os.sched_setaffinity(0, _some_processors(bounds.cpus))

    def active(self) -> dict[str, str]:
        """Return what holds each bound, in words."""
        held = self.tree.bounds if self.tree else frozenset()
        group = f"control group, version {self.tree.version}" if self.tree else ""
        return {
            "memory": group if "memory" in held else "each process alone (RLIMIT_AS)",
            "processes": group if "processes" in held else "all sessions of one account together (RLIMIT_NPROC)",
            "cpu": group if "cpu" in held else "a fixed set of processors (sched_setaffinity)",
            "files": "each file alone (RLIMIT_FSIZE); the whole is measured every minute",
            "account": "one for each project" if self.root else "the hub's own, shared by all projects",
        }


def find_limits() -> Limits:
    """Return the best bounds that this process can set."""
    return Limits(tree=find_tree(), root=os.geteuid() == 0)


def _some_processors(cpus: float) -> set[int]:
    available = sorted(os.sched_getaffinity(0))
    return set(available[: max(1, int(cpus))])
