"""Owns the words of a table's text columns, which travel through a build as small numbers: a text is heavy to move and to write.

The engine gives each text as its hash (reckoned once a word where the store keeps a dictionary), a table of slots turns the
hash into a number, and the writer gets numbers with their words: in their own order, and those alone that the rows at hand
have. An order of the store, or a word of somebody who was left out, would else show. Must never guess: a column with too many
words, or two with one hash, travels as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.engine.duck import Connection

MOST_WORDS = 4_096
LOOKED_AT = 100_000
"""Rows in which a column shows first whether it is one of few words."""
_MOST_BITS = 22
_MISSING = 1
"""Number of a missing value. No text has the number 0: it is what slots hold that no word has."""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of one column, as they are published, of a table's rows or of more; both SELECTs with a column `text`.

    Args:
        first: of the first `LOOKED_AT` rows.
        each: all, of each stored value once.
    """

    first: str
    each: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one column: they are numbered from 2; a missing value has the number 1.

    Args:
        texts: in their own order.
        slots: from some bits of a hash to the number.
        shift, mask: which bits.
    """

    texts: pa.Array
    slots: NDArray[np.uint16]
    shift: np.uint64
    mask: np.uint64

    def numbers(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint16]:
        """Return the number of each text, given by its hash.

        Raises:
            ValueError: a text that is none of the words.
        """
        numbers = self.slots.take(((hashes >> self.shift) & self.mask).view(np.int64))
        if not numbers.all():
            raise ValueError("a text came that was not among the words of its column")
        return numbers

    def spelt(self, numbers: NDArray[np.uint16]) -> pa.DictionaryArray:
        """Return texts for numbers, with those words as dictionary that are among them."""
        used = np.bincount(numbers, minlength=len(self.texts) + _MISSING + 1) > 0
        missing = numbers == _MISSING if used[_MISSING] else None
        used[: _MISSING + 1] = False
        places = np.maximum(np.cumsum(used, dtype=np.int16) - np.int16(1), 0)
        there = self.texts.take(pa.array(np.flatnonzero(used) - _MISSING - 1))
        return pa.DictionaryArray.from_arrays(pa.array(places.take(numbers), mask=missing), there)


def spelt(rows: pa.Table, words: Mapping[str, Words]) -> pa.Table:
    """Return rows with their words in place of the words' numbers."""
    for at, column in enumerate(rows.column_names):
        if column in words:
            rows = rows.set_column(at, column, words[column].spelt(rows[column].combine_chunks().to_numpy()))
    return rows


def words_of(engine: Connection, texts: Mapping[str, Texts]) -> dict[str, Words]:
    """Return the words of each column that has few.

    Args:
        texts: column to its texts.
    """
    found = {}
    for column, of in texts.items():
        if _looks_short(engine, of.first) and (words := _words(engine, of.each)):
            found[column] = words
    return found


def _looks_short(engine: Connection, select: str) -> bool:
    row = engine.execute(f"SELECT count(DISTINCT text) FROM ({select})").fetchone()
    return bool(row and row[0] <= MOST_WORDS)


def _words(engine: Connection, select: str) -> Words | None:
    """Return the words, or None where they are too many or their hashes do not tell them apart."""
    hashed = f"SELECT text, hash(text) AS hash FROM (SELECT DISTINCT text FROM ({select})) ORDER BY text NULLS FIRST"
    rows = engine.execute(f"{hashed} LIMIT {MOST_WORDS + 2}").to_arrow_table()
    texts, hashes = rows["text"].combine_chunks(), rows["hash"].combine_chunks().to_numpy()
    if len(texts) - texts.null_count > MOST_WORDS:
        return None
    first = _MISSING + 1 - texts.null_count  # the missing value, if there is one, comes first
    numbers = np.arange(first, first + len(texts), dtype=np.uint16)
    bits = min(_MOST_BITS, 2 * max(4, len(texts).bit_length()))
    mask = np.uint64((1 << bits) - 1)
    for shift in np.arange(0, 65 - bits, dtype=np.uint64):
        at = ((hashes >> shift) & mask).view(np.int64)
        if len(np.unique(at)) == len(at):
            slots = np.zeros(1 << bits, dtype=np.uint16)
            slots[at] = numbers
            return Words(texts=texts.slice(texts.null_count), slots=slots, shift=shift, mask=mask)
    return None
