"""Owns the finding of a place where control groups may be made, version 1 or 2. Must never touch a group that is not ours,
except to move this installation's own processes into a leaf where version 2 demands it (kernel docs, cgroup-v2, "no
internal process constraint").
"""

import os
from pathlib import Path

from tre.hub.cgroups import V2_CONTROLLERS, Tree, weight, write

LEAF = "tre-main"  # where version 2 wants the processes of a group that hands controllers down


def find_tree(*, mount: Path = Path("/sys/fs/cgroup"), membership: Path = Path("/proc/self/cgroup")) -> Tree | None:
    """Return where this process may make groups, or None where it may not."""
    own = _own_groups(membership)
    if (mount / "cgroup.controllers").exists():
        parent = _v2_parent(mount, own.get("", "/"))
        if parent is None:
            return None
        held = (parent / "cgroup.subtree_control").read_text().split()
        parents = {bound: parent for bound, controller in V2_CONTROLLERS.items() if controller in held}
        return _weighed(Tree(version=2, parents=parents)) if parents else None
    parents = {
        bound: parent
        for bound, controller in V2_CONTROLLERS.items()
        if (parent := _v1_parent(mount / controller, own.get(controller, "/"))) is not None
    }
    return _weighed(Tree(version=1, parents=parents)) if parents else None


def _weighed(tree: Tree) -> Tree:
    """Let all sessions together count for all processors, and not as one process among the rest of the machine."""
    if "cpu" in tree.parents:
        file = tree.parents["cpu"] / ("cpu.weight" if tree.version == 2 else "cpu.shares")  # noqa: PLR2004
        write(file, weight(tree.version, os.cpu_count() or 1))
    return tree


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
    if base.name == LEAF:  # an earlier hub of this installation moved us there
        base = base.parent
    for above in dict.fromkeys((base, mount)):
        if _delegates(above) and (parent := _made(above / "tre")) is not None and _hand_down(parent):
            return parent
    return None


def _delegates(group: Path) -> bool:
    if _hand_down(group):
        return True
    if group.stat().st_uid != os.geteuid() or (os.geteuid() == 0 and not _is_handed_to_us(group)):
        return False
    leaf = _made(group / LEAF)
    return leaf is not None and moved(group, leaf) and _hand_down(group)


def moved(group: Path, leaf: Path) -> bool:
    """Move all processes of `group` into `leaf`; say whether it could be done."""
    for pid in (group / "cgroup.procs").read_text().split():
        try:
            (leaf / "cgroup.procs").write_text(pid)
        except ProcessLookupError:
            continue  # it has ended in the meantime
        except OSError:
            return False
    return True


def _is_handed_to_us(group: Path) -> bool:
    """Say whether root was given this group to arrange: systemd marks it so (Delegate=yes), a container's top is."""
    try:
        return os.getxattr(group, "trusted.delegate") == b"1"
    except OSError:
        return (group / "cgroup.type").exists() and not (group.parent / "cgroup.procs").exists()


def _hand_down(group: Path) -> bool:
    """Give the groups below the controllers that this one has; say whether at least memory and processes are handed down."""
    control = group / "cgroup.subtree_control"
    # In one write, so that it is done whole or not at all: alone, "+pids" succeeds where processes are in the way of memory,
    # and from then on the groups below take no process any more (cgroup-v2, "threads").
    try:
        control.write_text("+memory +pids")
        control.write_text("+cpu")
    except OSError:
        pass  # not available here, or processes in the way: what is handed down now tells
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
