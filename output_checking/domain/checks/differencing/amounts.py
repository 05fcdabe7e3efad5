"""Rule: what the sums of two tables differ by is a sum as well, of the records that one cell holds and the other does not.

Source: HandbookSDC section 4.5 (linked tables) with the rules of section 4.2: threshold, (n,k) and p % are asked of the difference
as of any cell. So a cell that was hidden because one person makes up most of it is not given away by a later total, nor the amount
of a person whose records alone a filter leaves out. Must never touch data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.differencing.gap import Way
from output_checking.domain.checks.differencing.pairs import Flags, Kin, Part, in_parts
from output_checking.domain.checks.differencing.released import Floats, Released
from output_checking.domain.checks.differencing.shown import Shown
from output_checking.domain.checks.evidence.groups import Added, Most
from output_checking.domain.checks.specification.model import TableSpec

_NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A new cell and an earlier one of which one holds the other.

    Args:
        way: which holds which.
        earlier, spec: the earlier table, and what it is.
        mine, theirs: the cells' places in their grids.
        amount: what their sums differ by.
    """

    way: Way
    earlier: Released
    spec: TableSpec
    mine: int
    theirs: int
    amount: float


def find_pairs(new: Released, kin: Sequence[Kin], *, most: Most, threshold: int, ample: float) -> Iterator[Pair]:
    """Yield the pairs of cells whose sums differ by what is to be looked at.

    Args:
        new: the new table, which tells sums.
        kin: earlier tables whose cells nest with it; those of other measures are left out.
        most: what a person adds to all of the data at most.
        threshold: fewest persons; differences of fewer by the counts themselves are found by `pairs`.
        ample: a difference of at least that many times what a person adds, of at least `threshold` persons, nobody dominates.
    """
    if new.shown is None:
        return
    own = (new, new.shown)
    known = _known(own, kin)
    bounds = _Bounds(most, threshold, ample)
    for one in kin:
        for way in (Way.WITHIN, Way.AROUND):
            for part in in_parts(new, one, way, only=one.stack.alike(new.shown), without=known):
                yield from _pairs(new.shown, part, bounds)


@dataclass(frozen=True)
class _Bounds:
    """What a difference is held against."""

    most: Most
    threshold: int
    ample: float


def _known(new: tuple[Released, Shown], kin: Sequence[Kin]) -> Flags:
    """Which cells of the new table an earlier one shows as well: they tell nothing that was not known."""
    table, shown = new
    known = np.zeros(table.least.size, dtype=bool)
    for one in kin:
        same = one.inner.kept(one.inner.equal)
        amounts = one.stack.sums[0][np.flatnonzero(one.same & one.stack.alike(shown))]
        known[same.mine[~np.isnan(amounts[:, same.theirs]).all(axis=0)]] = True
    return known


def _pairs(shown: Shown, part: Part, bounds: _Bounds) -> Iterator[Pair]:
    pairs, sums = part.pairs, part.kin.stack.sums[0][part.places]
    mine, theirs = shown.amounts[pairs.mine], sums.take(pairs.theirs, axis=1)
    apart = theirs - mine if part.way is Way.WITHIN else mine - theirs
    least, most = part.group(*part.known())
    is_ample = (least >= bounds.threshold) & (np.abs(apart) >= bounds.ample * _tops(shown, part, bounds.most))
    if is_ample.all():  # nearly always
        return
    at, pair = np.nonzero(~is_ample)
    tables = part.places[at]
    greatest = np.maximum(np.abs(mine[pair]), np.abs(theirs[at, pair]))
    is_small = (least[at, pair] >= 1) & (most[at, pair] < bounds.threshold)
    is_same = pairs.equal[pair] & part.kin.same[tables]
    differs = np.abs(apart[at, pair]) > _NEARLY * greatest  # never of what is not known
    for one in np.flatnonzero(differs & ~is_small & ~is_same).tolist():
        earlier, place = part.kin.stack.tables[tables[one]], pair[one]
        if earlier.shown:  # as all have that were asked for
            yield Pair(
                way=part.way,
                earlier=earlier,
                spec=earlier.shown.spec,
                mine=int(pairs.mine[place]),
                theirs=int(pairs.theirs[place]),
                amount=float(apart[at[one], place]),
            )


def _tops(shown: Shown, part: Part, most: Most) -> Floats:
    """What a person adds to the greater cell of each pair, or to a part of it, at most."""
    if not most.is_never_negative:  # a person may then add more to a part of a cell than to all of it
        return np.array(most.amount)
    if part.way is Way.AROUND:
        tops = shown.tops[part.pairs.mine]
    else:
        tops = part.kin.stack.sums[1][part.places].take(part.pairs.theirs, axis=1)
    return np.where(np.isnan(tops), most.amount, tops)


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
