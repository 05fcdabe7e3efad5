"""Suppression against an exact attacker: two linear programmes for each hidden cell, written apart."""

import numpy as np
import pytest

from output_checking.domain.checks.linked.audit import Levels, only_width
from output_checking.domain.checks.linked.equations import table_equations
from output_checking.domain.checks.linked.protection import threshold_level
from output_checking.domain.checks.remedies.cover import Task
from output_checking.domain.checks.remedies.suppression import Method, suppress
from tests.factories.margins import attack, with_margins

THRESHOLD = 10
VALUES = (0, 1, 2, 4, 7, 9, 10, 12, 20, 35, 60, 100, 300)


def count_task(inner: np.ndarray) -> Task:
    full = with_margins(inner).ravel()
    levels = threshold_level(full, THRESHOLD)
    return Task(
        equations=table_equations(inner.shape),
        truth=full,
        primary=levels > 0,
        eligible=full > 0,
        cost=full + 1,
        levels=only_width(levels),
    )


def _random(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    shape = int(chance.integers(2, 8)), int(chance.integers(2, 8))
    weights = np.linspace(1, chance.uniform(1, 6), len(VALUES))
    return chance.choice(VALUES, shape, p=weights / weights.sum()).astype(float)


@pytest.mark.parametrize("part", range(10))
def test_200_random_tables_keep_every_small_cell_open(part: int) -> None:
    for seed in range(20 * part, 20 * part + 20):
        inner = _random(seed)
        task = count_task(inner)
        found = suppress(task)
        assert found.narrow == ()
        hidden = found.hidden.reshape(inner.shape[0] + 1, -1)
        least, most = attack(with_margins(inner), hidden)
        small = task.primary.reshape(hidden.shape)
        assert not (most - least < THRESHOLD)[small].any(), seed


def test_the_least_cost_by_hand() -> None:
    """A 3 x 3 table with one small cell: the cheapest square of cells around it, by persons, of which each can move by 10.

    Beside 4 in its row stand 20 and 30, in its column 50 and 60; the squares close with 25, 70, 80 and 90. The cheapest is
    20 + 50 + 25 (+ 1 for each cell).
    """
    inner = np.array([[4.0, 20, 30], [50, 25, 80], [60, 70, 90]])
    found = suppress(count_task(inner))
    assert found.method is Method.OPTIMAL
    assert sorted(map(int, np.flatnonzero(found.hidden))) == [0, 1, 4, 5]


def test_a_large_table_is_covered_heuristically_and_says_so() -> None:
    chance = np.random.default_rng(3)
    inner = chance.poisson(60, (25, 20)).astype(float)
    inner.ravel()[chance.choice(500, 8, replace=False)] = 5
    found = suppress(count_task(inner))
    assert (found.method, found.narrow) == (Method.HEURISTIC, ())
    assert "546 cells" in found.why


def test_a_dominated_sum_is_given_the_room_it_needs() -> None:
    """Sums 100 (level 3 above it) and neighbours: after hiding, the upper bound is at least 103."""
    full = with_margins(np.array([[100.0, 2, 50], [40, 60, 1], [30, 20, 70]])).ravel()
    above = np.zeros(16)
    above[0] = 3
    primary = above > 0
    task = Task(
        equations=table_equations((3, 3)),
        truth=full,
        primary=primary,
        eligible=full > 0,
        cost=full,
        levels=Levels(np.zeros(16), above),
        whole=False,
    )
    found = suppress(task)
    assert found.narrow == ()
    assert found.bounds.known.most[0] >= 103


def test_three_dimensions_are_protected() -> None:
    chance = np.random.default_rng(9)
    task = count_task(chance.choice([4, 20, 30, 50], (3, 3, 3), p=[0.1, 0.3, 0.3, 0.3]).astype(float))
    assert suppress(task).narrow == ()


def test_empty_cells_are_never_used_as_cover() -> None:
    inner = np.array([[4.0, 0, 30], [0, 25, 80], [60, 70, 0]])
    task = count_task(inner)
    assert not (suppress(task).hidden & (task.truth == 0)).any()
