"""Owns a judged table set out as the grid that its sums go by: rows, columns and their totals. Must never judge it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.cells import Cell, Key
from output_checking.domain.checks.linked.equations import (
    Equations,
    Floats,
    add_totals,
    axis_of_sums,
    inner_places,
    overlapping_equations,
    table_equations,
)
from output_checking.domain.checks.specification.model import Normalize

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as a flat grid; all rows' levels together are one dimension, all columns' another.

    Args:
        shape: rows and columns, or the one of them that there is, without totals.
        keys: row and column levels of each place.
        cells: what stands there; None where a total is not part of the output.
    """

    shape: tuple[int, ...]
    keys: tuple[Key, ...]
    cells: tuple[Cell | None, ...]

    @property
    def full_shape(self) -> tuple[int, ...]:
        """Return the shape with totals."""
        return tuple(size + 1 for size in self.shape)

    @property
    def published(self) -> Flags:
        """Say which places are part of the output."""
        return np.array([one is not None for one in self.cells])

    @property
    def inner(self) -> Flags:
        """Say which places are no totals."""
        return inner_places(self.full_shape).ravel()

    @property
    def persons(self) -> Floats:
        """Return distinct persons in each place; totals that are not shown are added up."""
        return self._filled([float(one.persons) if one else np.nan for one in self.cells])

    @property
    def counted(self) -> Floats:
        """Return distinct persons in each place, of those who have a value where the table is made from one."""
        return self._filled([float(one.counted) if one else np.nan for one in self.cells])

    @property
    def records(self) -> Floats:
        """Return the records in each place, of those with a value where the table is made from one."""
        return self._filled(
            [float(one.measure.records if one.measure else one.records) if one else np.nan for one in self.cells]
        )

    @property
    def sums(self) -> Floats:
        """Return what the measure comes to in each place, whatever is shown of it."""
        return self._filled(
            [one.measure.total if one and one.measure else 0.0 if one else np.nan for one in self.cells]
        )

    def added_up(self, amounts: Floats) -> Floats:
        """Return amounts with each total the sum of its cells, whatever it was."""
        return self._filled(np.where(self.inner, amounts, np.nan).tolist())

    def unseen(self, normalize: Normalize) -> Flags:
        """Say of which places a reader is told nothing: totals that are not part of the output.

        What shares are shares of is known to be their sum, shown or not: one that is hidden is what the others leave of 1.
        """
        if normalize is Normalize.NONE:
            return ~self.published
        whole = np.array(
            [
                (row, column) == {Normalize.ROW: (row, ()), Normalize.COLUMN: ((), column)}.get(normalize, ((), ()))
                for row, column in self.keys
            ]
        )
        return ~self.published & ~(whole & ~self.inner)

    @property
    def values(self) -> Floats:
        """Return what the output shows in each place, 0 where nothing is; totals that are not shown are added up."""
        read = [float(one.value) if one and isinstance(one.value, int | float) else 0.0 for one in self.cells]
        return self._filled([value if one else np.nan for value, one in zip(read, self.cells, strict=True)])

    def _filled(self, given: Sequence[float]) -> Floats:
        return add_totals(np.array(given, dtype=float).reshape(self.full_shape)).ravel()

    def equations(self, amounts: Floats) -> Equations:
        """Return the sums that hold: exact ones, and where persons stand in several levels of a dimension the weaker ones along it."""
        exact = table_equations(self.shape)
        most = float(np.abs(amounts).max(initial=0))
        off = np.abs(exact.matrix @ amounts) > min(0.5, 1e-6 * max(1.0, most))
        overlap = sorted(set(axis_of_sums(self.shape)[off].tolist()))
        return overlapping_equations(self.shape, overlap) if overlap else exact


def set_out(cells: Iterable[Cell]) -> Sheet:
    """Return the grid of a table's cells, totals among them."""
    found: dict[Key, Cell] = {(one.row, one.column): one for one in cells}
    rows = [one for one in dict.fromkeys(row for row, _ in found) if one]
    columns = [one for one in dict.fromkeys(column for _, column in found) if one]
    sides = [side for side in (rows, columns) if side]
    keys: list[Key] = []
    for place in np.ndindex(*(len(side) + 1 for side in sides)):
        levels = [side[at] if at < len(side) else () for side, at in zip(sides, place, strict=True)]
        row = levels[0] if rows else ()
        keys.append((row, levels[-1] if columns else ()))
    return Sheet(
        shape=tuple(len(side) for side in sides), keys=tuple(keys), cells=tuple(found.get(key) for key in keys)
    )
