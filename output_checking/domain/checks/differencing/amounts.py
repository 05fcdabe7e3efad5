"""Rule: what the sums of two tables differ by is a sum as well, of the records that one cell holds and the other does not.

Source: HandbookSDC section 4.5 (linked tables) with the rules of section 4.2: threshold, (n,k) and p % are asked of the difference
as of any cell. So a cell that was hidden because one person makes up most of it is not given away by a later total, nor the amount
of a person whose records alone a filter leaves out. Must never touch data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.differencing.gap import Way
from output_checking.domain.checks.differencing.pairs import Kin, Nested, find_kin
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Floats, Released
from output_checking.domain.checks.evidence.groups import Added, Key
from output_checking.domain.checks.specification.model import TableSpec

Flags = NDArray[np.bool_]
_NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A table and the sums that its reader knows.

    Args:
        table: completed, with axes in order.
        spec: what it is.
        keys: row and column levels of each place of its grid.
        amounts: of each place; NaN where it is not known.
        tops: of each place, what a person adds to it or to a part of it at most.
    """

    table: Released
    spec: TableSpec
    keys: Sequence[Key]
    amounts: Floats
    tops: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A new cell and an earlier one of which one holds the other: places in their grids, and what their sums differ by."""

    way: Way
    mine: int
    theirs: int
    amount: float


def show(
    table: Released, spec: TableSpec, keys: Sequence[Key], *, known: Mapping[Key, float], tops: Sequence[float]
) -> Shown:
    """Return a table with its sums, those that a reader adds up among them.

    Args:
        known: the sums that it shows.
        tops: of each place, what a person adds to it or to a part of it at most.
    """
    grid = np.array([known.get(key, np.nan) for key in keys], dtype=float).reshape(table.least.shape)
    for axis in range(grid.ndim):
        cells, total = [slice(None)] * grid.ndim, [slice(None)] * grid.ndim
        cells[axis], total[axis] = slice(0, -1), slice(-1, None)
        added = grid[tuple(cells)].sum(axis=axis, keepdims=True)
        grid[tuple(total)] = np.where(np.isnan(grid[tuple(total)]), added, grid[tuple(total)])
    return Shown(table=table, spec=spec, keys=keys, amounts=grid.ravel(), tops=np.array(tops))


def find_known(new: Shown, earlier: Sequence[Shown]) -> Flags:
    """Return which cells of the new table an earlier one shows as well: they tell nothing that was not known."""
    known = np.zeros(len(new.amounts), dtype=bool)
    for one in earlier:
        for kin in find_kin(new.table, Register([one.table])):
            same = kin.inner.equal if kin.same[0] else np.zeros(len(kin.inner.mine), dtype=bool)
            known[kin.inner.mine[same & ~np.isnan(one.amounts[kin.inner.theirs])]] = True
    return known


def find_pairs(new: Shown, earlier: Shown, *, threshold: int, ample: float) -> Iterator[Pair]:
    """Yield the pairs whose difference is to be looked at.

    Args:
        threshold: fewest persons; differences of fewer by the counts themselves are found by `pairs`.
        ample: a difference of at least that many times what a person adds, of at least `threshold` persons, nobody dominates.
    """
    for kin in find_kin(new.table, Register([earlier.table])):
        for is_kin, pairs, way in (
            (len(kin.within) > 0, kin.inner, Way.WITHIN),
            (len(kin.around) > 0, kin.outer, Way.AROUND),
        ):
            if is_kin:
                yield from _pairs(new, earlier, kin, pairs, way=way, threshold=threshold, ample=ample)


def _pairs(
    new: Shown, earlier: Shown, kin: Kin, pairs: Nested, *, way: Way, threshold: int, ample: float
) -> Iterator[Pair]:
    sign = 1.0 if way is Way.WITHIN else -1.0
    mine, theirs = new.amounts[pairs.mine], earlier.amounts[pairs.theirs]
    apart = sign * (theirs - mine)
    tables = (earlier.table, pairs.theirs), (new.table, pairs.mine)
    (greater, at), (lesser, inside) = tables if way is Way.WITHIN else tables[::-1]
    tops = earlier.tops[pairs.theirs] if way is Way.WITHIN else new.tops[pairs.mine]
    least = greater.least.ravel()[at] - lesser.most.ravel()[inside]
    most = greater.most.ravel()[at] - lesser.least.ravel()[inside]
    differs = np.abs(apart) > _NEARLY * np.maximum(np.abs(mine), np.abs(theirs))  # never of what is not known
    found = differs & ~((least >= 1) & (most < threshold))
    found &= ~((least >= threshold) & (np.abs(apart) >= ample * tops))
    if kin.same[0]:
        found &= ~pairs.equal
    for place in np.flatnonzero(found).tolist():
        yield Pair(way=way, mine=int(pairs.mine[place]), theirs=int(pairs.theirs[place]), amount=float(apart[place]))


def told(added: Added, spec: TableSpec, appetite: Appetite) -> str:
    """Return what makes a difference unsafe, in words; empty where nothing does.

    Formulas: 0 < N < t; x1 + … + xn > k · X; X − x1 − x2 < p/100 · x1, as of any cell.
    """
    if 0 < added.holders < appetite.threshold:
        return f"only {added.holders} {'person adds' if added.holders == 1 else 'persons add'} to it"
    if not spec.statistic.is_magnitude or not added.absolute > 0:
        return ""
    several = appetite.dominance_persons
    share = min(1.0, sum(added.largest[:several]) / added.absolute)
    if share > appetite.dominance_share:
        return f"the {several} largest persons make up {share:.1%} of it"
    rest = max(0.0, added.absolute - added.largest[0] - added.largest[1])
    if rest * 100 < appetite.p_percent * added.largest[0]:
        return f"all but the two largest persons add {rest / added.largest[0]:.1%} of the largest"
    return ""


def ample(spec: TableSpec, appetite: Appetite) -> float:
    """Return how many times what a person adds at most a sum must be for nobody to dominate it.

    Let nobody add more than m: x1 + … + xn <= n · m <= k · X where X >= n / k · m; X − x1 − x2 >= p/100 · x1 where
    X >= (2 + p/100) · m.
    """
    if not spec.statistic.is_magnitude:
        return 0.0
    return max(appetite.dominance_persons / appetite.dominance_share, 2 + appetite.p_percent / 100)
