"""Owns the earlier tables of a source, kept so that one new table is held against all of them at once.

Tables that are split alike lie in one stack, so that the pairs of cells to compare are found once for all of them. Must never
compare tables cell by cell in Python.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.extent import EVERYTHING, Extent
from output_checking.domain.checks.differencing.released import (
    Axis,
    Floats,
    Released,
    completed,
    sorted_axes,
    told_apart_by,
)
from output_checking.domain.checks.differencing.shown import Family, Shown

AxesKey = tuple[tuple[str, tuple[Extent, ...]], ...]


@dataclass
class Stack:
    """Earlier tables that are split alike."""

    axes: tuple[Axis, ...]
    tables: list[Released] = field(default_factory=list)
    _counts: "tuple[Floats, Floats] | None" = None
    _sums: "tuple[Floats, Floats] | None" = None
    _alike: dict[Family, NDArray[np.bool_]] = field(default_factory=dict)

    def add(self, table: Released) -> None:
        """Lay a table on the stack."""
        self.tables.append(table)
        self._counts = self._sums = None
        self._alike.clear()

    @property
    def counts(self) -> tuple[Floats, Floats]:
        """Return the least and the most persons known in each cell, one line for each table; one array twice if all are exact."""
        if self._counts is None:
            least = np.stack([one.least.ravel() for one in self.tables])
            most = np.stack([one.most.ravel() for one in self.tables])
            self._counts = (least, least if np.array_equal(least, most) else most)
        return self._counts

    @property
    def sums(self) -> tuple[Floats, Floats]:
        """Return the sums known in each cell, and what its largest person adds, one line for each table; NaN where not known."""
        if self._sums is None:
            unknown = np.full(self.tables[0].least.size, np.nan)
            self._sums = (
                np.stack([one.shown.amounts if one.shown else unknown for one in self.tables]),
                np.stack([one.shown.tops if one.shown else unknown for one in self.tables]),
            )
        return self._sums

    def alike(self, shown: Shown) -> NDArray[np.bool_]:
        """Say of each table whether it tells sums of the same measure."""
        if shown.family not in self._alike:
            families = [one.shown.family if one.shown else None for one in self.tables]
            self._alike[shown.family] = np.array([one == shown.family for one in families])
        return self._alike[shown.family]

    def limits(self, columns: Iterable[str]) -> Iterator[tuple[tuple[Extent, ...], list[int]]]:
        """Yield the tables in groups that have the same limits on some columns that do not split them."""
        names = tuple(columns)
        groups: dict[tuple[int, ...], list[int]] = {}
        told: dict[tuple[int, ...], tuple[Extent, ...]] = {}
        for place, table in enumerate(self.tables):
            extents = tuple(table.population.extents.get(name, EVERYTHING) for name in names)
            key = tuple(map(id, extents))
            groups.setdefault(key, []).append(place)
            told[key] = extents
        for key, places in groups.items():
            yield told[key], places


class Register:
    """The earlier tables of one source."""

    def __init__(self, tables: Iterable[Released] = ()) -> None:
        self.stacks: dict[AxesKey, Stack] = {}
        self._kept: dict[Extent, Extent] = {EVERYTHING: EVERYTHING}
        self._different: dict[object, Released] = {}
        for table in tables:
            self.add(table)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return sum(len(stack.tables) for stack in self.stacks.values())

    @property
    def tables(self) -> list[Released]:
        """Return the tables, those split alike together."""
        return [table for stack in self.stacks.values() for table in stack.tables]

    def add(self, table: Released) -> None:
        """Keep an earlier table."""
        ordered = completed(sorted_axes(self._with_own_extents(table)))
        key = tuple(axis.key for axis in ordered.axes)
        self.stacks.setdefault(key, Stack(ordered.axes)).add(ordered)
        self._different.setdefault(told_apart_by(ordered), ordered)

    @property
    def different(self) -> list[Released]:
        """Return the tables without those that tell the same again, as a monthly table on unchanged data does."""
        return list(self._different.values())

    def holds(self, table: Released) -> bool:
        """Say whether a completed table, with its axes in order, tells the same as an earlier one."""
        return told_apart_by(table) in self._different

    def _with_own_extents(self, table: Released) -> Released:
        """The table with one object for equal extents, so that they are told apart by identity."""
        own = {name: self._kept.setdefault(extent, extent) for name, extent in table.population.extents.items()}
        return replace(table, population=replace(table.population, extents=own))
