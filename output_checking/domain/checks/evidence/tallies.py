"""Owns what the records of each cell come to, whoever they belong to, and of each total. Must never count a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.folding import Real, Whole

Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What the records of each cell hold of one quantity.

    Args:
        records: how many have a value; `weight`: the sum of their weights, or their number where nothing is weighted.
        low, high: least and greatest value; NaN where there is none.
    """

    records: Whole
    low: Real
    high: Real
    weight: Real


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The records of each cell: one place for each."""

    records: Whole
    weight: Real
    held: Mapping[str, Held]

    def summed(self, codes: Whole) -> "Tally":
        """Return the tally of totals, each in the place of its number, given the total that each cell belongs to."""
        return Tally(
            records=_added(self.records, codes),
            weight=_added(self.weight, codes),
            held={name: _held(one, codes) for name, one in self.held.items()},
        )


def _held(one: Held, codes: Whole) -> Held:
    low, high = (np.full(len(codes), np.nan) for _ in range(2))
    np.fmin.at(low, codes, one.low)
    np.fmax.at(high, codes, one.high)
    return Held(records=_added(one.records, codes), low=low, high=high, weight=_added(one.weight, codes))


def _added(numbers: NDArray[Number], codes: Whole) -> NDArray[Number]:
    found = np.zeros_like(numbers)
    np.add.at(found, codes, numbers)
    return found
