"""Owns how much a remedy loses, on one scale for all of them, so that they can be put in order.

The loss is the share of the table that its reader no longer has: `sum |true - shown| / sum true` over all cells that the output had,
totals included; a hidden cell is lost whole; of merged levels the reader has their mean. This project's own measure, after the
information loss of HandbookSDC section 4.7 (distance between the original and the protected table).
"""

import numpy as np

from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.remedies.cover import Flags


def lost(truth: Floats, shown: Floats, hidden: Flags, *, published: Flags) -> float:
    """Return the loss, 0 to 1.

    Args:
        truth: true cells.
        shown: what is shown instead; not looked at where hidden.
        hidden: cells that are not shown any more.
        published: cells that the output had.

    Example (hand): 10, 20, 30 with 30 hidden: 30 / 60 = 0.5; 12, 18 to base 5: (2 + 2) / 30 = 0.133.
    """
    away = np.where(hidden, np.abs(truth), np.abs(truth - np.where(hidden, truth, shown)))[published].sum()
    whole = np.abs(truth)[published].sum()
    return float(min(1.0, away / whole)) if whole else 0.0
