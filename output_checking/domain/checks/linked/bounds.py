"""Owns the exact bounds of hidden cells: what two linear programmes per cell would give, with few of them solved.

Must never widen what propagation found, nor report a bound that was not proven.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize, sparse
from output_checking.domain.checks.linked.equations import Equations, Floats, Places
from output_checking.domain.checks.linked.knowledge import Knowledge
from output_checking.domain.checks.linked.propagation import propagate
from output_checking.domain.checks.refusal import CannotJudge

_SAME = 1e-6
_UNBOUNDED = (3, 4)


@dataclass(frozen=True)
class Bounds:
    """What a reader can work out.

    Args:
        known: least and most of each cell.
        programmes: linear programmes that were solved for it.
    """

    known: Knowledge
    programmes: int

    @property
    def width(self) -> Floats:
        """Return how far apart the bounds of each cell are; `inf` where there is none."""
        return self.known.most - self.known.least


@dataclass(frozen=True)
class Enough:
    """How wide the bounds of each cell are to be for it not to matter how wide they are.

    Args:
        width: how far apart; `inf` where exact bounds are asked for.
        above: how high the upper one must lie.
    """

    width: Floats
    above: Floats


def bound(
    equations: Equations,
    known: Knowledge,
    wanted: NDArray[np.bool_] | None = None,
    *,
    enough: Enough | None = None,
) -> Bounds:
    """Return the exact bounds of the wanted cells (all hidden ones when not said), and valid ones of the others.

    Args:
        equations: how the cells hang together.
        known: what the reader was shown.
        wanted: cells to bound.
        enough: cells whose bounds are wide enough keep bounds that may be too wide; all are exact when not said.

    Source: Fischetti and Salazar-Gonzalez (2001), the attacker's two problems `min x_i` and `max x_i` subject to the
    published sums; HandbookSDC section 4.3. Solved by HiGHS. Cells that propagation settles, or that stood at their bound
    in an earlier solution, need no programme; sums that share no open cell are solved apart.

    Raises:
        CannotJudge: `linked.contradiction` when what was shown cannot be true together.
    """
    tight = propagate(equations, known)
    _refuse_contradiction(tight)
    open_cells = tight.most - tight.least > _SAME
    least, most = tight.least.copy(), tight.most.copy()
    solved = 0
    for places in _components(equations, open_cells):
        targets = places if wanted is None else places[wanted[places]]
        if len(targets):
            part = _Part(equations, tight, places)
            solved += part.sharpen(targets, least, most, _endless(equations) if enough is None else enough)
    return Bounds(Knowledge(least, most, whole=known.whole).drawn_in(), solved)


def _endless(equations: Equations) -> Enough:
    return Enough(np.full(equations.cells, np.inf), np.full(equations.cells, np.inf))


def _refuse_contradiction(known: Knowledge) -> None:
    scale = np.maximum(1.0, np.abs(np.where(np.isfinite(known.most), known.most, 1.0)))
    if bool((known.least > known.most + _SAME * scale).any()):
        raise _contradiction()


def _contradiction() -> CannotJudge:
    return CannotJudge(
        "The cells and totals do not add up, so no reader could believe them all. Check that each total is made from the "
        "same records as its cells.",
        code="linked.contradiction",
    )


def _components(equations: Equations, open_cells: NDArray[np.bool_]) -> list[Places]:
    """The open cells, in groups that share no sum."""
    places = np.flatnonzero(open_cells)
    if not len(places):
        return []
    part = equations.matrix[:, places]
    if not part.nnz:
        return [places[one : one + 1] for one in range(len(places))]
    count, label = sparse.csgraph.connected_components(part.T @ part != 0, directed=False)
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(1, count))
    return [places[group] for group in np.split(order, starts)]


@dataclass
class _Seen:
    """The least and the most of each cell in all solutions so far."""

    lowest: Floats
    highest: Floats

    def note(self, solution: Floats | None) -> None:
        if solution is not None:
            np.minimum(self.lowest, solution, out=self.lowest)
            np.maximum(self.highest, solution, out=self.highest)

    def is_wide(self, width: Floats, above: Floats) -> NDArray[np.bool_]:
        wide: NDArray[np.bool_] = (self.highest - self.lowest >= width) & (self.highest >= above)
        return wide


def _one(cells: int, at: int, sign: float) -> Floats:
    cost = np.zeros(cells)
    cost[at] = sign
    return cost


class _Part:
    """One group of open cells with the sums they stand in."""

    def __init__(self, equations: Equations, known: Knowledge, places: Places) -> None:
        self.places = places
        lines = np.flatnonzero(np.diff(equations.matrix[:, places].indptr))
        matrix = equations.matrix[lines]
        settled = np.ones(equations.cells)
        settled[places] = 0
        fixed = matrix @ (settled * np.where(np.isfinite(known.least), known.least, 0.0))
        self.matrix = sparse.csr_array(matrix[:, places])
        self.least, self.most = equations.least[lines] - fixed, equations.most[lines] - fixed
        self.limits = np.column_stack([known.least[places], known.most[places]])
        self.given = self._constraints()

    def _constraints(self) -> dict[str, object]:
        exact = self.least == self.most
        over, under = np.isfinite(self.most) & ~exact, np.isfinite(self.least) & ~exact
        given: dict[str, object] = {"bounds": self.limits, "method": "highs"}
        if exact.any():
            given |= {"A_eq": self.matrix[exact], "b_eq": self.least[exact]}
        if over.any() or under.any():
            given["A_ub"] = sparse.vstack([self.matrix[over], -self.matrix[under]])
            given["b_ub"] = np.r_[self.most[over], -self.least[under]]
        return given

    def sharpen(self, targets: Places, least: Floats, most: Floats, enough: Enough) -> int:
        """Write the bounds of `targets` into `least` and `most`, exact unless wide `enough`; return how many programmes that took."""
        seen = _Seen(np.full(len(self.places), np.inf), np.full(len(self.places), -np.inf))
        asked = np.flatnonzero(np.isin(self.places, targets))
        width, above = enough.width[self.places], enough.above[self.places]
        solved = self._move_together(asked, seen, width, above) if np.isfinite(width[asked]).any() else 0
        for at in asked:
            for sign in (1.0, -1.0):
                end = self.limits[at, 0] if sign > 0 else self.limits[at, 1]
                reached = seen.lowest[at] <= end + _SAME if sign > 0 else seen.highest[at] >= end - _SAME
                if reached or seen.is_wide(width, above)[at]:
                    continue
                solution = self._solve(_one(len(self.places), int(at), sign))
                solved += 1
                seen.note(solution)
                if solution is not None:
                    ends = least if sign > 0 else most
                    ends[self.places[at]] = solution[at]
        return solved

    def _move_together(self, asked: Places, seen: _Seen, width: Floats, above: Floats) -> int:
        """Look for solutions in which many cells at once are far from where they were, and return how many programmes that took."""
        chance, solved, left = np.random.default_rng(0), 0, len(asked) + 1
        open_ = asked
        while len(open_) < left:
            left = len(open_)
            for sign in (1.0, -1.0):
                cost = np.zeros(len(self.places))
                cost[open_] = sign * chance.uniform(0.5, 1.5, len(open_))
                seen.note(self._solve(cost))
                solved += 1
            open_ = asked[~seen.is_wide(width, above)[asked]]
            if not len(open_):
                break
        return solved

    def _solve(self, cost: Floats) -> Floats | None:
        """A solution of least cost; None where there is no bound."""
        answer = optimize.linprog(cost, **self.given)
        if answer.status == 0:
            return np.asarray(answer.x, dtype=np.float64)
        if answer.status in _UNBOUNDED:
            return None
        raise _contradiction()
