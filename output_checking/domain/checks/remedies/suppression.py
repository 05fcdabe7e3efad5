"""Owns suppression: which cells to hide so that the audit passes, with as little lost as can be, and how that was found."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from output_checking.domain.checks.linked.audit import Exposed, audit, narrow_cells
from output_checking.domain.checks.linked.bounds import Bounds
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.remedies.cover import Flags, Task, cover
from output_checking.domain.checks.remedies.optimum import MOST_CELLS, least_cost

ROUNDS = 20
MOST_SECONDS = 2.0


class Method(StrEnum):
    """How the cells were chosen."""

    OPTIMAL = "optimal"
    HEURISTIC = "heuristic"


@dataclass(frozen=True)
class Suppression:
    """A choice of hidden cells that was audited.

    Args:
        hidden: all of them.
        method: proven least cost, or not.
        why: why it is not proven, empty where it is.
        narrow: cells that are still bounded too narrowly: none, unless the table cannot be protected.
        bounds: what its reader can work out.
    """

    hidden: Flags
    method: Method
    why: str
    narrow: tuple[Exposed, ...]
    bounds: Bounds


def suppress(task: Task) -> Suppression:
    """Return the cells to hide.

    Raises:
        CannotJudge: `linked.contradiction` when the cells and totals do not add up.
    """
    chosen = least_cost(task)
    if chosen is not None:
        return _audited(task, chosen, Method.OPTIMAL, "")
    return _audited(task, _heuristic(task), Method.HEURISTIC, _why_not_proven(task))


def suppress_all(tasks: Sequence[Task]) -> Suppression:
    """Return the cells to hide so that each of several audits passes: hiding more for one of them never narrows another's bounds.

    Args:
        tasks: at least one, on the cells of one table.

    Raises:
        CannotJudge: `linked.contradiction`.
    """
    chosen = suppress(tasks[0])
    for task in tasks[1:]:
        more = suppress(replace(task, primary=task.primary | chosen.hidden))
        if np.array_equal(more.hidden, chosen.hidden):
            chosen = replace(chosen, narrow=(*chosen.narrow, *more.narrow))
        else:
            why = chosen.why or "both the sums and the records behind them must stay open"
            chosen = replace(more, method=Method.HEURISTIC, why=why)
    return chosen


def _why_not_proven(task: Task) -> str:
    size = len(task.truth)
    if size > MOST_CELLS:
        return f"the table has {size:,} cells, over {MOST_CELLS:,}"
    if not np.array_equal(task.equations.least, task.equations.most):
        return "persons stand in several cells, so totals are no plain sums"
    return "the proof would have taken too long"


def _heuristic(task: Task) -> Flags:
    hidden = task.primary.copy()
    for _ in range(ROUNDS):
        narrow = _narrow(task, hidden)
        if not narrow:
            return _without_needless(task, hidden)
        before = hidden
        for one in sorted(narrow, key=lambda exposed: -exposed.width):
            hidden = cover(task, hidden, one.cell)
        if np.array_equal(before, hidden):
            break
    return hidden


def _narrow(task: Task, hidden: Flags) -> tuple[Exposed, ...]:
    known = shown_exactly(task.truth, hidden, floor=task.floor, whole=task.whole)
    return tuple(narrow_cells(task.equations, known, task.levels, truth=task.truth))


def _without_needless(task: Task, hidden: Flags) -> Flags:
    """Show again what need not be hidden, dearest first."""
    further = np.flatnonzero(hidden & ~task.primary)
    until = time.monotonic() + MOST_SECONDS
    for cell in further[np.argsort(-task.cost[further])]:
        if time.monotonic() > until:
            break
        tried = hidden.copy()
        tried[cell] = False
        if not _narrow(task, tried):
            hidden = tried
    return hidden


def _audited(task: Task, hidden: Flags, method: Method, why: str) -> Suppression:
    known = shown_exactly(task.truth, hidden, floor=task.floor, whole=task.whole)
    narrow, bounds = audit(task.equations, known, task.levels, truth=task.truth)
    return Suppression(hidden, method, why, tuple(narrow), bounds)
