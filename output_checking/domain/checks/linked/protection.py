"""Owns how wide a hidden cell's bounds must stay. Each formula names its source. Must never look at what was shown."""

import numpy as np

from output_checking.domain.checks.linked.equations import Floats


def threshold_level(persons: Floats, threshold: int, *, empty_is_hidden: bool = False) -> Floats:
    """Return the protection level of each count: `threshold` where it is under the threshold, else 0.

    Bounds that are `threshold` apart let the count be anything from nobody to enough: had the reader bounds [a, b] with
    b - a < threshold, he would know a small group to within less than what the rule calls small.

    Source: minimum frequency rule, HandbookSDC section 4.2; the width is this project's reading of it, wider than the 'safety
    range' that tau-ARGUS takes by default. Example: threshold 10, counts 0, 3, 9, 10 give 0, 10, 10, 0.
    """
    least = 0 if empty_is_hidden else 1
    return np.where((persons >= least) & (persons < threshold), float(threshold), 0.0)


def p_percent_level(total: Floats, largest: Floats, second: Floats, *, p: float) -> Floats:
    """Return `p/100 * x1 + x1 + x2 - X` where that is positive: then the cell fails the p % rule.

    The second largest contributor, who knows x2, must not bound x1 from above to within p %.
    Source: HandbookSDC section 4.2.2, upper protection level. Example: X = 100, x1 = 80, x2 = 15, p = 10: 8 + 80 + 15 - 100 = 3.
    """
    return np.maximum(0.0, p / 100 * largest + largest + second - total)


def dominance_level(total: Floats, top: Floats, *, share: float) -> Floats:
    """Return `(x1 + … + xn) / k - X` where that is positive: then the cell fails the (n,k) rule.

    The total that the reader can exclude must be so large that the n largest are no more than k of it.
    Source: HandbookSDC section 4.2.2, table of upper protection levels. Example: X = 100, top two = 95, k = 0.9: 5.556.
    """
    return np.maximum(0.0, top / share - total)


def safety_range(total: Floats, *, percent: float) -> Floats:
    """Return `percent` of the cell's size: what a sum held by too few persons keeps.

    Source: tau-ARGUS manual, 'safety range' of the minimum frequency rule. Example: X = 250, 10 %: 25.
    """
    return percent / 100 * np.abs(total)
