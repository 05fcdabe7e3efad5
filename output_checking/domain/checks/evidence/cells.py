"""Owns what is known of a cell: who is in it and what each adds to it. Must never name a person."""

from dataclasses import dataclass
from enum import StrEnum

Key = tuple[tuple[str, ...], tuple[str, ...]]
"""The row levels and the column levels of a cell, each empty where it is summed over."""
TOTAL = "\0total"
"""Stands for a level where only some of the columns of a side are summed over."""


class Margin(StrEnum):
    """Which total a cell is: none, of its row (summed over the columns), of its column, of all."""

    NONE = ""
    ROW = "row"
    COLUMN = "column"
    TOTAL = "total"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contributions:
    """What persons add to a cell, summed per person first.

    Args:
        holders: distinct persons who have a value.
        records: records with a value.
        total: sum over persons.
        absolute: sum over persons of the absolute contribution.
        largest: the largest absolute contributions, greatest first; at least two places, 0 where there are fewer persons.
        zeros, negatives: persons whose contribution is 0, is below 0.
        low, high: least and greatest value of a record; None where there is none.
        is_indicator: every value of the column is 0 or 1, in the whole output.
        weight: sum of the weights of the records with a value; their number where nothing is weighted.
    """

    holders: int
    records: int
    total: float
    absolute: float
    largest: tuple[float, ...]
    zeros: int
    negatives: int
    low: float | None
    high: float | None
    is_indicator: bool = False
    weight: float = 0.0

    @property
    def rest(self) -> float:
        """Return what is left of the absolute sum without the two largest, never below 0."""
        return max(0.0, self.absolute - self.largest[0] - self.largest[1])


@dataclass(frozen=True, kw_only=True, slots=True)
class Tail:
    """Who stands at the value that the cell shows, and on either side of it.

    Args:
        at: distinct persons with exactly the value shown.
        below, above: distinct persons at or below it, at or above it.
    """

    at: int
    below: int
    above: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """The cells that differ in one thing only, and this cell's place among them.

    Args:
        along: what they differ in: `row`, `column`, or the name of a dimension.
        persons: distinct persons in all of them, of those who have a value where the cells are made from one.
        others: how many other cells of it hold anybody of these.
        possible: how many cells it has.
    """

    along: str
    persons: int
    others: int
    possible: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell and what stands behind it.

    Args:
        row, column: its levels, as text; empty where they are summed over.
        persons: distinct persons with at least one record in it.
        records: records in it.
        value: what the output shows; None where nothing can be shown.
        measure, denominator: contributions; None where the output has no such thing. The denominator of a weighted count, mean or
            variance are the weights.
        tail: for quantiles, extremes and modes.
        lines: the rows and columns through it.
    """

    row: tuple[str, ...]
    column: tuple[str, ...]
    margin: Margin = Margin.NONE
    persons: int
    records: int
    value: float | str | None
    measure: Contributions | None = None
    denominator: Contributions | None = None
    tail: Tail | None = None
    lines: tuple[Line, ...] = ()

    @property
    def missing(self) -> int:
        """Return how many records have no value."""
        return self.records - self.measure.records if self.measure else 0

    @property
    def counted(self) -> int:
        """Return the persons that the rules count: who has a value, else who has a record."""
        return self.measure.holders if self.measure else self.persons


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All of a table's cells, and of its totals.

    Args:
        cells: those of the table itself, empty ones included, in the order of its levels.
        margins: totals of rows, of columns and of all, where the output shows them.
        records, persons: of the whole source; `chosen_records`, `chosen_persons`: of what the filter and the levels left.
    """

    cells: tuple[Cell, ...]
    margins: tuple[Cell, ...]
    records: int
    chosen_records: int
    chosen_persons: int
