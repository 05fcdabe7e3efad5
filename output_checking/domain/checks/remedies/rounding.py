"""Owns rounding of counts: to a base, or to the middle of each six. Totals are rebuilt from the rounded cells, so that they agree.

Source: OpenSAFELY documentation, 'statistical disclosure control' (midpoint 6: `ceil(x / 6) * 6 - 3` for x above 0); HandbookSDC
section 4.6 (conventional rounding, and that totals rounded by themselves need not agree).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from output_checking.domain.checks.linked.equations import Floats


class Rounding(StrEnum):
    """What to round to."""

    BASE_3 = "base 3"
    BASE_5 = "base 5"
    BASE_6 = "base 6"
    BASE_10 = "base 10"
    MIDPOINT_6 = "midpoint 6"

    @property
    def base(self) -> int:
        """Return the distance between two rounded counts."""
        return int(self.value.rpartition(" ")[2])


@dataclass(frozen=True)
class Rounded:
    """A rounded table.

    Args:
        shown: what is shown, totals rebuilt.
        least, most: what the reader knows of each true count from it.
    """

    shown: Floats
    least: Floats
    most: Floats


def round_counts(counts: Floats, how: Rounding) -> Rounded:
    """Return the rounded table.

    Args:
        counts: the grid with totals last along each axis; whole numbers, 0 or more.
        how: what to round to. A count half way goes up.

    Examples (hand): base 5: 2, 3, 7, 8 give 0, 5, 5, 10, and 5 tells 3 to 7; midpoint 6: 0, 1, 6, 7 give 0, 3, 3, 9, and 9 tells 7 to 12.
    """
    inner = counts[tuple(slice(0, -1) for _ in counts.shape)]
    base = how.base
    if how is Rounding.MIDPOINT_6:
        shown = np.where(inner > 0, np.ceil(inner / base) * base - base / 2, 0.0)
        least = np.where(shown > 0, shown - base / 2 + 1, 0.0)
        most = np.where(shown > 0, shown + base / 2, 0.0)
    else:
        shown = np.floor(inner / base + 0.5) * base
        least = np.maximum(0.0, shown - base // 2)
        most = shown + (base - 1) // 2
    return Rounded(*(rebuilt(part) for part in (shown, least, most)))


def rebuilt(inner: Floats) -> Floats:
    """Return a grid with its totals, each the sum of its cells."""
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner
