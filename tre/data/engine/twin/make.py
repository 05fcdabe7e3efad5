"""Owns the making of rows from shapes, column by column, each by itself. Must never see real data: only `TableShape` comes in.

Everything follows from the seed: the values, and the key of the made-up pseudonyms, which belongs to no project and is kept nowhere.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import PERSON
from tre.data.domain.pseudonym import LENGTH, Space, pseudonyms
from tre.data.domain.twin import (
    MOST_PERSONS,
    MOST_ROWS,
    Categories,
    ColumnShape,
    Periods,
    Record,
    Spread,
    TableShape,
)

Rows = NDArray[np.int64]
FEWEST_PERSONS = 10
_DAY_SECONDS = 86_400


class Maker:
    """Makes the tables of one twin, those first whose records others name.

    Args:
        persons: how many persons the dataset is about, rounded.
        seed: of everything.
    """

    def __init__(self, tables: Sequence[TableShape], *, persons: int, seed: int) -> None:
        self._chance = np.random.Generator(np.random.PCG64(seed))
        self._key = hashlib.sha256(f"tre/twin/{seed}".encode()).digest()
        self._tables = tables
        self._all = max(persons, 1)
        self._size = min(max(persons, FEWEST_PERSONS), MOST_PERSONS)
        self._people = named(np.arange(self._size), self._key, Space(letter="P", name="twin"))
        self._owned: dict[str, tuple[Rows, NDArray[np.object_]]] = {}

    def make(self) -> Mapping[str, Any]:
        """Return an Arrow table for each name."""
        return {one.name: self._table(one) for one in sorted(self._tables, key=_foreign)}

    def _table(self, shape: TableShape) -> Any:
        who = self._who(shape)
        columns = {column.name: self._column(column, who) for column in shape.columns}
        front = {PERSON: pa.array(self._people[who])} if shape.has_persons else {}
        return pa.table(front | columns)

    def _who(self, shape: TableShape) -> Rows:
        """Return the person of each row, in the pseudonyms' order."""
        if not shape.has_persons:
            return np.zeros(min(max(shape.rows, 1), MOST_ROWS), dtype=np.int64)
        able = np.arange(self._size)
        for column in shape.columns:
            if isinstance(column.shape, Record) and column.shape.key in self._owned:
                able = np.intersect1d(able, self._owned[column.shape.key][0])
        wanted = round(self._size * min(shape.persons / self._all, 1.0))
        some = np.sort(self._chance.choice(able, size=min(max(wanted, 1), len(able)), replace=False))
        times = self._pick(shape.per_person, len(some)).astype(np.int64)
        fitting = max(int(np.searchsorted(np.cumsum(times), MOST_ROWS, side="right")), 1)
        return np.repeat(some[:fitting], times[:fitting])[:MOST_ROWS]

    def _column(self, column: ColumnShape, who: Rows) -> Any:
        shape = column.shape
        values = self._records(shape.key, who) if isinstance(shape, Record) else self._values(column, len(who))
        gone = self._chance.random(len(who)) >= column.filled
        return pa.array([None if empty else value for value, empty in zip(values.tolist(), gone.tolist(), strict=True)])

    def _records(self, key: str, who: Rows) -> NDArray[np.object_]:
        """Return a pseudonym for each row: new ones in the first table that has the key, else one of the same person's there."""
        if key not in self._owned:
            self._owned[key] = who, named(np.arange(len(who)), self._key, Space(letter="R", name=f"twin/{key}"))
            return self._owned[key][1]
        owners, theirs = self._owned[key]
        first, last = np.searchsorted(owners, who, side="left"), np.searchsorted(owners, who, side="right")
        spot = first + (self._chance.random(len(who)) * (last - first)).astype(np.int64)
        found = theirs[np.minimum(spot, len(theirs) - 1)].copy()
        found[last == first] = None
        return found

    def _values(self, column: ColumnShape, count: int) -> NDArray[Any]:
        match column.shape:
            case Categories() as common:
                picked = self._pick(common, count)
                return self._times(picked, column.type) if column.type.startswith("TIME") else picked
            case Spread() as spread:
                return self._between(spread, count)
            case Periods() as periods:
                return self._dates(periods, count, column.type)
            case _:
                return np.full(count, None, dtype=object)

    def _pick(self, common: Categories, count: int) -> NDArray[Any]:
        """Return values drawn by their weights, as Python objects."""
        weights = np.array(common.weights, dtype=np.float64)
        return np.array(common.values, dtype=object)[
            self._chance.choice(len(weights), count, p=weights / weights.sum())
        ]

    def _between(self, spread: Spread, count: int) -> NDArray[Any]:
        at = self._chance.random(count) * (len(spread.points) - 1)
        drawn = np.interp(at, np.arange(len(spread.points)), np.array(spread.points))
        made: NDArray[Any] = np.round(np.round(drawn / spread.step) * spread.step, 12)
        return made

    def _dates(self, periods: Periods, count: int, type_: str) -> NDArray[Any]:
        weights = np.array(periods.weights, dtype=np.float64)
        picked = self._chance.choice(len(weights), count, p=weights / weights.sum())
        month = np.array(periods.starts, dtype="datetime64[M]")[picked] + self._chance.integers(
            0, periods.months, count
        )
        start = month.astype("datetime64[D]")
        if periods.to_the_day:
            length = ((month + 1).astype("datetime64[D]") - start).astype(np.int64)
            start = start + (self._chance.random(count) * length).astype(np.int64).astype("timedelta64[D]")
        if type_ == "DATE":
            return start.astype(object)
        second = (
            self._chance.integers(0, _DAY_SECONDS, count) if periods.to_the_day else np.zeros(count, dtype=np.int64)
        )
        moment: NDArray[Any] = start.astype("datetime64[us]") + second.astype("timedelta64[s]")
        return moment.astype(object)

    def _times(self, hours: NDArray[Any], type_: str) -> NDArray[Any]:
        if type_.startswith("TIMESTAMP"):
            return hours
        minutes = self._chance.integers(0, 60, len(hours))
        return np.array(
            [f"{hour:02d}:{minute:02d}:00" for hour, minute in zip(hours, minutes, strict=True)], dtype=object
        )


def named(numbers: Rows, key: bytes, space: Space) -> NDArray[np.object_]:
    """Return a pseudonym for each number, in rising order."""
    made = np.sort(pseudonyms(numbers.astype(np.uint64), key, space=space))
    return made.astype(f"U{LENGTH}").astype(object)


def _foreign(table: TableShape) -> int:
    """Return how many of the table's record columns are other tables' keys: those with fewest are made first."""
    return sum(isinstance(one.shape, Record) and not one.shape.is_key for one in table.columns)
