"""Owns the cheap half of the reader's arithmetic: each sum bounds each of its cells by the others. Must never claim exactness.

Its bounds hold, but may be wider than the true ones; `bounds.py` sharpens them.
"""

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.linked.equations import Equations, Floats
from output_checking.domain.checks.linked.knowledge import Knowledge

ROUNDS = 200
_STEP = 1e-7
_Places = NDArray[np.intp]


def propagate(equations: Equations, known: Knowledge, *, rounds: int = ROUNDS) -> Knowledge:
    """Return the bounds after going through all sums until nothing is narrowed any more.

    Source: bound tightening of linear constraints (Brearley, Mitra and Williams 1975), as in every presolve: in
    `a.x = b`, a_j x_j lies between b minus the most and b minus the least that the other cells can add up to.
    A sum with one hidden cell thus gives that cell exactly.
    """
    entries = equations.matrix.tocoo()
    for _ in range(rounds):
        narrowed = _once(equations, known, (entries.row, entries.col, entries.data))
        moved = (narrowed.least > known.least + _STEP) | (narrowed.most < known.most - _STEP)
        known = narrowed
        if not moved.any():
            break
    return known


def _once(equations: Equations, known: Knowledge, entries: tuple[_Places, _Places, Floats]) -> Knowledge:
    lines, cells, weights = entries
    low, high = _ends(known, cells, weights)
    others_least = _without(low, lines, len(equations.least), missing=-np.inf)
    others_most = _without(high, lines, len(equations.least), missing=np.inf)
    part_least, part_most = equations.least[lines] - others_most, equations.most[lines] - others_least
    negative = weights < 0
    cell_least = np.where(negative, part_most, part_least) / weights
    cell_most = np.where(negative, part_least, part_most) / weights
    least, most = np.full(len(known.least), -np.inf), np.full(len(known.least), np.inf)
    np.maximum.at(least, cells, cell_least)
    np.minimum.at(most, cells, cell_most)
    return known.narrowed(least, most).drawn_in()


def _ends(known: Knowledge, cells: _Places, weights: Floats) -> tuple[Floats, Floats]:
    """The least and the most of each cell times its weight."""
    one, other = known.least[cells] * weights, known.most[cells] * weights
    return np.minimum(one, other), np.maximum(one, other)


def _without(part: Floats, lines: _Places, count: int, *, missing: float) -> Floats:
    """For each entry, what the other entries of its line add up to; `missing` where one of them is unbounded."""
    endless = ~np.isfinite(part)
    finite = np.where(endless, 0.0, part)
    total = np.bincount(lines, weights=finite, minlength=count)[lines] - finite
    others_endless = np.bincount(lines, weights=endless, minlength=count)[lines] - endless
    return np.where(others_endless > 0, missing, total)
