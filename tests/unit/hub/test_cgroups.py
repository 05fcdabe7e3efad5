"""Control groups of both versions: found where they are ours to make, given their bounds, removed with what runs in them."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.house.installation import as_root
from tre.hub import cgroup_trees, cgroups
from tre.hub.cgroup_trees import find_tree
from tre.hub.cgroups import Bounds, Tree

BOUNDS = Bounds(memory_bytes=1 << 30, processes=200, cpus=1.5)


def _group(folder: Path, *, controllers: str = "cpu memory pids", handed_down: str = "") -> Path:
    """Make what the kernel shows of a version 2 group."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.controllers").write_text(controllers)
    (folder / "cgroup.subtree_control").write_text(handed_down)
    (folder / "cgroup.procs").write_text("")
    return folder


def _membership(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "membership"
    file.write_text(text)
    return file


def test_version_1_takes_the_own_group_of_each_hierarchy(tmp_path: Path) -> None:
    mount = tmp_path / "cgroup"
    for name, own in (("memory", "a/b"), ("pids", ""), ("cpu", "")):
        (mount / name / own).mkdir(parents=True)
    membership = _membership(tmp_path, "4:memory:/a/b\n3:pids:/\n2:cpu,cpuacct:/not/seen/here\n0::/\n")
    tree = find_tree(mount=mount, membership=membership)
    assert tree == Tree(
        version=1,
        parents={"memory": mount / "memory/a/b/tre", "processes": mount / "pids/tre", "cpu": mount / "cpu/tre"},
    )


def test_version_1_without_a_hierarchy_has_no_such_bound(tmp_path: Path) -> None:
    (tmp_path / "cgroup/pids").mkdir(parents=True)
    tree = find_tree(mount=tmp_path / "cgroup", membership=_membership(tmp_path, "3:pids:/\n"))
    assert tree is not None
    assert tree.bounds == {"processes"}


def test_no_hierarchy_at_all_is_no_tree(tmp_path: Path) -> None:
    (tmp_path / "cgroup").mkdir()
    assert find_tree(mount=tmp_path / "cgroup", membership=_membership(tmp_path, "0::/\n")) is None


def test_version_1_bounds_are_written(tmp_path: Path) -> None:
    parents = {bound: tmp_path / bound for bound in ("memory", "processes", "cpu")}
    for parent in parents.values():
        (parent / "s").mkdir(parents=True)
    (tmp_path / "memory/s/memory.memsw.limit_in_bytes").touch()
    groups = Tree(version=1, parents=parents).make("s", BOUNDS)
    assert groups == [parent / "s" for parent in parents.values()]
    assert (tmp_path / "memory/s/memory.limit_in_bytes").read_text() == str(1 << 30)
    assert (tmp_path / "memory/s/memory.memsw.limit_in_bytes").read_text() == str(1 << 30)
    assert (tmp_path / "processes/s/pids.max").read_text() == "200"
    assert (tmp_path / "cpu/s/cpu.cfs_quota_us").read_text() == "150000"
    assert (tmp_path / "cpu/s/cpu.shares").read_text() == "1536"


def test_a_kernel_without_swap_accounting_has_no_swap_bound(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    Tree(version=1, parents={"memory": tmp_path}).make("s", BOUNDS)
    assert not (tmp_path / "s/memory.memsw.limit_in_bytes").exists()


def test_version_2_bounds_are_written_into_one_group(tmp_path: Path) -> None:
    parents = dict.fromkeys(("memory", "processes", "cpu"), tmp_path)
    (tmp_path / "s").mkdir()
    (tmp_path / "s/memory.swap.max").touch()
    assert Tree(version=2, parents=parents).make("s", BOUNDS) == [tmp_path / "s"]
    written = {file.name: file.read_text() for file in (tmp_path / "s").iterdir()}
    assert written == {
        "memory.max": str(1 << 30),
        "memory.swap.max": "0",
        "pids.max": "200",
        "cpu.max": "150000 100000",
        "cpu.weight": "150",
    }


def test_version_2_without_anything_handed_down_is_no_tree(tmp_path: Path) -> None:
    mount = _group(tmp_path / "cgroup", controllers="hugetlb")
    for folder in (mount, mount / "tre"):
        _group(folder, controllers="hugetlb")
    tree = find_tree(mount=mount, membership=_membership(tmp_path, "0::/\n"))
    assert tree is None


@pytest.fixture
def real_group() -> Path:
    """A group of the kernel's own, below wherever this process may make one."""
    tree = find_tree()
    if tree is None:
        pytest.fail("these tests need control groups: run them as root")
    group = next(iter(tree.parents.values())) / f"test-{os.getpid()}"
    group.mkdir()
    return group


@pytest.mark.real
def test_what_runs_in_a_group_ends_with_it(real_group: Path) -> None:
    inside = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: cgroups.join([real_group]))  # noqa: PLW1509
    assert str(inside.pid) in (real_group / "cgroup.procs").read_text().split()
    asyncio.run(cgroups.remove([real_group]))
    assert inside.wait(5) == -signal.SIGKILL
    assert not real_group.exists()
    asyncio.run(cgroups.remove([real_group]))  # removing what is gone is no fault


def test_this_suite_runs_where_groups_can_be_made() -> None:
    assert not as_root() or find_tree() is not None


def test_version_2_processes_in_the_way_are_moved_into_a_leaf(tmp_path: Path) -> None:
    mount = _group(tmp_path / "cgroup", handed_down="memory pids cpu")
    own = _group(mount / "unit")
    (own / "cgroup.procs").write_text("7\n")
    _group(own / "tre-main")
    assert cgroup_trees.moved(own, own / "tre-main")
    assert (own / "tre-main/cgroup.procs").read_text() == "7"


def test_version_2_a_restarted_hub_finds_the_same_place(tmp_path: Path) -> None:
    mount = _group(tmp_path / "cgroup")
    for folder in (mount / "unit", mount / "unit/tre", mount / "unit/tre-main"):
        _group(folder, handed_down="cpu memory pids")
    trees = [
        find_tree(mount=mount, membership=_membership(tmp_path, f"0::{own}\n")) for own in ("/unit", "/unit/tre-main")
    ]
    assert trees[0] == trees[1]
