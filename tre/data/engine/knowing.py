"""Owns what is known of the persons whose free text is scanned: identifier and marks of names, in memory and never on disk.

Must never hold more than the persons who have a text: some sixteen bytes a person, and eight for each word of a name.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tre.data.domain.free_text import Known
from tre.data.engine.vault import Register


class Registers(Protocol):
    """What of the vault a scan needs."""

    def persons(self, namespace: str) -> Iterator[Register]:
        """Yield the persons of a namespace, identifiers beside internal numbers."""
        ...

    def names(self, namespace: str) -> Iterator[NDArray[np.int64]]:
        """Yield internal numbers beside marks of the words of names."""
        ...


class People:
    """What is known of some persons, by their internal numbers."""

    def __init__(self, numbers: NDArray[np.int64], registers: Registers, namespace: str) -> None:
        """Look the persons up.

        Args:
            numbers: rising, no two alike.
        """
        self._numbers = numbers
        self._identifiers = np.zeros(len(numbers), dtype=np.int64)
        for piece in registers.persons(namespace):
            places, there = self._places(piece.numbers)
            self._identifiers[places[there]] = piece.identifiers[there]
        self._starts, self._marks = self._gathered(registers, namespace)

    @property
    def named(self) -> int:
        """How many of the persons have a name that is known."""
        return int(np.count_nonzero(self._starts[1:] > self._starts[:-1]))

    def __len__(self) -> int:
        """Return how many persons they are."""
        return len(self._numbers)

    def known(self, numbers: NDArray[np.int64]) -> Iterator[Known]:
        """Yield what is known of the person of each number; all of them were given at first."""
        before, last = -1, Known()
        for place in np.searchsorted(self._numbers, numbers).tolist():
            if place != before:
                marks = self._marks[self._starts[place] : self._starts[place + 1]]
                last = Known(identifier=int(self._identifiers[place]), names=frozenset(marks.tolist()))
                before = place
            yield last

    def _gathered(self, registers: Registers, namespace: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where each person's marks begin (and the last ones end), and the marks in the order of persons."""
        owners, marks = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for pairs in registers.names(namespace):
            places, there = self._places(pairs[0])
            owners.append(places[there])
            marks.append(pairs[1][there])
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        starts = np.searchsorted(owner[order], np.arange(len(self._numbers) + 1))
        return starts, np.concatenate(marks)[order]

    def _places(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the place of each number among the persons, and whether it is one of them."""
        if not len(self._numbers):
            return np.zeros(len(numbers), dtype=np.int64), np.zeros(len(numbers), dtype=bool)
        places = np.minimum(np.searchsorted(self._numbers, numbers), len(self._numbers) - 1)
        return places, self._numbers[places] == numbers
