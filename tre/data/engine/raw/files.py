"""Owns the finding and opening of raw files by name: which endings there are, how each is unpacked. Must never judge a value."""

import bz2
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import pyarrow as pa

from tre.data.engine.raw.faults import refuse
from tre.kernel.errors import Invalid

PLAIN = frozenset({".csv", ".tsv", ".txt"})
PACKED = ("", ".gz", ".zst", ".bz2", ".xz")
ENDINGS = (*(f"{kind}{packed}" for packed in PACKED for kind in (".csv", ".tsv", ".txt")), ".parquet")
_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"PAR1", ".parquet", "a Parquet file"),
    (b"\x1f\x8b", ".gz", "packed with gzip"),
    (b"\x28\xb5\x2f\xfd", ".zst", "packed with Zstandard"),
    (b"BZh", ".bz2", "packed with bzip2"),
    (b"\xfd7zXZ\x00", ".xz", "packed with xz"),
    (b"PK\x03\x04", "", "an archive or a spreadsheet: save its table as CSV"),
    (b"\xd0\xcf\x11\xe0", "", "a spreadsheet: save its table as CSV"),
)


class Stream(Protocol):
    """What is read from: bytes after unpacking."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


def all_raw(folder: Path, stem: str) -> list[Path]:
    """Return the files in `folder` that are called `stem`, with any known ending, in order.

    Capitals do not count in the name: OMOP's own tools write `PERSON.csv` and `person.csv`.

    Raises:
        Invalid: there is no such folder, or one of that name is itself a folder.
    """
    if not folder.is_dir():
        raise refuse(stem, f"There is no folder {folder.name} with raw files: put them there.")
    wanted = {f"{stem}{ending}".lower() for ending in ENDINGS}
    named = sorted(path for path in folder.iterdir() if path.name.lower() in wanted)
    for path in named:
        if path.is_dir():
            raise refuse(path.name, f"{path.name} is a folder: put the file itself in its place.")
    return [path for path in named if path.is_file() and path.name.endswith(ENDINGS)]


def find_raw(folder: Path, stem: str) -> Path:
    """Return the one file in `folder` called `stem` with a known ending; raise `Invalid` if there is none or more than one."""
    found = all_raw(folder, stem)
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise refuse(stem, f"The file {stem} is there more than once ({names}): leave the one that is right.")
    if not found:
        others = sorted(path.name for path in folder.iterdir() if path.name.split(".", 1)[0].lower() == stem.lower())
        there = f" There is {others[0]}, whose ending is none of these." if others else ""
        raise refuse(
            stem, f"The file {stem} is missing: give {stem}{ENDINGS[0]}, or another ending: {told_endings()}.{there}"
        )
    return found[0]


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """Open the file's bytes, unpacked as its ending says.

    Raises:
        Invalid: it cannot be opened, or is not what its ending says.
    """
    try:
        with path.open("rb") as file:
            _check_sign(path, file)
            with _unpacked(path, file) as stream:
                yield stream
    except Invalid:
        raise
    except PermissionError:
        sentence = f"{path.name} cannot be read: let the account of the honest broker read it."
        raise refuse(path.name, sentence) from None
    except EOFError:
        raise refuse(path.name, _cut(path)) from None
    except (OSError, lzma.LZMAError) as error:
        cut = "Truncated" in str(error)
        sentence = f"{path.name} cannot be unpacked: it is damaged, or not what its ending says. Ask for it again."
        raise refuse(path.name, _cut(path) if cut else sentence) from None


def is_parquet(path: Path) -> bool:
    """Say whether the file is to be read as Parquet."""
    return path.suffix == ".parquet"


@contextmanager
def _unpacked(path: Path, file: BinaryIO) -> Iterator[Stream]:
    if path.suffix in {".gz", ".zst"}:
        with pa.input_stream(file, compression="gzip" if path.suffix == ".gz" else "zstd") as stream:
            yield cast(Stream, stream)
    elif path.suffix == ".bz2":
        with bz2.open(file) as unpacked:
            yield unpacked
    elif path.suffix == ".xz":
        with lzma.open(file) as unpacked:
            yield unpacked
    else:
        yield file


def _check_sign(path: Path, file: BinaryIO) -> None:
    """Refuse a file whose first bytes are another kind's: by its name it would be read as nonsense, or half."""
    first = file.read(8)
    file.seek(0)
    for sign, ending, words in _SIGNS:
        if first.startswith(sign) and path.suffix != ending:
            remedy = f" Name it so that it ends in {ending}." if ending else ""
            raise refuse(path.name, f"{path.name} is by its first bytes {words}.{remedy}")
    if is_parquet(path) and not first.startswith(b"PAR1"):
        raise refuse(path.name, f"{path.name} is no Parquet file: it is not what its ending says. Ask for it again.")


def _cut(path: Path) -> str:
    return f"{path.name} ends in the middle of the packed data: it was cut off on its way. Ask for it again."


def told_endings() -> str:
    """Return the known endings in words."""
    return ".csv, .tsv or .txt, which may be packed (.gz, .zst, .bz2, .xz), or .parquet"
