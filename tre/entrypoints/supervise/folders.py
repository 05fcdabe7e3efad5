"""Owns the state folder's shape: which folders, whose, who may enter. Must never delete or empty one."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from tre.entrypoints.supervise.accounts import SHARED_GROUP, Owner


@dataclass(frozen=True)
class Folder:
    """One folder of the state.

    Args:
        path: below the state folder; empty for the state folder itself.
        mode: permission bits.
        owner: whom it belongs to when the TRE was started as root.
    """

    path: str
    mode: int
    owner: Owner = field(default_factory=Owner)


FOLDERS = (
    Folder("", 0o711),
    Folder("secrets", 0o711),  # each file in it says who may read it
    Folder("db", 0o2770, Owner("tre-portal", SHARED_GROUP)),  # setgid: what SQLite adds belongs to the group too
    Folder("vault", 0o700, Owner("tre-broker")),
    Folder("store", 0o700, Owner("tre-broker")),
    Folder("snapshots", 0o711, Owner("tre-broker")),
    Folder("workspaces", 0o711),
    Folder("shelf", 0o700, Owner("tre-portal")),
    Folder("certificates", 0o700, Owner("tre-portal")),
    Folder("idp", 0o700, Owner("tre-idp")),
    Folder("logs", 0o700),
    Folder("run", 0o711),
    Folder("run/proxy", 0o700, Owner("tre-portal")),
    Folder("run/session", 0o755, Owner("tre-portal")),  # mounted in every workspace
    Folder("run/opa", 0o700, Owner("tre-opa")),
    Folder("run/broker", 0o711, Owner("tre-broker")),
    Folder("run/timer", 0o711, Owner("tre-portal")),
)


def make_folders(state: Path) -> None:
    """Make every folder that is missing and put owner and mode right on all of them.

    The folders above the state folder are made so that service accounts may pass through.
    """
    state.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in FOLDERS:
        path = state / folder.path
        path.mkdir(exist_ok=True)
        os.chown(path, *folder.owner.ids())
        path.chmod(folder.mode)  # after chown, which clears setgid


def make_database_file(state: Path) -> None:
    """Make the empty SQLite file with the rights that SQLite then gives to the files beside it."""
    path = state / "db/tre.sqlite"
    path.touch(exist_ok=True)
    os.chown(path, *Owner("tre-portal", SHARED_GROUP).ids())
    path.chmod(0o660)
