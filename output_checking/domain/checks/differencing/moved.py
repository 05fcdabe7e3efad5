"""Rule: between two tables of which both kept their private part, nobody may be seen to have come or gone.

Source: the differencing rule by membership instead of counts: |A without B| and |B without A| are each 0 or at least the threshold,
even where N_A = N_B because one left and one came.
"""

from collections.abc import Iterator

import numpy as np

from output_checking.domain.checks.differencing.gap import Gap, Way
from output_checking.domain.checks.differencing.members import Members, nearly_within, shared
from output_checking.domain.checks.differencing.pairs import Kin, Nested
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Released


def find_moved(new: Released, kin: Kin, *, threshold: int) -> Iterator[Gap]:
    """Yield the small groups that came or went between the new table's cells and those of its kin."""
    mine = new.members
    if mine is None or not new.is_exact:
        return
    for places, pairs, way in ((kin.within, kin.inner, Way.WITHIN), (kin.around, kin.outer, Way.AROUND)):
        for place in places:
            earlier = kin.stack.tables[place]
            if earlier.members is not None and earlier.is_exact:
                yield from _compare(
                    (new, mine),
                    (earlier, earlier.members),
                    pairs,
                    way=way,
                    is_same=bool(kin.same[place]),
                    threshold=threshold,
                )


def _compare(
    own: tuple[Released, Members],
    other_table: tuple[Released, Members],
    pairs: Nested,
    *,
    way: Way,
    is_same: bool,
    threshold: int,
) -> Iterator[Gap]:
    (new, mine), (earlier, theirs) = own, other_table
    differ = mine.marks[pairs.mine] != theirs.marks[pairs.theirs]
    equal = pairs.equal & is_same
    lesser, greater = (mine.counts[pairs.mine], theirs.counts[pairs.theirs])[:: 1 if way is Way.WITHIN else -1]
    differ &= equal | (greater - lesser < threshold)  # else as many at least are outside
    one, other, equal = pairs.mine[differ], pairs.theirs[differ], equal[differ]
    both = shared(mine, theirs, one, other)
    came, went = mine.counts[one] - both, theirs.counts[other] - both
    outside = went if way is Way.WITHIN else came
    small = (outside >= 1) & (outside < threshold)
    small |= equal & (np.minimum(np.where(came, came, threshold), np.where(went, went, threshold)) < threshold)
    for at in np.flatnonzero(small):
        count = int(min(size for size in (came[at], went[at]) if size))
        told = Way.MOVED if equal[at] else way
        yield _gap(told, (new, int(one[at])), (earlier, int(other[at])), count)


def find_held(new: Released, register: Register, *, threshold: int) -> Iterator[Gap]:
    """Yield the small groups between cells of which one holds every person of the other, though their definitions do not say so."""
    mine = new.members
    if mine is None or not new.is_exact:
        return
    for earlier in register.tables:
        if earlier.members is None or not earlier.is_exact:
            continue
        for way in (Way.WITHIN, Way.AROUND):
            is_within = way is Way.WITHIN
            lesser, greater = (mine, earlier.members) if is_within else (earlier.members, mine)
            for pair in zip(*nearly_within(lesser, greater, fewer=threshold), strict=True):
                own, other = pair if is_within else pair[::-1]
                count = int(greater.counts[pair[1]] - lesser.counts[pair[0]])
                yield _gap(way, (new, int(own)), (earlier, int(other)), count)


def _gap(way: Way, mine: tuple[Released, int], theirs: tuple[Released, int], count: int) -> Gap:
    return Gap(
        way=way,
        cell=mine[1],
        where=mine[0].where(mine[1]),
        earlier=(theirs[0].name,),
        earlier_cell=theirs[0].where(theirs[1]),
        least=count,
        most=count,
    )
