"""Rule: a hidden cell must stay unknown. It is unsafe when margins and neighbours bound it more narrowly than its protection level.

Source: HandbookSDC section 4.3, 'the audit of a suppression pattern'; Fischetti and Salazar-Gonzalez (2001). However many
further cells were hidden, only these bounds tell whether it was enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from output_checking.domain.checks.linked.bounds import Bounds, Enough, bound
from output_checking.domain.checks.linked.equations import Equations, Floats
from output_checking.domain.checks.linked.knowledge import Knowledge

_SAME = 1e-6


@dataclass(frozen=True)
class Levels:
    """How much of each hidden cell must stay open, in the table's unit; 0 where nothing needs to.

    Args:
        width: how far apart its bounds must be.
        above: how far above the true value the upper bound must lie.
    """

    width: Floats
    above: Floats

    @property
    def wanted(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Say which cells need protection."""
        asked: np.ndarray[tuple[int], np.dtype[np.bool_]] = (self.width > 0) | (self.above > 0)
        return asked


@dataclass(frozen=True, kw_only=True)
class Exposed:
    """A hidden cell that a reader can bound too narrowly.

    Args:
        cell: its place in the flat table.
        least, most: the reader's bounds.
        width: the protection level that they are narrower than.
    """

    cell: int
    least: float
    most: float
    width: float


def only_width(width: Floats) -> Levels:
    """Return levels that ask for a width alone, as counts do."""
    return Levels(width, np.zeros_like(width))


def audit(equations: Equations, known: Knowledge, levels: Levels, *, truth: Floats) -> tuple[Sequence[Exposed], Bounds]:
    """Return the cells that are bounded too narrowly, and the bounds of all hidden cells.

    Args:
        equations: how the cells hang together.
        known: what the reader was shown.
        levels: how much of each cell must stay open.
        truth: the true cells; looked at only for `levels.above`.

    Raises:
        CannotJudge: `linked.contradiction`.
    """
    found = bound(equations, known)
    return exposed(found, levels, truth=truth), found


def narrow_cells(equations: Equations, known: Knowledge, levels: Levels, *, truth: Floats) -> Sequence[Exposed]:
    """Return the cells that are bounded too narrowly, without working out the bounds of cells that need no protection.

    Raises:
        CannotJudge: `linked.contradiction`.
    """
    return audit_roughly(equations, known, levels, truth=truth)[0]


def audit_roughly(
    equations: Equations, known: Knowledge, levels: Levels, *, truth: Floats
) -> tuple[Sequence[Exposed], Bounds]:
    """Return the cells that are bounded too narrowly, with exact bounds, and valid ones of the others: they may be wider than exact.

    Raises:
        CannotJudge: `linked.contradiction`.
    """
    enough = Enough(width=levels.width, above=np.where(levels.above > 0, truth + levels.above, -np.inf))
    found = bound(equations, known, levels.wanted, enough=enough)
    return exposed(found, levels, truth=truth), found


def exposed(found: Bounds, levels: Levels, *, truth: Floats) -> Sequence[Exposed]:
    """Return which of the bounds are narrower than the levels."""
    scale = 1e-9 * np.maximum(1.0, np.abs(truth))
    narrow = found.width < levels.width - _SAME - scale
    near = (found.known.most - truth < levels.above - _SAME - scale) & (levels.above > 0)
    return [
        Exposed(
            cell=int(at),
            least=float(found.known.least[at]),
            most=float(found.known.most[at]),
            width=float(max(levels.width[at], levels.above[at])),
        )
        for at in np.flatnonzero(narrow | near)
    ]
