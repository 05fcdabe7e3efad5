"""Owns what a synthetic twin may know of real data: the shape of each column by itself, small numbers left out.

Nothing that makes a twin sees more than these values. Must never hold a value that fewer than `FEWEST` persons have, an
extreme, a pair of columns, or an exact count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tre.data.domain.small_numbers import FEWEST, rounded

__all__ = ["FEWEST", "Categories", "ColumnShape", "Nothing", "Periods", "Record", "Spread", "TableShape", "weighed"]

Value = str | int | float | bool
MOST_PERSONS = 2_000
"""A twin is for writing code on: it need not be as large as what it stands for."""
MOST_ROWS = 100_000


@dataclass(frozen=True, kw_only=True)
class Categories:
    """Values that at least `FEWEST` persons each have, with rounded counts of rows; the rarer ones are not there at all."""

    values: tuple[Value, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A number's quantiles: equally many rows between each two, rounded, the ends cut to where `FEWEST` persons go further.

    Args:
        points: in rising order, at least two.
        step: to which they are rounded, and to which made-up values are.
    """

    points: tuple[float, ...]
    step: float


@dataclass(frozen=True, kw_only=True)
class Periods:
    """First days of stretches of time in which at least `FEWEST` persons have a value.

    Args:
        months: how long each is: 1, 3, 12 or 120, the shortest at which most rows are told.
        to_the_day: values name more than a month.
    """

    starts: tuple[date, ...]
    weights: tuple[int, ...]
    months: int
    to_the_day: bool


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record's pseudonym under the key called `key`: `is_key` where each row has one of its own, which other tables may name."""

    key: str
    is_key: bool


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """No value is common enough to be told: the column is empty in the twin."""


Shape = Categories | Spread | Periods | Record | Nothing


@dataclass(frozen=True, kw_only=True)
class ColumnShape:
    """One column: `type` as the snapshot has it (SQL), `filled` the share of rows with a value, to a hundredth."""

    name: str
    type: str
    filled: float
    shape: Shape


@dataclass(frozen=True, kw_only=True)
class TableShape:
    """One table.

    Args:
        persons, rows: rounded counts.
        per_person: how many rows a person has, of those numbers of rows that are common enough; empty in a table without persons.
        columns: without the person's pseudonym.
    """

    name: str
    rows: int
    persons: int
    per_person: Categories
    columns: tuple[ColumnShape, ...]
    has_persons: bool = True


def weighed(found: Sequence[tuple[Value, int]]) -> Categories:
    """Return values with their counts rounded, at least `FEWEST` each: the caller has left out the rare ones."""
    return Categories(
        values=tuple(value for value, _ in found), weights=tuple(max(FEWEST, rounded(count)) for _, count in found)
    )


def share(part: int, whole: int) -> float:
    """Return the rounded share of `part` in `whole`: 0 or 1 where fewer than `FEWEST` are on either side."""
    if part < FEWEST:
        return 0.0
    return 1.0 if whole - part < FEWEST else round(part / whole, 2)
