"""Owns who stands in each cell, as keyed digests, and how many two tables have in common. Must never hold a pseudonym.

A digest is a 64-bit number made with a secret key, so that it tells whether two cells hold the same person and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import product

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]
Places = NDArray[np.intp]
Counts = NDArray[np.int64]
DIGITS = 16
NOBODY: Digests = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, eq=False)
class Members:
    """The private part of an answer.

    Args:
        digests: keyed digests of the persons, cell after cell, ascending in each, each once in a cell.
        starts: where each cell begins in `digests`, and its end; one more than there are cells.
    """

    digests: Digests
    starts: Counts

    @property
    def counts(self) -> Counts:
        """Return the persons in each cell."""
        return np.diff(self.starts)

    def cell(self, place: int) -> Digests:
        """Return the digests of a cell, ascending."""
        return self.digests[self.starts[place] : self.starts[place + 1]]

    def taken(self, cells: NDArray[np.intp]) -> Members:
        """Return the cells at some places, in that order."""
        return make_members([self.cell(int(at)) for at in cells])

    @cached_property
    def marks(self) -> Digests:
        """Return one number for each cell that differs when its members differ (but once in 2^64)."""
        sums = np.zeros(len(self.digests) + 1, dtype=np.uint64)
        np.cumsum(self.digests * np.uint64(0x9E3779B97F4A7C15), out=sums[1:])
        marks: Digests = sums[self.starts[1:]] - sums[self.starts[:-1]]
        return marks


def digest(person: str | int, *, key: bytes) -> int:
    """Return the keyed digest of one person.

    Args:
        person: the pseudonym.
        key: secret, at most 64 bytes; digests of different keys cannot be compared.

    Source: BLAKE2b in keyed mode (RFC 7693), first 8 bytes.
    """
    return int.from_bytes(blake2b(str(person).encode(), key=key, digest_size=8).digest(), "big")


def make_members(cells: Sequence[Digests | Sequence[int]]) -> Members:
    """Return the private part of a table from each cell's digests, totals included."""
    unique = [np.unique(np.asarray(one, dtype=np.uint64)) for one in cells]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in unique])]).astype(np.int64)
    return Members(np.concatenate(unique) if unique else np.zeros(0, dtype=np.uint64), starts)


def with_totals(cells: Sequence[Digests | Sequence[int]], shape: tuple[int, ...]) -> Members:
    """Return the private part of a whole grid from the cells without totals: a total's members are those of its cells.

    Args:
        cells: digests of each cell, row by row.
        shape: levels of each axis, without the totals.
    """
    full = tuple(size + 1 for size in shape)
    gathered: list[list[Digests]] = [[] for _ in range(int(np.prod(full)))]
    for place, digests in zip(np.ndindex(shape), cells, strict=True):
        read = np.asarray(digests, dtype=np.uint64)
        for ends in product(*((at, size) for at, size in zip(place, shape, strict=True))):
            gathered[int(np.ravel_multi_index(ends, full)) if full else 0].append(read)
    return make_members([np.concatenate(one) if one else NOBODY for one in gathered])


def read_digests(given: Sequence[str]) -> Digests:
    """Return digests from their hexadecimal text of 16 digits each.

    Raises:
        ValueError: one of them is no such text.
    """
    if any(len(one) != DIGITS for one in given):
        raise ValueError("a digest has 16 hexadecimal digits")
    return np.frombuffer(bytes.fromhex("".join(given)), dtype=">u8").astype(np.uint64)


def shared(one: Members, other: Members, mine: Places, theirs: Places) -> Counts:
    """Return how many persons pairs of cells have in common.

    Args:
        mine, theirs: the cells of each pair, by place.
    """
    return np.array([_in_both(one.cell(a), other.cell(b)) for a, b in zip(mine, theirs, strict=True)], dtype=np.int64)


def _in_both(one: Digests, other: Digests) -> int:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    if not len(few):
        return 0
    places = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return int((many[places] == few).sum())


def nearly_within(lesser: Members, greater: Members, *, fewer: int) -> tuple[Places, Places]:
    """Return the pairs of cells of which the second holds all persons of the first and fewer than `fewer` others, at least one.

    Whoever has the least digest of the first is then among the `fewer` least of the second: only such pairs are looked at.
    """
    firsts, places = _lowest(lesser, 1)
    order = np.argsort(firsts, kind="stable")
    firsts, places = firsts[order], places[order]
    lows, cells = _lowest(greater, fewer)
    begin, end = np.searchsorted(firsts, lows, side="left"), np.searchsorted(firsts, lows, side="right")
    repeats = end - begin
    within = np.repeat(begin, repeats) + np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    one, other = places[within], np.repeat(cells, repeats)
    more = greater.counts[other] - lesser.counts[one]
    one, other = one[is_near := (more >= 1) & (more < fewer)], other[is_near]
    held = shared(lesser, greater, one, other) == lesser.counts[one]
    return one[held], other[held]


def _lowest(members: Members, count: int) -> tuple[Digests, Places]:
    """The least digests of each cell, and which cell each is of; they are in order in each."""
    places = np.minimum(members.counts, count)
    cells = np.repeat(np.arange(len(places)), places)
    within = np.arange(places.sum()) - np.repeat(np.cumsum(places) - places, places)
    return members.digests[members.starts[cells] + within], cells
