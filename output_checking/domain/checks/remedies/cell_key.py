"""Owns noise by cell key: the same persons have the same noise in every table. Must never draw at random.

Source: Fraser and Wooton (2005), Thompson, Broadfoot and Elazar (2013), Australian Bureau of Statistics; Marley and Leaver (2011) and
the `ptable` method of Giessing (2016): the distribution of greatest entropy with mean 0, a given variance and noise at most D. Each
record has a key (keyed digest of its person); a cell's key is the sum of its persons' keys, as a fraction of 2^64.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import optimize
from output_checking.domain.checks.differencing.members import Members
from output_checking.domain.checks.linked.equations import Floats

LARGEST = 5
VARIANCE = 3.0
_WHOLE = float(2**64)


def add_noise(counts: Floats, members: Members, *, largest: int = LARGEST, variance: float = VARIANCE) -> Floats:
    """Return the counts with each cell's own noise; an empty cell stays empty, nothing falls below 0.

    Args:
        counts: the grid, totals included: they have noise of their own and need not be the sums of their cells.
        members: keyed digests of the persons in each cell of the flat grid.
        largest: D, greatest noise to either side, in persons.
        variance: of the noise, where the count is at least D.
    """
    flat = counts.ravel()
    noise = [
        _noise(int(count), fraction, largest, variance)
        for count, fraction in zip(flat, cell_keys(members), strict=True)
    ]
    return np.asarray((flat + np.array(noise)).reshape(counts.shape), dtype=np.float64)


def cell_keys(members: Members) -> NDArray[np.float64]:
    """Return each cell's key between 0 and 1: the sum of its persons' digests modulo 2^64, as a fraction."""
    sums = np.zeros(len(members.digests) + 1, dtype=np.uint64)
    np.cumsum(members.digests, out=sums[1:])
    keys: NDArray[np.uint64] = sums[members.starts[1:]] - sums[members.starts[:-1]]
    return keys.astype(np.float64) / _WHOLE


def _noise(count: int, fraction: float, largest: int, variance: float) -> int:
    if count <= 0:
        return 0
    noises, chances = noise_table(min(count, largest), largest, variance)
    return int(noises[min(int(np.searchsorted(np.cumsum(chances), fraction, side="right")), len(noises) - 1)])


@cache
def noise_table(count: int, largest: int, variance: float) -> tuple[NDArray[np.int64], Floats]:
    """Return the possible noises of a count and the chance of each: mean 0, greatest entropy.

    Args:
        count: true count, `largest` for all greater ones.
        largest: D; the noise lies between -min(count, D) and D.
        variance: wished for; less where a small count leaves no room for it.
    """
    noises = np.arange(-min(count, largest), largest + 1)
    reachable = min(variance, 0.8 * float(min(count, largest) * largest))
    moments = np.stack([noises, noises**2 - reachable]).astype(float)

    def partition(weights: Floats) -> float:
        exponents = weights @ moments
        top = exponents.max()
        return float(top + np.log(np.exp(exponents - top).sum()))

    found = optimize.minimize(partition, np.zeros(2), method="BFGS", options={"gtol": 1e-10}).x
    chances = np.exp(found @ moments - partition(found))
    return noises, chances / chances.sum()
