"""Owns the shelf: files by the SHA-256 of their bytes, written once, never changed, checked at every reading.

The checked bytes are the released bytes: what is submitted is copied here at that moment, and nothing done in the workspace
afterwards changes it. Must never follow a name that came from outside: a name on the shelf is a hash that we computed.
"""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tre.kernel.errors import Altered, TooLarge

CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Bytes received and hashed, not yet on the shelf."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Shelf:
    """The folder `root`: `arriving/` for what is being received, `ab/abcd…` for what is kept, `altered/` for what was found changed."""

    root: Path

    def receive(self, stream: IO[bytes], *, most: int, name: str) -> Staged:
        """Copy `stream` to the disk and hash it on the way.

        Args:
            stream: bytes from their beginning.
            most: bytes accepted.
            name: what to call it in the error.

        Raises:
            TooLarge: there are more bytes; nothing stays behind.
        """
        arriving = self.root / "arriving"
        arriving.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = arriving / secrets.token_hex(16)
        try:
            digest, size = _copy(stream, path, most=most, name=name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Staged(path=path, sha256=digest, size=size)

    def keep(self, staged: Staged) -> str:
        """Put received bytes onto the shelf, whole or not at all; the same bytes that are there already are left as they are.

        Other bytes under this hash are evidence: they are set aside in `altered/`, never overwritten nor read again.

        Returns:
            The name in `altered/` of what was set aside; empty where nothing was.
        """
        target = self._place(staged.sha256)
        if self.is_intact(staged.sha256):
            staged.path.unlink(missing_ok=True)
            return ""
        target.parent.mkdir(exist_ok=True, mode=0o750)
        aside = self._set_aside(target) if target.exists() else ""
        staged.path.rename(target)
        _sync_folder(target.parent)
        return aside

    def drop(self, staged: Staged) -> None:
        """Forget received bytes that are not to be kept."""
        staged.path.unlink(missing_ok=True)

    def is_intact(self, sha256: str) -> bool:
        """Say whether the bytes under this hash are there and still have it."""
        try:
            with self._place(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def require(self, sha256: str) -> None:
        """Raise `Altered` unless the bytes under this hash still have it."""
        if not self.is_intact(sha256):
            raise altered()

    def read(self, sha256: str) -> bytes:
        """Return the bytes under this hash, hashed as they were read: what is returned is what was checked.

        Raises:
            Altered: they are gone, or are other bytes.
        """
        try:
            body = self._place(sha256).read_bytes()
        except OSError:
            raise altered() from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise altered()
        return body

    def _set_aside(self, target: Path) -> str:
        folder = self.root / "altered"
        folder.mkdir(exist_ok=True, mode=0o750)
        name = f"{target.name}-{secrets.token_hex(4)}"
        target.rename(folder / name)
        _sync_folder(folder)
        return name

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise altered()
        return self.root / sha256[:2] / sha256


def altered() -> Altered:
    """Return the error that says what to do about a file that is not what it was."""
    return Altered(
        "A file on the shelf is not what was submitted. Nothing of this request is released until its files are handed in anew.",
        code="outputs.file.altered",
    )


@contextlib.contextmanager
def receiving(shelf: Shelf) -> Iterator[list[Staged]]:
    """Collect received files; whatever of them was not kept is gone at the end."""
    staged: list[Staged] = []
    try:
        yield staged
    finally:
        for one in staged:
            shelf.drop(one)


def _copy(stream: IO[bytes], path: Path, *, most: int, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                sentence = (
                    f"'{name}' is larger than the {most / 1024**2:.0f} MiB accepted: make it smaller or split it."
                )
                raise TooLarge(sentence, code="outputs.file.too_large")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        # group may read: the session API writes and the portal reads, each under an account of the same group
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
