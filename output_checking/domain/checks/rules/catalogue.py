"""Owns the list of rules on cells. A rule that is not in it is never applied."""

from output_checking.domain.checks.rules import (
    all_the_same,
    class_disclosure,
    dominance,
    empty_cells,
    extremes,
    mode,
    p_percent,
    quantiles,
    ratios,
    threshold,
)

CELL_RULES = tuple(
    one.RULE
    for one in (
        threshold,
        empty_cells,
        class_disclosure,
        dominance,
        p_percent,
        extremes,
        quantiles,
        mode,
        all_the_same,
        ratios,
    )
)
