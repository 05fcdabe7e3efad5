"""The audit of hidden cells: seconds against a bound of its own."""

from collections.abc import Iterator

import numpy as np

from output_checking.domain.checks.linked.bounds import bound
from output_checking.domain.checks.linked.equations import table_equations
from output_checking.domain.checks.linked.knowledge import shown_exactly
from tests.benchmarks.bench_earlier import measures as earlier_measures
from tests.benchmarks.measure import Measure, at_most, timed

SECONDS = 3.0
ROWS, COLUMNS, HIDDEN = 40, 25, 50


def measures() -> Iterator[Measure]:
    """Time it for cells hidden anywhere and in one block, and then a table beside earlier ones."""
    chance = np.random.default_rng(1)
    audit = f"Bounds of {HIDDEN} hidden cells of a {ROWS} x {COLUMNS} table with margins"
    yield at_most(f"{audit}, hidden anywhere", timed(lambda: _audit(chance, side=0)), most=SECONDS)
    yield at_most(f"{audit}, hidden in one block", timed(lambda: _audit(chance, side=7)), most=SECONDS)
    yield from earlier_measures()


def _counts(chance: np.random.Generator) -> np.ndarray:
    inner = chance.integers(20, 5_000, (ROWS, COLUMNS)).astype(float)
    down = np.vstack([inner, inner.sum(axis=0)])
    return np.hstack([down, down.sum(axis=1, keepdims=True)])


def _audit(chance: np.random.Generator, *, side: int) -> None:
    counts = _counts(chance)
    hidden = np.zeros(counts.shape, dtype=bool)
    if side:
        hidden[:side, :side] = hidden[20, 20] = True
    else:
        hidden.ravel()[chance.choice(hidden.size, HIDDEN, replace=False)] = True
    bound(table_equations((ROWS, COLUMNS)), shown_exactly(counts.ravel(), hidden.ravel()))
