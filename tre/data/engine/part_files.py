"""Owns the writing of one file of a snapshot's table, row group by row group. Must never put into a dictionary what its rows have not.

Rows come in their order, a person's rows together. A person is a dictionary of pseudonyms and a text of few words one of words;
what hardly repeats is written as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tre.data.domain.contract import PERSON
from tre.data.engine.folders import flush, sha256_of
from tre.data.engine.words import Words, spelt

ROW_GROUP = 122_880
_LOOKED_AT = 20_000
_NO_WORDS: Mapping[str, Words] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a table.

    Args:
        file: its name below `tables/`.
        first, last: least and greatest pseudonym in it; empty where there is none.
    """

    file: str
    rows: int
    persons: int
    first: str
    last: str
    sha256: str


class PartFile:
    """A file that is being written; a context, closed at its end.

    Args:
        words: of columns that hold numbers of words.
    """

    def __init__(self, path: Path, *, words: Mapping[str, Words] = _NO_WORDS) -> None:
        self._path, self._words = path, words
        self._writer: pq.ParquetWriter | None = None
        self._rows = self._persons = 0
        self._first = self._last = ""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        if self._writer:
            self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Write rows, whose persons are none of those before, in row groups of their own."""
        for at in range(0, max(1, len(rows)), ROW_GROUP):
            group = _row_group(rows.slice(at, ROW_GROUP), self._words)
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._path, group.schema, **_options(rows, self._words))
            if len(group):
                self._writer.write_table(group, row_group_size=len(group))
        self._rows += len(rows)
        if PERSON in rows.column_names and len(rows):
            persons = rows[PERSON].combine_chunks().dictionary
            self._persons += len(persons)
            self._first, self._last = self._first or persons[0].as_py(), persons[-1].as_py()

    def part(self) -> Part:
        """Have the disk keep the file, which is closed; return what the manifest says of it."""
        digest = sha256_of(self._path)
        flush(self._path)
        return Part(
            file=f"{self._path.parent.name}/{self._path.name}",
            rows=self._rows,
            persons=self._persons,
            first=self._first,
            last=self._last,
            sha256=digest,
        )


def write_file(path: Path, rows: pa.Table) -> Part:
    """Write rows that are in order, with the person as dictionary where there is one; return what the manifest says."""
    with PartFile(path) as file:
        file.add(rows)
    return file.part()


def _row_group(rows: pa.Table, words: Mapping[str, Words]) -> pa.Table:
    """Return rows with those pseudonyms and words alone as dictionaries that are among them."""
    rows = spelt(rows, words)
    if PERSON not in rows.column_names or not len(rows):
        return rows
    person = rows[PERSON].combine_chunks()
    places = person.indices.to_numpy()
    low, high = int(places[0]), int(places[-1])
    here = pa.DictionaryArray.from_arrays(pa.array(places - low), person.dictionary.slice(low, high - low + 1))
    return rows.set_column(rows.column_names.index(PERSON), PERSON, here)


def _options(rows: pa.Table, words: Mapping[str, Words]) -> dict[str, Any]:
    """Return how a file is written: numbers that hardly repeat byte by byte of the same weight, all else with a dictionary.

    Of words no least and greatest is told: every row group has nearly all of them.
    """
    plain = [one for one in rows.column_names if one != PERSON and one not in words and not _repeats(rows[one])]
    return {
        "compression": "lz4",
        "store_schema": False,
        "dictionary_pagesize_limit": 2**18,
        "use_dictionary": [one for one in rows.column_names if one not in plain],
        "use_byte_stream_split": [one for one in plain if pa.types.is_floating(rows.schema.field(one).type)],
        "write_statistics": [one for one in rows.column_names if one not in words],
    }


def _repeats(values: pa.ChunkedArray) -> bool:
    """Say whether a column's first values come again, so that a dictionary of them is worth its making."""
    first = values.slice(0, _LOOKED_AT)
    return bool(pc.count_distinct(first).as_py() * 2 <= len(first))
