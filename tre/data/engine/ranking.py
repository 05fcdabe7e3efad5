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
"""Persons whose ranks are kept in memory, some 25 bytes each; of more, the engine keeps a table, which it can spill."""
_AT_ONCE = 1 << 18
_NOBODY = -1
_NO_NUMBER = np.iinfo(np.int64).min
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, and its bits are of no pattern."""
_HALF = np.uint64(32)


class Ranked:
    """Some persons of one namespace by their ranks, from 0.

    Args:
        numbers: internal numbers, each once, in any order.
        key: the project's.
        space: what the numbers count.
    """

    def __init__(self, numbers: NDArray[np.int64], *, key: bytes, space: Space) -> None:
        self._named = partial(pseudonyms, key=key, space=space)
        self._count = len(numbers)
        # Behind the last is nobody: a slot that nobody has holds that place.
        self._numbers = np.append(numbers.take(self._order(numbers)), np.int64(_NO_NUMBER))
        self._bits = len(numbers).bit_length() + 2
        self._slots = self._filled()

    def __len__(self) -> int:
        """How many persons."""
        return self._count

    def ranks(self, numbers: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the rank of each person; below 0 of whom there is none."""
        slots = self._first_slots(numbers)
        ranks = self._slots.take(slots)
        unlike = np.flatnonzero(self._numbers.take(ranks) != numbers)
        others = unlike[ranks.take(unlike) != self._count]
        while len(others):
            further = self._next(slots.take(others))
            slots[others], found = further, self._slots.take(further)
            ranks[others] = found
            others = others[(self._numbers.take(found) != numbers.take(others)) & (found != self._count)]
        if len(unlike):
            ranks[ranks == self._count] = _NOBODY
        return ranks

    @property
    def everyone(self) -> NDArray[np.int64]:
        """The persons, by rank."""
        return self._numbers[: self._count]

    def numbers(self, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the persons who have these ranks."""
        return self._numbers.take(ranks)

    def names(self, low: int, high: int) -> pa.Array:
        """Return the pseudonyms of the ranks from `low` to below `high`."""
        made = np.ascontiguousarray(self._named(self._numbers[low : min(high, self._count)].astype(np.uint64)))
        ends = np.arange(len(made) + 1, dtype=np.int32) * np.int32(LENGTH)
        return pa.StringArray.from_buffers(len(made), pa.py_buffer(ends), pa.py_buffer(made.view(np.uint8)))

    def _order(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        heads = np.empty(len(numbers), dtype=np.uint64)
        for some in _pieces(len(numbers)):
            heads[some] = heads_of(self._named(numbers[some].astype(np.uint64)))
        return order_of_heads(heads, lambda places: self._named(numbers.take(places).astype(np.uint64)))

    def _filled(self) -> NDArray[np.int32]:
        """Return the slots: each person's rank is in the first of theirs, or behind it where that was taken."""
        slots = np.full(1 << self._bits, self._count, dtype=np.int32)
        for some in _pieces(self._count):
            ranks = np.arange(some.start, some.stop, dtype=np.int32)
            at = self._first_slots(self._numbers[some])
            while len(ranks):
                free = slots.take(at) == self._count
                slots[at[free]] = ranks[free]
                without = slots.take(at) != ranks
                ranks, at = ranks[without], self._next(at[without])
        return slots

    def _first_slots(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where each number is looked for first: its halves put together, so that no pattern of numbers is one of slots."""
        slots = numbers.view(np.uint64) >> _HALF
        slots ^= numbers.view(np.uint64)
        slots *= _FACTOR
        slots >>= np.uint64(64 - self._bits)
        return slots.view(np.int64)

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & ((1 << self._bits) - 1)


def _pieces(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE))
