"""Owns where the broker keeps things, and how a folder is published whole or not at all. Must never look inside a file.

Publishing: everything is written under a name that starts with a dot, flushed to disk, then renamed. A kill at any moment
leaves the old folder or the new one, never a mixture; what a killed run left behind is removed by the next.
"""

import errno
import hashlib
import os
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tre.kernel.errors import Unavailable

PEOPLE = "people"
"""Folder of a version in the store: who is in each table, so that a snapshot need not look through all rows for them."""
_ACL = "system.posix_acl_access"
_OWNER, _ONE_ACCOUNT, _GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY_NAMED = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Folders:
    """The broker's folders: `vault` (its alone), `store` (de-identified), `snapshots` (one folder a project)."""

    vault: Path
    store: Path
    snapshots: Path

    @classmethod
    def under(cls, state: Path) -> "Folders":
        """Return the folders of the installation whose state folder is `state`."""
        return cls(vault=state / "vault", store=state / "store", snapshots=state / "snapshots")

    @property
    def inbox(self) -> Path:
        """Where raw files are put, a folder a dataset."""
        return self.vault / "inbox"

    @property
    def lists_inbox(self) -> Path:
        """Where lists of persons are put: opt-outs, refusals, consents."""
        return self.inbox / "lists"

    @property
    def scratch(self) -> Path:
        """Where the broker works; emptied when it starts."""
        return self.vault / "scratch"

    def prepare(self) -> None:
        """Make the folders that are absent, closed to other accounts except for passing through `snapshots`."""
        for path, mode in ((self.vault, 0o700), (self.store, 0o700), (self.snapshots, 0o711)):
            path.mkdir(mode=mode, parents=True, exist_ok=True)
        for path in (self.inbox, self.lists_inbox, self.scratch):
            path.mkdir(mode=0o700, exist_ok=True)

    def clear_scratch(self) -> None:
        """Remove what a killed run left, but for half a load, which goes on: only for whoever holds the vault open."""
        for left in (self.scratch, *self.snapshots.glob("*/.*")):
            shutil.rmtree(left, ignore_errors=True)
        self.scratch.mkdir(mode=0o700)

    def version(self, dataset: str, version: str) -> Path:
        """Folder of one dataset version in the store."""
        return self.store / dataset / version

    def people(self, dataset: str, version: str, table: str) -> Path:
        """File of the persons of one table of a version, each once, as internal numbers (column `number`)."""
        return self.version(dataset, version) / PEOPLE / f"{table}.parquet"

    def opt_outs(self, sha256: str) -> Path:
        """File of one opt-out list in the store: internal numbers and effective dates."""
        return self.store / "opt_outs" / f"{sha256}.parquet"

    def changes(self, dataset: str, before: str, after: str) -> Path:
        """Folder of what changed between two versions of a dataset."""
        return self.store / "changes" / dataset / f"{before}-{after}"

    def receipt(self, project_id: str, version: int) -> Path:
        """Folder of what the broker keeps of a snapshot, to bring it up to date later: internal numbers, nothing else."""
        return self.vault / "receipts" / project_id / str(version)

    def snapshot(self, project_id: str, version: int) -> Path:
        """Folder of one snapshot."""
        return self.snapshots / project_id / str(version)


@contextmanager
def published(folder: Path) -> Iterator[Path]:
    """Give a new folder to write in; put it in the place of `folder` (which must not exist) once the block is done."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    with _put_in_place(part, folder):
        yield part


@contextmanager
def resumed(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, as a killed run of the same left it; put it in place once done, its files read-only.

    Half a load of another version is removed: the newest order counts.
    """
    part = folder.with_name(f".{folder.name}.part")
    for other in folder.parent.glob(".*.part"):
        if other != part:
            shutil.rmtree(other)
    part.mkdir(mode=0o700, exist_ok=True)
    with _put_in_place(part, folder):
        yield part
        for path in part.rglob("*"):
            if path.is_file():
                path.chmod(0o400)


@contextmanager
def _put_in_place(part: Path, folder: Path) -> Iterator[None]:
    """Have the disk keep all of `part`, then give it the name of `folder`; remove it where the block fails.

    A file that has another name too was kept when it was published under that one.
    """
    try:
        yield
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for path in sorted(part.rglob("*"), reverse=True):
        if path.is_dir() or path.stat().st_nlink == 1:
            flush(path)
    flush(part)
    part.rename(folder)
    flush(folder.parent)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file that is there whole or not at all; readable by its owner alone."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Have the disk keep a file or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hand_over(folder: Path, *, reader_uid: int) -> None:
    """Let one other account read `folder` and nothing else; 0 or our own account needs no entry.

    A POSIX access list, because the broker is not root and can neither give files away nor join the project's group.

    Raises:
        Unavailable: the file system keeps no access lists.
    """
    for path in (folder, *folder.rglob("*")):
        is_folder = path.is_dir()
        path.chmod(0o750 if is_folder else 0o640)
        if reader_uid not in (0, os.geteuid()):
            _let_read(path, reader_uid, is_folder=is_folder)


def _let_read(path: Path, uid: int, *, is_folder: bool) -> None:
    """Set the access list: version 2, then entries of (tag, permissions, account), as Linux stores it (acl(5))."""
    read, own = (5, 7) if is_folder else (4, 6)
    entries = (
        (_OWNER, own, _NOBODY_NAMED),
        (_ONE_ACCOUNT, read, uid),
        (_GROUP, 0, _NOBODY_NAMED),
        (_MASK, read, _NOBODY_NAMED),
        (_OTHERS, 0, _NOBODY_NAMED),
    )
    body = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, _ACL, body)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        sentence = "The state folder's file system keeps no access lists: put TRE_STATE on ext4, xfs or btrfs."
        raise Unavailable(sentence, code="data.snapshot.no_access_lists") from error
