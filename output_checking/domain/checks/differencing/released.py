"""Owns a table as differencing sees it: which records each cell is made of, and how many persons its reader knows in it.

Must never hold a value of a person. Cells stand in a grid with one axis for each split column; the last place of each axis is
the total over it, whether it was shown or follows from the cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.extent import UNKNOWN, Domain, Extent
from output_checking.domain.checks.differencing.members import Members
from output_checking.domain.checks.differencing.population import Population
from output_checking.domain.checks.differencing.shown import Shown

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """A column that splits the records.

    Args:
        column: its name.
        extents: what each level holds; the last is the total: all levels together.
        labels: names of the levels, `total` last.
    """

    column: str
    extents: tuple[Extent, ...]
    labels: tuple[str, ...]

    @cached_property
    def key(self) -> tuple[str, tuple[Extent, ...]]:
        """Return what makes two axes the same."""
        return self.column, self.extents


def make_axis(
    column: str,
    levels: Sequence[tuple[Extent, str]],
    *,
    population: Population,
    domain: Domain = UNKNOWN,
) -> Axis:
    """Return an axis with its total.

    Args:
        column: its name.
        levels: what each holds, and its name.
        population: of the table; each level is limited to what the filter says of the column.
        domain: what is known of the column.
    """
    limit = population.extent(column)
    limited = [domain.seen(extent & limit) for extent, _ in levels]
    total = Extent()
    for one in limited:
        total |= one
    return Axis(column, (*limited, domain.seen(total)), (*(label for _, label in levels), "total"))


@dataclass(frozen=True, kw_only=True)
class Released:
    """A table, new or earlier.

    Args:
        name: what it is called in a finding.
        axes: the columns that split it.
        population: the records it is made of, apart from the axes' columns.
        least, most: persons that its reader knows in each cell, totals last along each axis; `inf` where not known.
        is_exact: its counts were shown as they are, not rounded or noised.
        is_exclusive: no person stands in two of its cells, so cells add up.
        version: of the data it was made from; empty where not known.
        members: its private part, where it was kept.
        shown: the sums that it tells, if it tells any.
    """

    name: str
    axes: tuple[Axis, ...]
    population: Population
    least: Floats
    most: Floats
    is_exact: bool = True
    is_exclusive: bool = True
    version: str = ""
    members: Members | None = field(default=None, compare=False)
    shown: Shown | None = field(default=None, compare=False)

    @cached_property
    def _named(self) -> dict[int, str]:
        return {}

    def where(self, cell: int) -> str:
        """Return the name of a cell: its levels, comma between."""
        if cell not in self._named:
            places = np.unravel_index(cell, self.least.shape) if self.axes else ()
            levels = [f"{axis.column} {axis.labels[at]}" for axis, at in zip(self.axes, places, strict=True)]
            self._named[cell] = ", ".join(levels) or "the total"
        return self._named[cell]


def completed(table: Released) -> Released:
    """Return the table with what its reader can add up: totals that were not shown, from the cells below them.

    Where a person may stand in several cells, a total is at least the largest and at most the sum of them.
    """
    least, most = table.least.copy(), table.most.copy()
    for axis in range(least.ndim):
        inner = [slice(None)] * least.ndim
        inner[axis] = slice(0, -1)
        last = [slice(None)] * least.ndim
        last[axis] = slice(-1, None)
        low = least[tuple(inner)]
        joined = (
            low.sum(axis=axis, keepdims=True) if table.is_exclusive else low.max(axis=axis, keepdims=True, initial=0)
        )
        narrowed_least = np.maximum(least[tuple(last)], joined)
        narrowed_most = np.minimum(most[tuple(last)], most[tuple(inner)].sum(axis=axis, keepdims=True))
        agrees = narrowed_least <= narrowed_most  # a total that is not the sum of its cells is taken as it was shown
        least[tuple(last)] = np.where(agrees, narrowed_least, least[tuple(last)])
        most[tuple(last)] = np.where(agrees, narrowed_most, most[tuple(last)])
    return replace(table, least=least, most=most, shown=table.shown and table.shown.completed(least.shape))


def sorted_axes(table: Released) -> Released:
    """Return the table with its axes by column, so that rows and columns exchanged make no other table."""
    order = sorted(range(len(table.axes)), key=lambda place: table.axes[place].column)
    if order == list(range(len(table.axes))):
        return table
    cells = np.transpose(np.arange(table.least.size).reshape(table.least.shape), order).ravel()
    return replace(
        table,
        axes=tuple(table.axes[place] for place in order),
        least=np.ascontiguousarray(np.transpose(table.least, order)),
        most=np.ascontiguousarray(np.transpose(table.most, order)),
        members=table.members and table.members.taken(cells),
        shown=table.shown and table.shown.taken(cells),
    )


def told_apart_by(table: Released) -> tuple[object, ...]:
    """Return what two tables have in common when they tell the same of the same records."""
    population = table.population
    return (
        tuple(axis.key for axis in table.axes),
        frozenset(population.extents.items()),
        population.conditions,
        table.version,
        table.least.tobytes(),
        table.most.tobytes(),
    )
