"""Owns the columns that cells are told apart by, each read once and turned into whole numbers: a level, or a place between cuts.

The levels and cuts are those that some cells ask about, whatever the data hold: earlier answers may know others. Must never look at a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.asking import Asked, Meets, OfLevels, Within
from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.folding import Truth
from output_checking.domain.checks.evidence.sql import number

MISSING = -1
_Column = tuple[str, type[Asked]]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is asked of one column: that its number is in one of some ranges, each with its lower end and without its upper.

    Args:
        place: of the column among those in use.
        ranges: MISSING is in none.
    """

    place: int
    ranges: tuple[tuple[int, int], ...]

    def holds(self, numbers: NDArray[Any]) -> Truth:
        """Say of each record whether it is so, given the numbers of the column."""
        first, *more = (
            numbers == low if high == low + 1 else (numbers >= low) & (numbers < high) for low, high in self.ranges
        )
        return np.logical_or.reduce([first, *more]) if more else first


class Marks:
    """The columns that are asked about.

    Args:
        asked: all that will be asked of them.
        own: what the names that are made here begin with, and no column of the source does.
    """

    def __init__(self, source: Source, asked: Iterable[Asked], *, own: str) -> None:
        self._source, self._own = source, own
        told: dict[_Column, set[Any]] = {}
        self._others: set[str] = set()
        for one in asked:
            if isinstance(one, Meets):
                self._others |= one.columns
            else:
                told.setdefault((one.column, type(one)), set()).update(_values(one))
        self._numbers = {column: {one: at for at, one in enumerate(sorted(values))} for column, values in told.items()}
        self._places = {column: place for place, column in enumerate(self._numbers)}

    @property
    def names(self) -> list[str]:
        """Return the names of the columns, in the order of their places."""
        return [f"{self._own}k{place}" for place in self._places.values()]

    @property
    def selected(self) -> list[str]:
        """Return the SQL of the columns, and of those that conditions are about."""
        columns = [f"{self._read(column)} as {self._own}k{place}" for column, place in self._places.items()]
        return [*columns, *(quoted(self._source.named(one)) for one in sorted(self._others))]

    @property
    def joins(self) -> str:
        """Return the SQL of what is joined to the source for them."""
        return " ".join(self._joins())

    def of(self, asked: Asked) -> Mark | str:
        """Return what is asked as a mark, or the SQL of a condition."""
        if isinstance(asked, Meets):
            return asked.condition
        column = asked.column, type(asked)
        numbers, most = self._numbers[column], len(self._numbers[column]) + 1
        if isinstance(asked, Within):
            ranges = [
                (0 if low is None else numbers[low] + 1, most if high is None else numbers[high] + 1)
                for low, high in asked.spans
            ]
        else:
            ranges = [(numbers[one], numbers[one] + 1) for one in asked.levels] or [(0, most)]
        return Mark(place=self._places[column], ranges=tuple(ranges))

    def numbers(self, read: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the numbers of the records.

        Args:
            read: the columns, in the order of their places, masked where a value is missing.
        """
        return [
            _between(column, [*values]) if kind is Within else np.asarray(column)
            for column, ((_, kind), values) in zip(read, self._numbers.items(), strict=True)
        ]

    def _read(self, column: _Column) -> str:
        name, kind = column
        if kind is Within:
            return number(name, self._source)
        values = self._numbers[column]
        other = f"case when {quoted(name)} is null then {MISSING} else {len(values)} end"
        level = f"coalesce({self._own}n{self._places[column]}, {other})" if values else other
        return f"cast({level} as integer)"

    def _joins(self) -> Iterator[str]:
        for ((name, kind), values), place in zip(self._numbers.items(), self._places.values(), strict=True):
            if kind is OfLevels and values:
                table, level, at = (f"{self._own}{one}{place}" for one in "tln")
                rows = ", ".join(f"({text(one)}, {number})" for one, number in values.items())
                yield f"left join (values {rows}) as {table}({level}, {at}) on cast({quoted(name)} as varchar) = {level}"


def _values(asked: OfLevels | Within) -> Iterable[Any]:
    if isinstance(asked, OfLevels):
        return asked.levels
    return [end for span in asked.spans for end in span if end is not None]


def _between(column: NDArray[Any], edges: Sequence[float]) -> NDArray[Any]:
    """Return how many edges are not above each value; NaN is above all, as it is to the database."""
    places = np.searchsorted(np.array(edges, dtype=np.float64), np.ma.getdata(column), side="right")
    kind = np.int16 if len(edges) < np.iinfo(np.int16).max else np.int32
    return np.where(np.ma.getmaskarray(column), MISSING, places).astype(kind)
