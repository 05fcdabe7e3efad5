"""Owns how the cells of a table hang together: each margin is the sum of its cells. Must never know what a reader was shown.

Cells stand in one flat vector. A table of `rows` by `columns` has (rows + 1) * (columns + 1) of them, row by row, the
last of each row its total, the last row the column totals and the grand total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import sparse

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Equations:
    """Sums that everybody knows to hold: `least <= matrix @ cells <= most`.

    Args:
        matrix: sparse, one line for each sum, one column for each cell.
        least, most: bounds of each sum; both 0 where a margin is exactly the sum of its cells.
    """

    matrix: sparse.csr_array
    least: Floats
    most: Floats

    @property
    def cells(self) -> int:
        """Return how many cells there are."""
        return int(self.matrix.shape[1])


def inner_places(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Say of each place of a grid whether it is no total.

    Args:
        shape: of the grid, totals last along each axis.
    """
    inner = np.zeros(shape, dtype=bool)
    inner[tuple(slice(0, -1) for _ in shape)] = True
    return inner


def add_totals(grid: Floats) -> Floats:
    """Return a grid with its totals, last along each axis, added up from the cells where they are NaN."""
    filled = grid.copy()
    for axis in range(filled.ndim):
        cells, total = [slice(None)] * filled.ndim, [slice(None)] * filled.ndim
        cells[axis], total[axis] = slice(0, -1), slice(-1, None)
        added = filled[tuple(cells)].sum(axis=axis, keepdims=True)
        filled[tuple(total)] = np.where(np.isnan(filled[tuple(total)]), added, filled[tuple(total)])
    return filled


def table_equations(shape: tuple[int, ...]) -> Equations:
    """Return the sums of a table with all its margins.

    Args:
        shape: number of levels of each dimension, without the totals.

    Source: HandbookSDC section 4.1, tables with margins as linear relations: along each dimension, at each place of the
    other dimensions (their totals included), the cells add up to the total.
    """
    if not shape:
        return Equations(sparse.csr_array((0, 1)), np.zeros(0), np.zeros(0))
    full = tuple(size + 1 for size in shape)
    places = np.arange(int(np.prod(full))).reshape(full)
    lines, columns, weights, count = [], [], [], 0
    for axis, size in enumerate(full):
        along = np.moveaxis(places, axis, -1).reshape(-1, size)
        lines.append(np.repeat(np.arange(count, count + len(along)), size))
        columns.append(along.ravel())
        weights.append(np.tile(np.r_[np.ones(size - 1), -1.0], len(along)))
        count += len(along)
    return _exact(lines, columns, weights, (count, places.size))


def axis_of_sums(shape: tuple[int, ...]) -> Places:
    """Return of each sum of `table_equations` the dimension that it runs along."""
    places = int(np.prod([size + 1 for size in shape]))
    return np.repeat(np.arange(len(shape)), [places // (size + 1) for size in shape])


def overlapping_equations(shape: tuple[int, ...], overlap: Sequence[int] | None = None) -> Equations:
    """Return what holds where one person may stand in several cells: a margin of persons is at most the sum of its cells,
    and at least each of them.

    Args:
        shape: number of levels of each dimension, without the totals.
        overlap: dimensions of which a person may be in several levels, all when not said. Along the others a margin is the sum of
            its cells: nobody has two dates of birth, however many diagnoses.
    """
    sums = table_equations(shape)
    is_exact = ~np.isin(axis_of_sums(shape), range(len(shape)) if overlap is None else list(overlap))
    one_in_all = sums.matrix.tocoo()
    inner = one_in_all.data > 0
    weak = inner & ~is_exact[one_in_all.row]
    total_of = np.full(sums.matrix.shape[0], -1)
    total_of[one_in_all.row[~inner]] = one_in_all.col[~inner]
    cells, totals = one_in_all.col[weak], total_of[one_in_all.row[weak]]
    at = np.arange(len(cells))
    under = sparse.coo_array(
        (np.r_[np.ones(len(cells)), -np.ones(len(cells))], (np.r_[at, at], np.r_[totals, cells])),
        shape=(len(cells), sums.cells),
    )
    matrix = sparse.csr_array(sparse.vstack([sums.matrix, under]))
    most = np.full(matrix.shape[0], np.inf)
    most[: len(is_exact)][is_exact] = 0.0
    return Equations(matrix, np.zeros(matrix.shape[0]), most)


def _exact(lines: list[Places], columns: list[Places], weights: list[Floats], shape: tuple[int, int]) -> Equations:
    entries = (np.concatenate(weights), (np.concatenate(lines), np.concatenate(columns)))
    matrix = sparse.csr_array(sparse.coo_array(entries, shape=shape))
    return Equations(matrix, np.zeros(shape[0]), np.zeros(shape[0]))
