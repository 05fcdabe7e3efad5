"""Owns the choice of further cells to hide, heuristically: for each cell that is bounded too narrowly, the cheapest way to move it.

Must never call a choice enough: `suppression.py` audits it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.linked.audit import Levels
from output_checking.domain.checks.linked.equations import Equations, Floats

Flags = NDArray[np.bool_]
_MOVED = 1e-6


@dataclass(frozen=True, kw_only=True)
class Task:
    """A table of which some cells must be hidden.

    Args:
        equations: how its cells hang together.
        truth: the cells.
        primary: cells that must be hidden, and totals that are not shown at all.
        eligible: cells that may be hidden to cover them. An empty cell should not be: a reader may know that it must be empty.
        cost: what hiding each cell loses, above 0.
        levels: how much of each cell must stay open.
        floor: least that a hidden cell can be, for all its reader knows.
        whole: cells are whole numbers.
    """

    equations: Equations
    truth: Floats
    primary: Flags
    eligible: Flags
    cost: Floats
    levels: Levels
    floor: float = 0.0
    whole: bool = True

    @property
    def need(self) -> Floats:
        """Return by how much each cell must be able to move."""
        return np.maximum(self.levels.width, self.levels.above)

    @property
    def room(self) -> Floats:
        """Return by how much each cell can be less than it is."""
        return self.truth - self.floor


def cover(task: Task, hidden: Flags, cell: int) -> Flags:
    """Return the hidden cells and those that let `cell` be as much greater as it needs, at least cost.

    Source: the linear programme of Robertson (1993) and Kelly, Golden and Assad (1992), HandbookSDC section 4.4.4: least
    `sum c_i |d_i|` with `A d = 0` and `d_p` = the protection level; hidden cells cost nothing. Cells with `d_i` not 0 are hidden, so
    that the table moved by d is one that the reader cannot rule out.
    """
    free = np.flatnonzero(hidden | task.eligible)
    moved = _move(task, hidden, cell, free)
    if moved is None:
        moved = _move(task, hidden, cell, np.arange(len(task.truth)))
    return hidden if moved is None else hidden | moved


def _move(task: Task, hidden: Flags, cell: int, free: NDArray[np.intp]) -> Flags | None:
    need = task.need[cell]
    per_unit = np.where(hidden, 1e-9, task.cost / np.clip(task.truth, 1.0, max(1.0, need)))[free]
    matrix = sparse.csr_array(task.equations.matrix[:, free])
    exact = task.equations.least == task.equations.most
    both = sparse.hstack([matrix, -matrix], format="csr")
    given: dict[str, object] = {"A_eq": both[exact], "b_eq": np.zeros(int(exact.sum()))} if exact.any() else {}
    if not exact.all():
        slack = (task.equations.matrix @ task.truth - task.equations.least)[~exact]
        given |= {"A_ub": -both[~exact], "b_ub": slack}
    at = int(np.searchsorted(free, cell))
    up = np.column_stack([np.zeros(len(free)), np.full(len(free), np.inf)])
    down = np.column_stack([np.zeros(len(free)), task.room[free]])
    up[at], down[at] = (need, need), (0.0, 0.0)
    answer = optimize.linprog(np.r_[per_unit, per_unit], bounds=np.vstack([up, down]), method="highs", **given)
    if answer.status != 0:
        return None
    change = np.abs(answer.x[: len(free)] - answer.x[len(free) :])
    moved = np.zeros(len(task.truth), dtype=bool)
    moved[free[change > _MOVED]] = True
    return moved
