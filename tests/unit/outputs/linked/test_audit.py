"""Protection levels worked out by hand, and what the audit calls unsafe."""

import numpy as np
import pytest

from output_checking.domain.checks.linked.audit import Levels, audit, audit_roughly, only_width
from output_checking.domain.checks.linked.equations import table_equations
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.linked.protection import (
    dominance_level,
    p_percent_level,
    safety_range,
    threshold_level,
)
from tests.factories.margins import with_margins


def test_levels_by_hand() -> None:
    one = np.array([100.0])
    assert threshold_level(np.array([0.0, 1, 9, 10]), 10).tolist() == [0, 10, 10, 0]
    assert threshold_level(np.array([0.0, 1]), 10, empty_is_hidden=True).tolist() == [10, 10]
    assert p_percent_level(one, np.array([80.0]), np.array([15.0]), p=10).tolist() == [3]
    assert p_percent_level(one, np.array([50.0]), np.array([15.0]), p=10).tolist() == [0]
    assert dominance_level(one, np.array([95.0]), share=0.9)[0] == pytest.approx(5.5556, abs=1e-4)
    assert safety_range(np.array([-250.0]), percent=10).tolist() == [25]


def test_a_second_hidden_cell_is_not_enough_where_the_margin_is_small() -> None:
    """Row 3 + 4 + 20 with total 27, the first two hidden: both are 0 to 7, seven apart, less than the threshold of 10."""
    table = with_margins(np.array([[3.0, 4, 20], [40, 50, 60]]))
    hidden = np.zeros((3, 4), dtype=bool)
    hidden[0, :2] = hidden[1, :2] = True
    levels = only_width(np.where(hidden, threshold_level(table, 10), 0.0).ravel())
    narrow, found = audit(
        table_equations((2, 3)), shown_exactly(table.ravel(), hidden.ravel()), levels, truth=table.ravel()
    )
    assert [(one.cell, one.least, one.most, one.width) for one in narrow] == [(0, 0, 7, 10), (1, 0, 7, 10)]
    assert found.width[4:6].tolist() == [7, 7]


def test_a_dominated_sum_needs_room_above_it() -> None:
    """Sums 100 (x1 = 80, x2 = 15: level 3) and 2 hidden, total 102: the upper bound is 102, only 2 above the truth."""
    values = np.array([100.0, 2, 102])
    levels = Levels(np.zeros(3), np.array([3.0, 0, 0]))
    known = shown_exactly(values, np.array([True, True, False]), whole=False)
    narrow, _ = audit(table_equations((2,)), known, levels, truth=values)
    assert [(one.cell, one.most) for one in narrow] == [(0, 102)]


def test_a_rough_audit_finds_the_same_narrow_cells_with_the_same_bounds() -> None:
    """30 random tables with hidden cells: what needs protection and lacks it is found with exact bounds by both."""
    chance = np.random.default_rng(5)
    for _ in range(30):
        table = with_margins(chance.choice([2.0, 5, 12, 30], (5, 4)))
        hidden = (table < 10) | (chance.random(table.shape) < 0.15)
        known = shown_exactly(table.ravel(), hidden.ravel())
        levels = Levels(np.where(table < 10, 10.0, 0.0).ravel(), np.where(table == 12, 9.0, 0.0).ravel())
        equations = table_equations((5, 4))
        exact, bounds = audit(equations, known, levels, truth=table.ravel())
        rough, wider = audit_roughly(equations, known, levels, truth=table.ravel())
        assert rough == exact
        assert (wider.known.least <= bounds.known.least).all()
        assert (wider.known.most >= bounds.known.most).all()
