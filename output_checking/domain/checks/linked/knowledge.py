"""Owns what a reader knows of each cell before any arithmetic: the least and the most it can be. Must never hold the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.linked.equations import Floats


@dataclass(frozen=True)
class Knowledge:
    """Bounds of each cell, in the table's own unit.

    Args:
        least, most: one for each cell; equal where the cell was shown exactly; `inf` where nothing bounds it.
        whole: cells are whole numbers (counts), so bounds may be drawn in to the next one.
    """

    least: Floats
    most: Floats
    whole: bool = True

    def drawn_in(self) -> "Knowledge":
        """Return the bounds at whole numbers, where cells are whole."""
        if not self.whole:
            return self
        return Knowledge(np.ceil(self.least - _NEARLY), np.floor(self.most + _NEARLY), whole=True)

    def narrowed(self, least: Floats, most: Floats) -> "Knowledge":
        """Return what is known when these bounds are known as well."""
        return Knowledge(np.maximum(self.least, least), np.minimum(self.most, most), whole=self.whole)


_NEARLY = 1e-6


def shown_exactly(values: Floats, hidden: NDArray[np.bool_], *, floor: float = 0.0, whole: bool = True) -> Knowledge:
    """Return what a reader knows of a table with some cells hidden.

    Args:
        values: what stands in each cell; not looked at where hidden.
        hidden: cells that were not shown.
        floor: least that a hidden cell can be: 0 for counts and sums of what is never negative, else `-inf`.
        whole: cells are whole numbers.
    """
    return Knowledge(np.where(hidden, floor, values), np.where(hidden, np.inf, values), whole=whole)


def shown_rounded(values: Floats, hidden: NDArray[np.bool_], *, slack: float | Floats, whole: bool = True) -> Knowledge:
    """Return what a reader knows of a table whose cells were shown to within `slack` (half of the base, or the noise).

    Args:
        values: what was shown, in each cell.
        hidden: cells that were not shown.
        slack: by how much the truth may lie to either side; never below 0 for the truth.
        whole: cells are whole numbers.
    """
    least, most = np.maximum(0.0, values - slack), values + slack
    return Knowledge(np.where(hidden, 0.0, least), np.where(hidden, np.inf, most), whole=whole).drawn_in()
