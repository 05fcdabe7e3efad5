"""Everything that names a person of the made population, and a search that finds it in bytes, whatever they are wrapped in.

A search in one pass: tokens that look like an identifier are cut out by pattern and looked up in a set, so that its time
depends on the bytes and not on the number of persons. Wrappings: UTF-16 and UTF-32 (their zero bytes are dropped), base64 at
each of its four alignments, hexadecimal, gzip and zlib streams, numbers of 64 bits in either byte order, columns of Parquet.
"""

import base64
import binascii
import csv
import io
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tre.kernel.patterns import PSEUDONYM_PATTERN

SHORTEST_NAME = 5  # shorter words are found by chance in random bytes: they are looked for in values only
DEEPEST = 3
_WORD = re.compile(rb"[A-Za-z]{%d,24}" % SHORTEST_NAME)
_NUMBER = re.compile(rb"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_DIGITS = re.compile(rb"\d{11,}")
_DAY = re.compile(rb"(?<!\d)(?:\d{4}-\d\d-\d\d|\d{8}|\d\d[/.-]\d\d[/.-]\d{4})(?!\d)")
_POSTCODE = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{1,2} ?\d[A-Za-z]{2}(?![A-Za-z0-9])")
_WHOLE_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?![A-Za-z0-9])")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-f]{2}){6,}|(?:[0-9A-F]{2}){6,}")
_PSEUDONYM = re.compile(PSEUDONYM_PATTERN.encode())
_STREAMS = (b"\x1f\x8b\x08", b"\x78\x9c", b"\x78\x01", b"\x78\xda")


@dataclass(frozen=True)
class Find:
    """One thing found: what kind it is of, where, and how it was wrapped."""

    kind: str
    where: str
    wrapped: str


@dataclass
class Persons:
    """What names the persons of a population: NHS numbers, names, days of birth, postcodes."""

    numbers: set[int]
    names: set[str]
    births: set[date]
    postcodes: set[str]
    sorted_numbers: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sorted_numbers = np.array(sorted(self.numbers), dtype=np.int64)
        self._numbers = {str(one).encode() for one in self.numbers}
        self._names = {one.lower().encode() for one in self.names if len(one) >= SHORTEST_NAME}
        self._all_names = {one.lower() for one in self.names}
        forms = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
        self._births = {day.strftime(form).encode() for day in self.births for form in forms}
        self._postcodes = {one.replace(" ", "").upper().encode() for one in self.postcodes}

    @classmethod
    def of(cls, raw: Path, *, written_anyway: Collection[date] = ()) -> "Persons":
        """Read them from the raw files of the made population.

        Args:
            written_anyway: days that the product writes for reasons of its own (what a contract covers). A birth on one of
                them cannot be told from that, nor one on the first of a month, which is how a month is written: some
                three births in a hundred are therefore not looked for by their day.
        """
        with (raw / "persons.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        return cls(
            numbers={int(one["nhs_number"]) for one in rows},
            names={one[name] for one in rows for name in ("given_name", "family_name")},
            births={day for one in rows if (day := date.fromisoformat(one["date_of_birth"])).day != 1}
            - set(written_anyway),
            postcodes={one["postcode"] for one in rows},
        )

    def in_bytes(self, body: bytes, where: str) -> set[Find]:
        """Search bytes and all that is wrapped in them."""
        return {Find(kind, where, wrapped) for kind, wrapped in self._search(body, "plain", 0)}

    def in_file(self, path: Path) -> set[Find]:
        """Search a file: every byte of it, and the values of its columns where it is Parquet."""
        body, where = path.read_bytes(), str(path)
        found = self.in_bytes(body, where)
        if body[:4] == body[-4:] == b"PAR1":
            found |= {Find(kind, where, "column of Parquet") for kind in self._in_columns(body)}
        return found

    def _search(self, body: bytes, wrapped: str, depth: int) -> Iterator[tuple[str, str]]:
        text = _PSEUDONYM.sub(
            b" ", body
        )  # their letters are random: among thousands some spell a name, as they are or decoded
        for kind in self._in_text(text):
            yield kind, wrapped
        for kind in self._as_numbers(body):
            yield kind, f"{wrapped}, number of 64 bits"
        if depth < DEEPEST:
            for form, inner in _unwrapped(text):
                yield from self._search(inner, form, depth + 1)

    def _in_text(self, body: bytes) -> Iterator[str]:
        if any(re.sub(rb"[ -]", b"", one) in self._numbers for one in _NUMBER.findall(body)) or self._in_digits(body):
            yield "NHS number"
        if any(one.lower() in self._names for one in _WORD.findall(body)):
            yield "name"
        if any(one in self._births for one in _DAY.findall(body)):
            yield "day of birth"
        if any(one.replace(b" ", b"").upper() in self._postcodes for one in _POSTCODE.findall(body)):
            yield "postcode"

    def _in_digits(self, body: bytes) -> bool:
        """Say whether a longer row of digits holds a number anywhere."""
        return any(one[at : at + 10] in self._numbers for one in _DIGITS.findall(body) for at in range(len(one) - 9))

    def _as_numbers(self, body: bytes) -> Iterator[str]:
        for start in range(8):
            part = body[start : start + (len(body) - start) // 8 * 8]
            for kind in ("<i8", ">i8"):
                if self._hold(np.frombuffer(part, dtype=kind)):
                    yield "NHS number"
            whole = np.frombuffer(part, dtype="<f8")
            near = whole[(whole > 1e9) & (whole < 1e10)]
            if self._hold(near[near == np.floor(near)].astype(np.int64)):
                yield "NHS number"

    def _hold(self, values: Any) -> bool:
        at = np.searchsorted(self.sorted_numbers, values)
        at[at == len(self.sorted_numbers)] = 0
        return bool((self.sorted_numbers[at] == values).any())

    def _in_columns(self, body: bytes) -> Iterator[str]:
        table = pq.read_table(io.BytesIO(body))
        for column in table.columns:
            yield from self._in_column(column)

    def _in_column(self, column: Any) -> Iterator[str]:
        values = column.unique().drop_null()
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            if self._hold(np.nan_to_num(values.to_numpy(zero_copy_only=False)).astype(np.int64)):
                yield "NHS number"
            return
        told = values.to_pylist()
        if pa.types.is_temporal(column.type):
            days = {one.date() if hasattr(one, "date") else one for one in told}
            if days & self.births:
                yield "day of birth"
            return
        texts = [_PSEUDONYM.sub(b" ", str(one).encode()).decode() for one in told]
        yield from self._in_text("\n".join(texts).encode())
        if any(word.lower() in self._all_names for text in texts for word in _WHOLE_WORD.findall(text)):
            yield "name"


def _unwrapped(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what may be wrapped in `body`, with the name of the wrapping."""
    if b"\0" in body:
        yield "UTF-16 or UTF-32", body.replace(b"\0", b"")
    encoded = sorted({one for one in _BASE64.findall(body) if not one.isdigit()})
    for start in range(4):
        parts = (_of_base64(one[start:]) for one in encoded)
        if joined := b"\n".join(one for one in parts if one):
            yield "base64", joined
    if joined := b"\n".join(binascii.unhexlify(one) for one in sorted(set(_HEX.findall(body)))):
        yield "hexadecimal", joined
    for magic in _STREAMS:
        for found in re.finditer(re.escape(magic), body):
            if inner := _inflated(body[found.start() :]):
                yield "compressed", inner


def _of_base64(text: bytes) -> bytes:
    plain = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(body, 50 * 1024**2)
    except zlib.error:
        return b""
