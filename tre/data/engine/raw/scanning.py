"""Owns the one look at every byte before the engine reads a file: hash, encoding, NUL bytes, lines without end, cut-off data.

The engine takes a cut-off packed file for a whole one, and a NUL for a letter: what it would not see is looked for here.
Bounded by one piece in memory, whatever the file. Must never keep a piece, nor say one in a sentence.
"""

import codecs
import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np

from tre.data.engine.raw.faults import refuse
from tre.data.engine.raw.files import PLAIN, Stream, is_parquet, opened

PIECE = 1 << 20
LONGEST_LINE = 2_000_000
"""Bytes: the longest row that the engine takes."""
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8"))

Told = Callable[[int], None]
"""Called with the bytes looked at since it was called last."""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was found.

    Args:
        sha256: of the file's bytes as they lie there.
        size: bytes.
        encoding: of its text, empty for Parquet.
    """

    sha256: str
    size: int
    encoding: str


class Looker:
    """Looks at one text after another piece; `line` counts from 1, for the sentence."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name = name
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._is_utf8 = encoding == "utf-8"
        self._pending = False
        self._open = 0
        self.line = 1

    def look(self, piece: bytes) -> str | bytes:
        """Return the piece as text, or as it is where it is UTF-8 already.

        Raises:
            Invalid: it is not of the encoding, holds a NUL byte, or the line does not end.
        """
        text = piece if self._is_utf8 and piece.isascii() and not self._pending else self._decode(piece)
        nul, ends = (b"\0", (b"\n", b"\r")) if isinstance(text, bytes) else ("\0", ("\n", "\r"))
        self._check(text, nul, ends)
        return text

    def end(self) -> None:
        """Check that the text did not end in the middle of a letter."""
        if self._pending:
            self._decode(b"", final=True)

    def _check(self, text: Any, nul: Any, ends: Any) -> None:
        at = text.find(nul)
        if at >= 0:
            line = self.line + text.count(ends[0], 0, at)
            raise refuse(
                self._name, f"{self._name}, line {line}: there is a NUL byte. The file is damaged: ask for it again."
            )
        last = text.rfind(ends[0])
        last = max(last, text.rfind(ends[1], max(last, 0)))
        self._open = len(text) - last - 1 if last >= 0 else self._open + len(text)
        self.line += _count_lines(text)
        if self._open > LONGEST_LINE:
            sentence = f"{self._name}, line {self.line}: the line is longer than {LONGEST_LINE:,} characters. Is it a table of rows? Ask for it again."
            raise refuse(self._name, sentence)

    def _decode(self, piece: bytes, *, final: bool = False) -> str | bytes:
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            line = self.line + piece.count(b"\n", 0, error.start)
            sentence = (
                f"{self._name}, line {line}: the bytes are not {self._decoder_name()}. Have it saved as UTF-8, or, of a dataset, "
                "say in the contract which encoding the file has (dialect: {encoding: windows-1252}, for example)."
            )
            raise refuse(self._name, sentence) from None
        self._pending = bool(self._decoder.getstate()[0])
        return piece if self._is_utf8 else text

    def _decoder_name(self) -> str:
        return "UTF-8" if self._is_utf8 else "of the encoding that the contract names"


def scan(path: Path, *, encoding: str = "", copy: BinaryIO | None = None, told: Told = lambda _bytes: None) -> Scan:
    """Look at every byte of a raw file.

    Args:
        path: the file.
        encoding: as the contract says; empty to find it out by a byte order mark.
        copy: where its text is written as UTF-8, unpacked, if the engine cannot read the file as it is.
        told: told of progress.

    Raises:
        Invalid: it cannot be opened or unpacked, is cut off, or its bytes are no text.
    """
    if is_parquet(path):
        with opened(path):
            pass
        return Scan(sha256=_hash(path, told), size=path.stat().st_size, encoding="")
    found = encoding or encoding_of(path)
    looker, is_plain = Looker(path.name, found), path.suffix in PLAIN
    with _Hashing() as hashing, opened(path) as stream:
        while piece := _next(stream):
            if is_plain:
                hashing.add(piece)
                told(len(piece))
            text = looker.look(piece)
            if copy:
                copy.write(text if isinstance(text, bytes) else text.encode())
        sha256 = hashing.end()
    looker.end()
    return Scan(sha256=sha256 if is_plain else _hash(path, told), size=path.stat().st_size, encoding=found)


def encoding_of(path: Path) -> str:
    """Return the encoding that the file's byte order mark says; UTF-8 where there is none."""
    with opened(path) as stream:
        first = stream.read(4)
    return next((name for mark, name in _MARKS if first.startswith(mark)), "utf-8")


class _Hashing:
    """Hashes one piece on a core of its own while the next is read and looked at; two pieces in memory at most."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hashing")
        self._before: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown()

    def add(self, piece: bytes) -> None:
        """Begin to hash a piece, once the one before is done."""
        if self._before:
            self._before.result()
        self._before = self._pool.submit(self._digest.update, piece)

    def end(self) -> str:
        """Return the hash of all pieces, as hexadecimal digits."""
        if self._before:
            self._before.result()
        return self._digest.hexdigest()


def _count_lines(text: str | bytes) -> int:
    """Return how many lines end in the piece; for bytes by NumPy, which takes a tenth of the time."""
    if isinstance(text, str):
        return text.count("\n")
    return int(np.count_nonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")))


def _next(stream: Stream) -> bytes:
    return stream.read(PIECE)


def _hash(path: Path, told: Told) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            told(len(piece))
    return digest.hexdigest()
