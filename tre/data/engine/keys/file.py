"""Owns keys in files of the vault's folder, the default: `key` is version 1, `key.2` the next. Must never loosen a mode."""

import os
import secrets
import stat
from pathlib import Path

from tre.data.domain.pseudonym import KEY_BYTES
from tre.data.engine.folders import write_whole
from tre.data.engine.keys.provider import lost, require_key
from tre.kernel.errors import Unavailable


class FileKeys:
    """A file a version, readable by the broker's account alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def versions(self) -> tuple[int, ...]:
        """Return the versions whose file is there."""
        first = (1,) if self._path(1).exists() else ()
        later = (path.suffix.removeprefix(".") for path in self._folder.glob("key.*"))
        return (*first, *sorted(int(one) for one in later if one.isdecimal()))

    def master(self, version: int) -> bytes:
        """Return one version's key; refuse a file that others can read, or that is another account's."""
        path = self._path(version)
        try:
            about = path.lstat()
        except FileNotFoundError:
            raise lost(version) from None
        require_closed(about, "The vault's key")
        return require_key(path.read_bytes(), version)

    def make(self, version: int) -> None:
        """Make a random key."""
        if not self._path(version).exists():
            write_whole(self._path(version), secrets.token_bytes(KEY_BYTES))

    def _path(self, version: int) -> Path:
        return self._folder / ("key" if version == 1 else f"key.{version}")


def require_closed(about: os.stat_result, what: str) -> None:
    """Refuse a file with secrets that others can read or write, that is a link, or that belongs to another account.

    Raises:
        Unavailable: it is so.
    """
    if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or not stat.S_ISREG(about.st_mode):
        raise Unavailable(f"{what} can be read by others: set its mode to 600.", code="data.vault.key_open")
    if about.st_uid not in {os.geteuid(), 0}:
        raise Unavailable(f"{what} belongs to another account: give it to the broker's.", code="data.vault.key_open")
