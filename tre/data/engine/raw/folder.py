"""Owns the raw files of one load: each found and looked at once, and made readable for the engine where it is not.

A copy that it makes holds what the file holds, so it lies in the vault's scratch folder and is removed with the load.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.data.domain.dialect import Dialect
from tre.data.engine.raw.faults import refuse
from tre.data.engine.raw.files import ENDINGS, PLAIN, all_raw, find_raw, told_endings
from tre.data.engine.raw.scanning import Scan, encoding_of, scan

_OURS = {".bz2", ".xz"}
"""Packed in a way that the engine does not unpack."""
Told = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """One raw file.

    Args:
        path: where it lies; its name is what sentences say.
        read: what the engine reads: the file, or a copy of it as plain UTF-8.
        dialect: how it is written, as far as the contract says.
    """

    path: Path
    read: Path
    dialect: Dialect
    scan: Scan
    changed_at: int

    def require_unchanged(self) -> None:
        """Raise `Invalid` if the file was written to since it was looked at."""
        there = self.path.stat()
        if (there.st_size, there.st_mtime_ns) != (self.scan.size, self.changed_at):
            raise refuse(
                self.path.name, f"{self.path.name} was changed while it was loaded. Nothing was loaded: order it again."
            )


class RawFolder:
    """The raw files of one load, by stem."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder = folder
        self._scratch = scratch
        self._files: dict[str, RawFile] = {}
        self._copies: list[Path] = []

    def size(self, stems: Iterable[str]) -> int:
        """Return how many bytes the files of these stems have."""
        return sum(path.stat().st_size for path in self._paths(stems))

    def plain_size(self, stems: Iterable[str]) -> int:
        """Return about how many bytes they have as plain text: what is packed, Parquet among it, is taken for a tenth."""
        return sum(path.stat().st_size * (1 if path.suffix.lower() in PLAIN else 10) for path in self._paths(stems))

    def _paths(self, stems: Iterable[str]) -> list[Path]:
        return [path for stem in dict.fromkeys(stems) for path in all_raw(self.folder, stem)]

    def look(self, stems: Mapping[str, Dialect], *, told: Told) -> None:
        """Find and look at each file; those that are absent are left out.

        Raises:
            Invalid: a file is there twice, is a folder, or is damaged.
        """
        for stem, dialect in stems.items():
            if all_raw(self.folder, stem):
                path = find_raw(self.folder, stem)
                self._files[stem] = self._looked_at(path, dialect, told)

    def look_at(self, name: str) -> RawFile:
        """Look at the one file of that whole name, whatever others are there.

        Raises:
            Invalid: it is of another kind than raw files are, or is damaged.
        """
        path = self.folder / name
        if not name.endswith(ENDINGS):
            raise refuse(name, f"{name} has another ending than a table of rows: give {told_endings()}.")
        self._files[name] = self._looked_at(path, Dialect(), told=lambda _file, _size: None)
        return self._files[name]

    def has(self, stem: str) -> bool:
        """Say whether there is a file of that name."""
        return stem in self._files

    def file(self, stem: str) -> RawFile:
        """Return the file; raise `Invalid`, naming it, if it is missing."""
        if stem not in self._files:
            find_raw(self.folder, stem)
        return self._files[stem]

    def sources(self) -> list[dict[str, Any]]:
        """Return name, hash and size of each file, for the manifest."""
        named = {one.path.name: one.scan for one in self._files.values()}
        return [{"file": name, "sha256": one.sha256, "bytes": one.size} for name, one in sorted(named.items())]

    def require_unchanged(self) -> None:
        """Raise `Invalid` if a file was written to since it was looked at."""
        for one in self._files.values():
            one.require_unchanged()

    def remove_copies(self) -> None:
        """Remove the copies that were made."""
        for copy in self._copies:
            copy.unlink(missing_ok=True)

    def _looked_at(self, path: Path, dialect: Dialect, told: Told) -> RawFile:
        def count(size: int) -> None:
            told(path.name, size)

        changed_at = path.stat().st_mtime_ns
        encoding = dialect.encoding
        if path.suffix != ".parquet":
            encoding = encoding or encoding_of(path)
        if path.suffix in _OURS or (encoding and encoding != "utf-8" and path.suffix != ".parquet"):
            read = self._scratch / f"{path.name}.utf-8.csv"
            self._copies.append(read)
            with read.open("wb") as copy:
                found = scan(path, encoding=encoding, copy=copy, told=count)
        else:
            read, found = path, scan(path, encoding=encoding, told=count)
        return RawFile(path=path, read=read, dialect=dialect, scan=found, changed_at=changed_at)
