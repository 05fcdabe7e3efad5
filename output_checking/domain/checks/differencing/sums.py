"""Rule: no small group may follow from sums and differences over several tables.

Source: HandbookSDC section 4.5, linked tables as one system; the reader's problem is that of Fischetti and Salazar-Gonzalez (2001),
`max x_j`, over the atoms of the tables' common cross-classification. Formula: unsafe when an atom that may hold somebody can hold
no more than threshold - 1. Any sum or difference that gives a small group exactly bounds each of its atoms by its size, so none is
missed; the bound is asked of all tables together, and only counts when neither the new nor the earlier ones gave one as narrow alone.
An atom that surely holds somebody is small as well where its least and its most follow from different tables: rounded counts beside
hidden cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.gap import Gap, Unsettled, Way
from output_checking.domain.checks.differencing.pieces import Atoms, describe, find_atoms
from output_checking.domain.checks.differencing.population import NO_DOMAINS
from output_checking.domain.checks.differencing.released import Floats, Released
from output_checking.domain.checks.differencing.system import System, constraints, make_system

MOST_ATOMS = 20_000
MOST_CELLS = 20_000
MOST_PROGRAMMES = 1_000
_NEARLY = 1e-6
Places = NDArray[np.intp]


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
    system = make_system(tables, atoms)
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


class _Search:
    """Asks how many persons each atom can hold."""

    def __init__(self, tables: Sequence[Released], atoms: Atoms, system: System, threshold: int) -> None:
        self._tables, self._atoms, self._system, self._threshold = tables, atoms, system, threshold
        self._parts = system.of(system.table == 0), system.of(system.table > 0)
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
        lines = np.flatnonzero(np.abs(weights) > _NEARLY)
        if all(self._highest(part, atom)[0] > highest for part in self._parts) and self._is_known_to_be_there(weights):
            told |= (weights @ self._system.matrix) > _NEARLY
            return self._gap(atom, lines, least=1, most=highest)
        lowest = self._lowest(self._system, atom)
        if lowest < 1 or any(self._is_told_by(part, atom, highest - lowest) for part in self._parts):
            return None
        told[atom] = True
        return self._gap(atom, lines, least=lowest, most=highest)

    def _is_told_by(self, part: System, atom: int, width: float) -> bool:
        """Whether the new table alone, or the earlier ones, tell as narrowly how few are there."""
        lowest = self._lowest(part, atom)
        return lowest >= 1 and self._highest(part, atom)[0] - lowest <= width

    def _highest(self, system: System, atom: int) -> tuple[float, Floats]:
        self._solved += 1
        return system.highest(atom)

    def _lowest(self, system: System, atom: int) -> float:
        self._solved += 1
        return system.lowest(atom)

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

    def _gap(self, atom: int, lines: Places, *, least: float, most: float) -> Gap:
        tables = sorted({int(one) for one in self._system.table[lines]} - {0})
        own = lines[self._system.table[lines] == 0]
        cell = int(self._system.cell[own[0]]) if len(own) else 0
        return Gap(
            way=Way.SUMS,
            cell=cell,
            where=self._tables[0].where(cell),
            earlier=tuple(self._tables[at].name for at in tables),
            earlier_cell=describe(self._atoms, int(self._system.atoms[atom])),
            least=int(least),
            most=int(most),
        )


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
    given = constraints(system).arguments
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
