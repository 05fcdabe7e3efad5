"""Owns the choice of further cells to hide at the least cost, proven least. Must never be asked for large tables: it says so.

Source: Fischetti and Salazar-Gonzalez (2001), 'Solving the cell suppression problem on tabular data with linear constraints': a
master problem chooses cells; for each cell that its choice leaves bounded too narrowly, the dual of the attacker's problem gives an
inequality that every good choice must keep (a capacity constraint); until none is left.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.linked.audit import narrow_cells
from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.remedies.cover import Flags, Task

MOST_CELLS = 400
MOST_SECONDS = 4.0
_ZERO = 1e-9


@dataclass
class _Master:
    """Which cells to hide, by the inequalities found so far."""

    task: Task
    lines: list[Floats] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)

    def add(self, line: Floats, right: float) -> None:
        # in parts of what is wanted, so that small levels are not lost beside the solver's tolerance
        self.lines.append(np.minimum(line / right, 1.0))
        self.rights.append(1.0)

    def choose(self, seconds: float) -> Flags | None:
        task = self.task
        allowed = np.where(task.eligible | task.primary, 1.0, 0.0)
        limits = optimize.Bounds(np.where(task.primary, 1.0, 0.0), allowed)
        rules = optimize.LinearConstraint(sparse.csr_array(np.array(self.lines)), np.array(self.rights), np.inf)
        cost = np.where(task.primary, 0.0, task.cost)
        whole = np.ones(len(cost))
        answer = optimize.milp(
            cost, constraints=rules, bounds=limits, integrality=whole, options={"time_limit": max(0.05, seconds)}
        )
        return np.asarray(answer.x > 0.5) if answer.status == 0 else None  # noqa: PLR2004 - 0 or 1


def least_cost(task: Task, *, seconds: float = MOST_SECONDS) -> Flags | None:
    """Return the cells to hide, at proven least cost; None where that was not found in the time, or cannot be.

    Args:
        task: at most MOST_CELLS cells.
        seconds: after which it gives up.
    """
    wanted = np.flatnonzero(task.levels.wanted)
    if len(task.truth) > MOST_CELLS or not np.array_equal(task.equations.least, task.equations.most):
        return None
    master = _Master(task)
    for cell in wanted:
        _first_rules(task, int(cell), master)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        chosen = master.choose(left) if master.lines else task.primary.copy()
        if chosen is None:
            return None
        known = shown_exactly(task.truth, chosen, floor=task.floor, whole=task.whole)
        narrow = narrow_cells(task.equations, known, task.levels, truth=task.truth)
        if not narrow:
            return chosen
        for one in narrow:
            _rules(task, chosen, one.cell, master)
    return None


def _first_rules(task: Task, cell: int, master: _Master) -> None:
    """In each sum that the cell stands in, something else must be hidden."""
    columns = task.equations.matrix
    for line in np.flatnonzero(columns[:, [cell]].toarray().ravel()):
        others = (columns[[line]].toarray().ravel() != 0).astype(float)
        others[cell] = 0
        master.add(others, 1.0)


def _rules(task: Task, chosen: Flags, cell: int, master: _Master) -> None:
    up, down = _capacity(task, chosen, cell, 1.0), _capacity(task, chosen, cell, -1.0)
    if task.levels.width[cell] > 0:
        master.add(up + down, float(task.levels.width[cell]))
    if task.levels.above[cell] > 0:
        master.add(up, float(task.levels.above[cell]))


def _capacity(task: Task, chosen: Flags, cell: int, sign: float) -> Floats:
    """What hiding each cell would add at most to how far the cell can move (up with sign 1, down with -1)."""
    cost = np.zeros(len(task.truth))
    cost[cell] = -sign
    limits = np.column_stack([np.where(chosen, -task.room, 0.0), np.where(chosen, np.inf, 0.0)])
    need = max(float(task.need[cell]), 1.0)
    limits[cell] = np.clip(limits[cell], -2 * need, 2 * need)
    matrix = task.equations.matrix
    answer = optimize.linprog(cost, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=limits, method="highs")
    direction = np.zeros(len(task.truth))
    direction[cell] = sign
    reduced = direction + matrix.T @ np.asarray(answer.eqlin.marginals)
    upward = np.where(reduced > _ZERO, 4 * need, 0.0)  # nothing bounds a hidden cell from above
    upward[cell] = max(0.0, float(reduced[cell])) * 2 * need
    return np.asarray(upward + np.maximum(0.0, -reduced) * np.minimum(task.room, 4 * need))
