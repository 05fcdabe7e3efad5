"""Rule: no small group may follow from sums and differences over several tables.

Source: HandbookSDC section 4.5, linked tables as one system; the reader's problem is that of Fischetti and Salazar-Gonzalez (2001),
`max x_j`, over the atoms of the tables' common cross-classification. Formula: unsafe when an atom that may hold somebody can hold
no more than threshold - 1. Any sum or difference that gives a small group exactly bounds each of its atoms by its size, so none is
missed; the bound is asked of all tables together, and only counts when neither the new nor the earlier ones gave one as narrow alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.gap import Gap, Unsettled, Way
from output_checking.domain.checks.differencing.pieces import Atoms, describe, find_atoms, incidence
from output_checking.domain.checks.differencing.population import NO_DOMAINS
from output_checking.domain.checks.differencing.released import Floats, Released

MOST_ATOMS = 20_000
MOST_CELLS = 20_000
MOST_PROGRAMMES = 400
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


def find_sums(
    new: Released, earlier: Sequence[Released], *, threshold: int, domains: Domains = NO_DOMAINS
) -> tuple[list[Gap], list[Unsettled]]:
    """Return the small groups that follow from the new table and all earlier ones together, and what was not followed.

    Args:
        new, earlier: completed tables of one source and version, with axes in the same order.
        threshold: fewest persons.
        domains: what is known of columns.
    """
    tables = [new, *earlier]
    why = _beyond(tables)
    if why:
        return [], [why]
    atoms = find_atoms(tables, domains=domains)
    if atoms.count > MOST_ATOMS:
        return [], [_too_many("atoms", atoms.count, MOST_ATOMS)]
    system = _system(tables, atoms)
    return _Search(tables, atoms, system, threshold).run()


def _beyond(tables: Sequence[Released]) -> Unsettled | None:
    cells = sum(table.least.size for table in tables)
    if cells > MOST_CELLS:
        return _too_many("cells", cells, MOST_CELLS)
    if any(len({axis.column for axis in table.axes}) < len(table.axes) for table in tables):
        return _too_many("tables that split twice by one column", 1, 0)
    if not all(table.is_exclusive for table in tables):
        return Unsettled(
            code="differencing.persons_in_several_cells",
            sentence="Persons stand in several cells of a table, so sums over several tables do not follow from its counts.",
            figures={},
        )
    return None


def _too_many(what: str, count: int, most: int) -> Unsettled:
    return Unsettled(
        code="differencing.too_large",
        sentence=f"The new table and the earlier ones together have {count:,} {what}, more than the {most:,} that are followed "
        "through sums over several tables; each earlier table was compared by itself.",
        figures={what: count, "bound": most},
    )


def _system(tables: Sequence[Released], atoms: Atoms) -> System:
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


class _Search:
    """Asks how many persons each atom can hold."""

    def __init__(self, tables: Sequence[Released], atoms: Atoms, system: System, threshold: int) -> None:
        self._tables, self._atoms, self._system, self._threshold = tables, atoms, system, threshold
        self._solved = 0

    def run(self) -> tuple[list[Gap], list[Unsettled]]:
        known = _all_large(self._system, self._threshold)
        if known is None:
            return [], [_disagree()]
        gaps: list[Gap] = []
        told = np.zeros(self._system.matrix.shape[1], dtype=bool)
        for atom in np.flatnonzero(~known):
            if told[atom]:
                continue
            if self._solved >= MOST_PROGRAMMES:
                return gaps, [] if gaps else [_too_many("small atoms", int((~known).sum()), MOST_PROGRAMMES)]
            gap = self._ask(int(atom), told)
            gaps += [gap] if gap else []
        return gaps, []

    def _ask(self, atom: int, told: NDArray[np.bool_]) -> Gap | None:
        highest, weights = self._highest(self._system, atom)
        if not 1 <= highest < self._threshold:
            return None
        for part in (self._system.table == 0, self._system.table > 0):
            if self._highest(self._system.of(part), atom)[0] <= highest:
                return None
        if not self._is_known_to_be_there(weights):
            return None
        lines = np.flatnonzero(np.abs(weights) > _NEARLY)
        told |= (weights @ self._system.matrix) > _NEARLY
        return self._gap(atom, lines, highest)

    def _is_known_to_be_there(self, weights: Floats) -> bool:
        """Whether the sum that bounds the group is surely of somebody, and tells more than the new table's own rounding."""
        system = self._system
        ends = np.minimum(system.most, 1e12)
        least = float(np.where(weights > 0, weights * system.least, weights * ends).sum())
        most = float(np.where(weights > 0, weights * ends, weights * system.least).sum())
        if self._tables[0].is_exact:
            return least >= 1 - _NEARLY
        own = (system.table == 0) & (np.abs(weights) > _NEARLY)
        rounding = float((ends - system.least)[own].max(initial=0.0))
        return least >= 1 - _NEARLY and most - least < rounding - _NEARLY

    def _highest(self, system: System, atom: int) -> tuple[float, Floats]:
        """The most persons in an atom, and how the cells were weighed to know it."""
        self._solved += 1
        held = np.flatnonzero(np.diff(system.matrix.indptr))
        part = system.of(np.isin(np.arange(system.matrix.shape[0]), held))
        cost = np.zeros(part.matrix.shape[1])
        cost[atom] = -1
        given = _constraints(part)
        answer = optimize.linprog(cost, bounds=(0, None), method="highs", **given.arguments)
        if answer.status != 0:
            return np.inf, np.zeros(system.matrix.shape[0])
        weights = np.zeros(system.matrix.shape[0])
        weights[held] = given.weights(answer)
        return float(np.floor(-answer.fun + _NEARLY)), weights

    def _gap(self, atom: int, lines: Places, highest: float) -> Gap:
        tables = sorted({int(one) for one in self._system.table[lines]} - {0})
        own = lines[self._system.table[lines] == 0]
        cell = int(self._system.cell[own[0]]) if len(own) else 0
        return Gap(
            way=Way.SUMS,
            cell=cell,
            where=self._tables[0].where(cell),
            earlier=tuple(self._tables[at].name for at in tables),
            earlier_cell=describe(self._atoms, int(self._system.atoms[atom])),
            least=1,
            most=int(highest),
        )


@dataclass(frozen=True)
class _Constraints:
    arguments: dict[str, object]
    exact: NDArray[np.bool_]

    def weights(self, answer: object) -> Floats:
        found = np.zeros(len(self.exact))
        if self.exact.any():
            found[self.exact] = -answer.eqlin.marginals  # type: ignore[attr-defined]
        if not self.exact.all():
            count = int((~self.exact).sum())
            upper = answer.ineqlin.marginals  # type: ignore[attr-defined]
            found[~self.exact] = -(upper[:count] - upper[count:])
        return found


def _constraints(system: System) -> _Constraints:
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
    return _Constraints(arguments, exact)


def _all_large(system: System, threshold: int) -> NDArray[np.bool_] | None:
    """Which atoms are seen at once to be able to hold `threshold` persons: as many as one solution can fill, again and again.

    None where no counts of atoms fit all that was shown.
    """
    atoms = system.matrix.shape[1]
    large = np.zeros(atoms, dtype=bool)
    while not large.all():
        answer = _fill(system, ~large, threshold)
        if answer is None:
            return None
        grown = answer >= threshold - _NEARLY
        if not (grown & ~large).any():
            break
        large |= grown
    return large


def _fill(system: System, wanted: NDArray[np.bool_], threshold: int) -> Floats | None:
    """Atoms that fit, with as much as can be in the wanted ones, counting each up to the threshold."""
    atoms, places = system.matrix.shape[1], np.flatnonzero(wanted)
    given = _constraints(system).arguments
    extra = sparse.csr_array((system.matrix.shape[0], len(places)))
    cut = sparse.hstack([-sparse.eye_array(atoms, format="csr")[places], sparse.eye_array(len(places), format="csr")])
    arguments: dict[str, object] = {"A_ub": cut, "b_ub": np.zeros(len(places))}
    if "A_eq" in given:
        matrix = given["A_eq"]
        arguments |= {"A_eq": sparse.hstack([matrix, extra[: matrix.shape[0]]]), "b_eq": given["b_eq"]}  # type: ignore[attr-defined]
    if "A_ub" in given:
        loose = given["A_ub"]
        wide = sparse.hstack([loose, sparse.csr_array((loose.shape[0], len(places)))])  # type: ignore[attr-defined]
        arguments |= {"A_ub": sparse.vstack([wide, cut]), "b_ub": np.r_[given["b_ub"], np.zeros(len(places))]}
    cost = np.r_[np.zeros(atoms), -np.ones(len(places))]
    limits = np.column_stack(
        [np.zeros(atoms + len(places)), np.r_[np.full(atoms, np.inf), np.full(len(places), threshold)]]
    )
    answer = optimize.linprog(cost, bounds=limits, method="highs", **arguments)
    return np.asarray(answer.x[:atoms]) if answer.status == 0 else None


def _disagree() -> Unsettled:
    return Unsettled(
        code="differencing.counts_disagree",
        sentence="The counts of the new table and of the earlier ones cannot all be of the same records: the data changed, or "
        "persons stand in several cells.",
        figures={},
    )
