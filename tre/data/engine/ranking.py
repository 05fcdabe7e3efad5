"""Owns the ranks of persons in memory: who has which place in the order of the project's pseudonyms, found by internal number.

The engine then reads no more than the columns: a join would keep a table of persons for each thread that reads. A number is
looked up in slots, as words are, and held against the number it stands for. Pseudonyms are made anew where they are written
down, so that none is kept. Must never give a rank to somebody who was not given one.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.pseudonym import LENGTH, Space, pseudonyms
from tre.data.engine.ordering import heads_of, order_of_heads

MOST_RANKED = 1 << 24
"""Persons whose ranks are kept in memory, some 20 bytes each; of more, the engine keeps a table, which it can spill."""
_AT_ONCE = 1 << 18
_FREE = -1
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, and its bits are of no pattern: numbers that follow each other fall into slots far apart."""


class Ranked:
    """Some persons of one namespace by their ranks, from 0.

    Args:
        numbers: internal numbers, each once, in any order.
        key: the project's.
        space: what the numbers count.
    """

    def __init__(self, numbers: NDArray[np.int64], *, key: bytes, space: Space) -> None:
        self._named = partial(pseudonyms, key=key, space=space)
        self._numbers = numbers.take(self._order(numbers))
        self._bits = np.uint64(len(numbers).bit_length() + 1)
        self._slots = self._filled()

    def __len__(self) -> int:
        """How many persons."""
        return len(self._numbers)

    def ranks(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the rank of each person; below 0 of whom there is none."""
        if not len(self):
            return np.full(len(numbers), _FREE, dtype=np.int32)
        slots = self._first_slots(numbers)
        ranks = self._slots.take(slots)
        others = np.flatnonzero(self._are_others(ranks, numbers))
        while len(others):
            slots[others] = self._next(slots[others])
            ranks[others] = found = self._slots.take(slots[others])
            others = others[self._are_others(found, numbers[others])]
        return ranks

    @property
    def everyone(self) -> NDArray[np.int64]:
        """The persons, by rank."""
        return self._numbers

    def numbers(self, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the persons who have these ranks."""
        return self._numbers.take(ranks)

    def names(self, low: int, high: int) -> pa.Array:
        """Return the pseudonyms of the ranks from `low` to below `high`."""
        made = np.ascontiguousarray(self._named(self._numbers[low:high].astype(np.uint64)))
        ends = np.arange(len(made) + 1, dtype=np.int32) * np.int32(LENGTH)
        return pa.StringArray.from_buffers(len(made), pa.py_buffer(ends), pa.py_buffer(made.view(np.uint8)))

    def _order(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        heads = np.empty(len(numbers), dtype=np.uint64)
        for some in _pieces(len(numbers)):
            heads[some] = heads_of(self._named(numbers[some].astype(np.uint64)))
        return order_of_heads(heads, lambda places: self._named(numbers.take(places).astype(np.uint64)))

    def _filled(self) -> NDArray[np.int32]:
        """Return the slots: each person's rank is in the first of theirs, or behind it where that was taken."""
        slots = np.full(1 << int(self._bits), _FREE, dtype=np.int32)
        for some in _pieces(len(self._numbers)):
            ranks = np.arange(some.start, min(some.stop, len(self._numbers)), dtype=np.int32)
            at = self._first_slots(self._numbers[some])
            while len(ranks):
                free = slots.take(at) == _FREE
                slots[at[free]] = ranks[free]
                without = slots.take(at) != ranks
                ranks, at = ranks[without], self._next(at[without])
        return slots

    def _first_slots(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        slots = numbers.view(np.uint64) * _FACTOR
        slots >>= np.uint64(64) - self._bits
        return slots.view(np.int64)

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & ((1 << int(self._bits)) - 1)

    def _are_others(self, ranks: NDArray[np.int32], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say of each slot's rank whether it is another person's; a free slot is nobody's."""
        others: NDArray[np.bool_] = (self._numbers.take(ranks, mode="wrap") != numbers) & (ranks != _FREE)
        return others


def _pieces(count: int) -> Iterator[slice]:
    return (slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE))
