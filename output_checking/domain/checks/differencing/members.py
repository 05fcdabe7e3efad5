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

from output_checking.domain.checks.deferred import sparse

Digests = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Members:
    """The private part of an answer.

    Args:
        digests: keyed digests of the persons, cell after cell, each once in a cell.
        starts: where each cell begins in `digests`, and its end; one more than there are cells.
    """

    digests: Digests
    starts: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Return the persons in each cell."""
        return np.diff(self.starts)

    def taken(self, cells: NDArray[np.intp]) -> Members:
        """Return the cells at some places, in that order."""
        return make_members([self.digests[self.starts[at] : self.starts[at + 1]] for at in cells])

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
    nobody = np.zeros(0, dtype=np.uint64)
    return make_members([np.concatenate(one) if one else nobody for one in gathered])


def common(one: Members, other: Members) -> sparse.csr_array:
    """Return the number of common members of each cell of one (lines) and each of the other (columns)."""
    everybody, places = np.unique(np.concatenate([one.digests, other.digests]), return_inverse=True)
    mine, theirs = np.split(places, [len(one.digests)])
    left = _incidence(one, mine, len(everybody))
    right = _incidence(other, theirs, len(everybody))
    return sparse.csr_array(left @ right.T)


def _incidence(members: Members, persons: NDArray[np.intp], count: int) -> sparse.csr_array:
    ones = np.ones(len(persons), dtype=np.int32)
    return sparse.csr_array((ones, persons, members.starts), shape=(len(members.starts) - 1, count))
