"""Owns what a reader of several tables knows of their atoms, as linear constraints, and what follows from it.

Source: Fischetti and Salazar-Gonzalez (2001): the reader's problem is the least and the most that `matrix @ atoms` leaves to one.
Must never decide what is too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.differencing.pieces import Atoms, incidence
from output_checking.domain.checks.differencing.released import Floats, Released

_NEARLY = 1e-6
Places = NDArray[np.intp]


@dataclass(frozen=True)
class System:
    """What the reader knows of the atoms: `least <= matrix @ atoms <= most`.

    Args:
        matrix: one line for each cell that was shown.
        least, most: persons known in each.
        table: which table each line is of; 0 is the new one.
        cell: the cell's place in that table's grid.
        atoms: which atom stands for each column (columns that no line tells apart are joined).
    """

    matrix: sparse.csr_array
    least: Floats
    most: Floats
    table: Places
    cell: Places
    atoms: Places

    def of(self, keep: NDArray[np.bool_]) -> System:
        """Return some of its lines."""
        return System(
            self.matrix[keep], self.least[keep], self.most[keep], self.table[keep], self.cell[keep], self.atoms
        )

    def highest(self, atom: int) -> tuple[float, Floats]:
        """Return the most persons in an atom, and how the lines are weighed to know it; infinite where nothing bounds it."""
        return self._end(atom, sign=-1)

    def lowest(self, atom: int) -> float:
        """Return the least persons in an atom."""
        return max(0.0, -self._end(atom, sign=1)[0])

    def _end(self, atom: int, *, sign: int) -> tuple[float, Floats]:
        held = np.diff(self.matrix.indptr) > 0
        part = self.of(held)
        cost = np.zeros(part.matrix.shape[1])
        cost[atom] = sign
        given = constraints(part)
        answer = optimize.linprog(cost, bounds=(0, None), method="highs", **given.arguments)
        weights = np.zeros(self.matrix.shape[0])
        if answer.status != 0:
            return np.inf, weights
        weights[held] = given.weights(answer)
        return float(np.floor(-answer.fun + _NEARLY)), weights


def make_system(tables: Sequence[Released], atoms: Atoms) -> System:
    """Return what is known of the atoms of some tables; those that no cell tells apart are joined.

    Args:
        tables: completed; the new one first.
        atoms: of all of them.
    """
    parts, least, most, table_of, cell_of = [], [], [], [], []
    for place, table in enumerate(tables):
        known = np.flatnonzero((table.least.ravel() > 0) | np.isfinite(table.most.ravel()))
        parts.append(incidence(table, atoms)[known])
        least.append(table.least.ravel()[known])
        most.append(table.most.ravel()[known])
        table_of.append(np.full(len(known), place))
        cell_of.append(known)
    matrix = sparse.csc_array(sparse.vstack(parts))
    standing = _distinct_columns(matrix)
    return System(
        sparse.csr_array(matrix[:, standing]),
        np.concatenate(least),
        np.concatenate(most),
        np.concatenate(table_of),
        np.concatenate(cell_of),
        standing,
    )


def _distinct_columns(matrix: sparse.csc_array) -> Places:
    """One column of each kind; those of atoms that no cell holds are left out."""
    chance = (
        np.random.default_rng(20_011).integers(1, 2**62, size=(matrix.shape[0], 2), dtype=np.int64).astype(np.uint64)
    )
    marks = np.zeros((matrix.shape[1], 2), dtype=np.uint64)
    columns = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    for side in range(2):
        np.add.at(marks[:, side], columns, chance[matrix.indices, side])
    _, first = np.unique(marks, axis=0, return_index=True)
    held = np.diff(matrix.indptr)[first] > 0
    return np.sort(first[held])


@dataclass(frozen=True)
class Constraints:
    """A system as SciPy's programmes take it.

    Args:
        arguments: of `linprog`.
        exact: which lines are known exactly.
    """

    arguments: dict[str, object]
    exact: NDArray[np.bool_]

    def weights(self, answer: object) -> Floats:
        """Return how each line is weighed in a programme's solution."""
        found = np.zeros(len(self.exact))
        if self.exact.any():
            found[self.exact] = -answer.eqlin.marginals  # type: ignore[attr-defined]
        if not self.exact.all():
            count = int((~self.exact).sum())
            upper = answer.ineqlin.marginals  # type: ignore[attr-defined]
            found[~self.exact] = -(upper[:count] - upper[count:])
        return found


def constraints(system: System) -> Constraints:
    """Return a system as SciPy's programmes take it."""
    exact = system.least == system.most
    arguments: dict[str, object] = {}
    if exact.any():
        arguments |= {"A_eq": system.matrix[exact], "b_eq": system.least[exact]}
    if not exact.all():
        loose = system.matrix[~exact]
        arguments |= {
            "A_ub": sparse.vstack([loose, -loose]),
            "b_ub": np.r_[np.minimum(system.most[~exact], 1e12), -system.least[~exact]],
        }
    return Constraints(arguments, exact)
