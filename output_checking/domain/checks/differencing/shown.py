"""Owns the sums of a measure that a table's reader knows, place by place. Must never hold a person, nor look at the data."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.linked.equations import Floats, add_totals
from output_checking.domain.checks.specification.model import Statistic, TableSpec

_SUMMED = {Statistic.SUM, Statistic.MEAN}
_ADDS_UP = _SUMMED | {Statistic.COUNT}
Family = tuple[str, str, bool]


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """The sums of one table.

    Args:
        spec: what the table is.
        amounts: of each place of its flat grid; of means the sums behind them; NaN where it is not known.
        tops: of each place, what its largest person adds, by absolute amount; NaN where the evidence does not say it.
    """

    spec: TableSpec
    amounts: Floats
    tops: Floats

    @cached_property
    def family(self) -> Family:
        """Return what two tables have in common when their sums can be subtracted from each other."""
        return self.spec.measure, self.spec.weight, self.spec.statistic in _SUMMED

    def taken(self, cells: NDArray[np.intp]) -> "Shown":
        """Return the places in another order."""
        return replace(self, amounts=self.amounts[cells], tops=self.tops[cells])

    def completed(self, shape: tuple[int, ...]) -> "Shown":
        """Return it with the totals that its reader adds up: those that were not shown, from the cells below them.

        Args:
            shape: of the grid, totals last along each axis.
        """
        return replace(self, amounts=add_totals(self.amounts.reshape(shape)).ravel())


def has_sums(spec: TableSpec) -> bool:
    """Say whether a table tells sums: of what persons add, or of records; not what is normalised, rounded or noised."""
    return spec.statistic in _ADDS_UP and not (spec.normalize or spec.rounding or spec.noise)
