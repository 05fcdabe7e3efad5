"""The audit of hidden cells, and a new table against a register of earlier ones: seconds against a bound of their own."""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from output_checking.domain.checks.differencing.compare import compare
from output_checking.domain.checks.differencing.extent import only, stretch
from output_checking.domain.checks.differencing.population import read_population
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Released, make_axis
from output_checking.domain.checks.linked.bounds import bound
from output_checking.domain.checks.linked.equations import table_equations
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.specification.expression import read_filter
from tests.benchmarks.measure import Measure

RUNS = 15
AUDIT_SECONDS, REGISTER_SECONDS = 3.0, 0.1
ROWS, COLUMNS, HIDDEN, EARLIER = 40, 25, 50, 1_000


def measures() -> Iterator[Measure]:
    """Time both; the register is built before, as it is kept from one table to the next."""
    chance = np.random.default_rng(1)
    audit = f"Bounds of {HIDDEN} hidden cells of a {ROWS} x {COLUMNS} table with margins"
    yield _at_most(f"{audit}, hidden anywhere", _timed(lambda: _audit(chance, side=0)), most=AUDIT_SECONDS)
    yield _at_most(f"{audit}, hidden in one block", _timed(lambda: _audit(chance, side=7)), most=AUDIT_SECONDS)
    for name, text in (("alike", "{0}"), ("of different filters", "visits >= {0}"), ("of different bands", "")):
        register = Register(_table(chance, number, text) for number in range(EARLIER))
        new = _table(chance, 500, text)
        seconds = _timed(lambda register=register, new=new: compare(new, register, threshold=10))  # type: ignore[misc]
        yield _at_most(
            f"A table against {EARLIER:,} earlier ones of 1,000 cells, {name}", seconds, most=REGISTER_SECONDS
        )


def _at_most(name: str, seconds: list[float], *, most: float) -> Measure:
    """A measure against a bound in seconds, which stands where a peer's time would."""
    taken = statistics.median(seconds)
    bar = f"at most {most} s"
    return Measure(
        name=name, ours=taken, peer=most, ratio=taken / most, bar=bar, holds=taken <= most, runs=len(seconds)
    )


def _timed(act: Callable[[], object]) -> list[float]:
    act()
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return seconds


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


def _table(chance: np.random.Generator, number: int, text: str) -> Released:
    population = read_population(read_filter(text.format(number)) if "visits" in text else None)
    shift = number % 20 if not text else 0
    bands = [(stretch(2 * at + shift, 2 * at + 2 + shift), str(at)) for at in range(ROWS)]
    regions = [(only([f"region {at}"]), str(at)) for at in range(COLUMNS)]
    axes = make_axis("age", bands, population=population), make_axis("region", regions, population=population)
    counts = _counts(chance if not text else np.random.default_rng(7))
    if "visits" in text:
        counts *= (
            2 * EARLIER - number
        )  # the more visits are asked for, the fewer persons; apart by more than the threshold
    return Released(name=str(number), axes=axes, population=population, least=counts, most=counts)
