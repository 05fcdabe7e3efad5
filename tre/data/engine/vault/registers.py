"""Owns one register: identifiers in rising order with their internal numbers, merged and read a piece at a time.

Memory is bounded by two pieces, and by eight bytes a person while new numbers are proved to be different from all others.
Must never number two persons alike, nor one person twice.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tre.kernel.errors import Unavailable

PIECE = 1 << 18
"""Persons in one piece: four megabytes."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """Persons of one namespace: `identifiers` in rising order, `numbers` beside them (63 bits, random, no two alike)."""

    identifiers: NDArray[np.int64]
    numbers: NDArray[np.int64]

    def part(self, begin: int, end: int) -> "Register":
        """Return the persons from place `begin` up to `end`."""
        return Register(identifiers=self.identifiers[begin:end], numbers=self.numbers[begin:end])

    def only(self, identifiers: NDArray[np.int64]) -> "Register":
        """Return those of the persons who are among `identifiers` (rising, no two alike)."""
        chosen = np.isin(self.identifiers, identifiers, assume_unique=True)
        return Register(identifiers=self.identifiers[chosen], numbers=self.numbers[chosen])


NO_PERSONS = Register(identifiers=np.empty(0, dtype=np.int64), numbers=np.empty(0, dtype=np.int64))


class Merge:
    """The merging of new identifiers into a register; `new` counts them once `pieces` is read to its end."""

    def __init__(self, known: Iterator[Register], wanted: Iterable[NDArray[np.int64]]) -> None:
        self._known, self._wanted = known, rising(wanted)
        self._numbers: list[NDArray[np.int64]] = []
        self.new = 0

    def pieces(self) -> Iterator[Register]:
        """Yield the merged register, piece by piece.

        Raises:
            Unavailable: two new numbers were drawn alike (about once in a hundred thousand loads of ten million persons):
                nothing may be kept; the same again draws others.
        """
        for piece in gathered(self._steps()):
            self._numbers.append(piece.numbers)
            yield piece
        self._require_different()

    def _steps(self) -> Iterator[Register]:
        """Yield what lies below the nearer end of the two pieces in hand, again and again."""
        known, wanted = next(self._known, NO_PERSONS), next(self._wanted, NO_PERSONS.identifiers)
        while len(known.identifiers) or len(wanted):
            bound = min(one[-1] for one in (known.identifiers, wanted) if len(one))
            here, there = (int(np.searchsorted(one, bound, side="right")) for one in (known.identifiers, wanted))
            yield self._joined(known.part(0, here), wanted[:there])
            known, wanted = known.part(here, len(known.identifiers)), wanted[there:]
            if not len(known.identifiers):
                known = next(self._known, NO_PERSONS)
            if not len(wanted):
                wanted = next(self._wanted, NO_PERSONS.identifiers)

    def _joined(self, known: Register, wanted: NDArray[np.int64]) -> Register:
        new = np.setdiff1d(wanted, known.identifiers, assume_unique=True)
        if not len(new):
            return known
        self.new += len(new)
        identifiers = np.concatenate([known.identifiers, new])
        order = np.argsort(identifiers, kind="stable")
        numbers = np.concatenate([known.numbers, _drawn(len(new))])
        return Register(identifiers=identifiers[order], numbers=numbers[order])

    def _require_different(self) -> None:
        if not self.new:
            return
        numbers = np.concatenate(self._numbers)
        self._numbers.clear()
        numbers.sort()
        if (numbers[1:] == numbers[:-1]).any():
            raise Unavailable("Two persons drew the same number: it is drawn again.", code="data.vault.drawn_twice")


def gathered(pieces: Iterable[Register]) -> Iterator[Register]:
    """Yield the same persons in pieces of no fewer than `PIECE` (the last aside)."""
    held: list[Register] = []
    for piece in pieces:
        held.append(piece)
        if sum(len(one.identifiers) for one in held) >= PIECE:
            yield _together(held)
            held = []
    if held:
        yield _together(held)


def rising(wanted: Iterable[NDArray[np.int64]]) -> Iterator[NDArray[np.int64]]:
    """Yield the arrays that are not empty; raise `ValueError` where identifiers do not rise from one to the next."""
    before: np.int64 | None = None
    for one in wanted:
        if not len(one):
            continue
        if (one[1:] <= one[:-1]).any() or (before is not None and one[0] <= before):
            raise ValueError("identifiers to enrol must rise, no two alike")
        before = one[-1]
        yield one.astype(np.int64, copy=False)


def _together(held: list[Register]) -> Register:
    return Register(
        identifiers=np.concatenate([one.identifiers for one in held]),
        numbers=np.concatenate([one.numbers for one in held]),
    )


def _drawn(count: int) -> NDArray[np.int64]:
    """Return `count` random numbers of 63 bits."""
    return (np.frombuffer(os.urandom(8 * count), dtype=np.uint64) >> np.uint64(1)).astype(np.int64)
