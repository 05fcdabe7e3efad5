"""What bounds a session where control groups lack something, and what is said of it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from tre.hub.cgroups import Bounds, Tree
from tre.hub.limits import Limits

BOUNDS = Bounds(memory_bytes=1 << 30, processes=300, cpus=1.0)
ASK = "import os, resource as r; print(r.getrlimit(r.RLIMIT_AS)[1], r.getrlimit(r.RLIMIT_NPROC)[1], len(os.sched_getaffinity(0)))"


def _inside(limits: Limits) -> list[int]:
    told = subprocess.run(
        [sys.executable, "-c", ASK], preexec_fn=lambda: limits.confine([], BOUNDS), capture_output=True, text=True, check=True
    )  # fmt: skip
    return [int(word) for word in told.stdout.split()]


def test_without_groups_the_older_limits_stand_in() -> None:
    assert _inside(Limits(tree=None, root=False)) == [1 << 30, 300, 1]
    said = Limits(tree=None, root=False).active()
    assert "RLIMIT_AS" in said["memory"]
    assert "RLIMIT_NPROC" in said["processes"]
    assert said["account"] == "the hub's own, shared by all projects"


def test_with_groups_nothing_else_is_set(tmp_path: Path) -> None:
    tree = Tree(version=2, parents=dict.fromkeys(("memory", "processes", "cpu"), tmp_path))
    hard = [resource.getrlimit(limit)[1] for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC)]
    assert _inside(Limits(tree=tree, root=True)) == [*hard, len(os.sched_getaffinity(0))]
    said = Limits(tree=tree, root=True).active()
    assert {said[bound] for bound in ("memory", "processes", "cpu")} == {"control group, version 2"}


def test_a_bound_that_groups_lack_is_set_otherwise(tmp_path: Path) -> None:
    tree = Tree(version=1, parents={"processes": tmp_path})
    assert _inside(Limits(tree=tree, root=True))[0] == 1 << 30
    assert "RLIMIT_AS" in Limits(tree=tree, root=True).active()["memory"]


def test_a_file_cannot_grow_beyond_its_bound(tmp_path: Path) -> None:
    bounds = Bounds(memory_bytes=1 << 30, processes=300, cpus=1.0, file_bytes=1_000_000)
    grow = f"file = open({str(tmp_path / 'large')!r}, 'wb'); file.write(b'x' * 2_000_000); file.close()"
    ended = subprocess.run(
        [sys.executable, "-c", grow], preexec_fn=lambda: Limits(tree=None, root=False).confine([], bounds),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "File too large" in ended.stderr
    assert (tmp_path / "large").stat().st_size == 1_000_000
    assert "RLIMIT_FSIZE" in Limits(tree=None, root=False).active()["files"]
