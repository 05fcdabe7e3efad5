"""Rule: no small group may stand out between a cell and one cell of an earlier table that holds it, or that it holds.

Source: ABS DataLab input and output clearance (differences under 10 must not be computable); HandbookSDC section 4.5, tables
that are nested. Formula: where A holds B, unsafe when 1 <= N_A - N_B < threshold, by what the reader knows of both counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.extent import Extent
from output_checking.domain.checks.differencing.gap import Gap, Way
from output_checking.domain.checks.differencing.population import Population
from output_checking.domain.checks.differencing.register import Register, Stack
from output_checking.domain.checks.differencing.released import Axis, Floats, Released

AT_ONCE = 200_000  # fits the processor's cache: several times faster than all at once
BOTH = 3
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Known = tuple[Floats, Floats]


@dataclass(frozen=True)
class Nested:
    """Pairs of cells of which one holds the other.

    Args:
        mine, theirs: places in the new table's and the earlier tables' flat grids.
        equal: whether both hold the same records.
    """

    mine: Places
    theirs: Places
    equal: Flags

    def kept(self, which: Flags) -> "Nested":
        """Return some of the pairs."""
        return self if which.all() else Nested(self.mine[which], self.theirs[which], self.equal[which])


@dataclass(frozen=True)
class Kin:
    """Earlier tables, split alike, whose cells nest with the new table's in the same places.

    Args:
        stack: where they lie; `within` and `around`: places of those tables whose population holds the new one's, or is held.
        same: whether each table of the stack has the new one's population.
        inner, outer: pairs where the new cell lies within the earlier one, and around it.
    """

    stack: Stack
    within: Places
    around: Places
    same: Flags
    inner: Nested
    outer: Nested


def find_kin(new: Released, register: Register) -> Iterator[Kin]:
    """Yield what nests with the new table, by what its specification and the earlier ones say."""
    for stack in register.stacks.values():
        theirs = [axis.column for axis in stack.axes]
        foreign = [axis.column for axis in new.axes if axis.column not in theirs]
        for limits, places in stack.limits(foreign):
            split = {*theirs, *foreign}
            relations = np.array([_relation(new.population, stack.tables[at].population, split) for at in places])
            if not relations.any():
                continue
            inner, outer = _nested_cells(new, stack, dict(zip(foreign, limits, strict=True)))
            at = np.array(places)
            same = np.zeros(len(stack.tables), dtype=bool)
            same[at[relations == BOTH]] = True
            yield Kin(stack, at[(relations & 1) > 0], at[(relations & 2) > 0], same, inner, outer)


def compare_pairs(new: Released, kin: Kin, *, threshold: int) -> Iterator[Gap]:
    """Yield the small groups between the new table and each of its kin."""
    for way in (Way.WITHIN, Way.AROUND):
        for part in in_parts(new, kin, way):
            yield from part.compare(threshold)


@dataclass(frozen=True)
class Part:
    """As many earlier tables as are compared at once.

    Args:
        new, kin: what is compared.
        places: of the earlier tables in their stack.
        pairs: of cells, the same for all of them.
        way: whether the new cells lie within the earlier ones, or around them.
    """

    new: Released
    kin: Kin
    places: Places
    pairs: Nested
    way: Way

    def compare(self, threshold: int) -> Iterator[Gap]:
        """Yield the small groups by the counts."""
        mine, theirs = self.known()
        least, most = self.group(mine, theirs)
        small = (least >= 1) & (most < threshold)
        # where nothing is exact, no less may be known of the group than rounding tells of any cell
        blurred = most - least >= mine[1] - mine[0] if mine[0] is not mine[1] else np.zeros_like(small)
        for table, pair in _where(small):
            way = Way.SAME if self.pairs.equal[pair] and self.kin.same[self.places[table]] else self.way
            is_blurred = not self.new.is_exact and bool(blurred[table, pair])
            yield self._gap(way, (table, pair), (least[table, pair], most[table, pair]), is_blurred=is_blurred)
        if mine[0] is mine[1] or self.way is Way.AROUND:
            return  # what is the same lies within and around; once is enough
        together = _together(mine, theirs, threshold) & self.pairs.equal & self.kin.same[self.places][:, None]
        for table, pair in _where(together):
            low = max(mine[0][pair], theirs[0][table, pair])
            yield self._gap(Way.TOGETHER, (table, pair), (low, min(mine[1][pair], theirs[1][table, pair])))

    def group(self, mine: Known, theirs: Known) -> Known:
        """Return the least and the most persons who are in the greater cell and not in the lesser."""
        greater, lesser = (theirs, mine) if self.way is Way.WITHIN else (mine, theirs)
        least = greater[0] - lesser[1]
        if greater[0] is greater[1] and lesser[0] is lesser[1]:
            return least, least
        return least, greater[1] - lesser[0]

    def known(self) -> tuple[Known, Known]:
        """Return what is known of the new cells, one for each pair, and of the earlier ones, one line for each table.

        One array stands twice where all of them are exact.
        """
        least, most = self.kin.stack.counts
        low = least[self.places].take(self.pairs.theirs, axis=1)
        high = low if most is least else most[self.places].take(self.pairs.theirs, axis=1)
        own = self.new.least.ravel()[self.pairs.mine]
        is_exact = np.array_equal(self.new.least, self.new.most)  # hidden cells are not
        return (own, own if is_exact else self.new.most.ravel()[self.pairs.mine]), (low, high)

    def _gap(self, way: Way, at: tuple[int, int], bounds: tuple[float, float], *, is_blurred: bool = False) -> Gap:
        earlier = self.kin.stack.tables[self.places[at[0]]]
        cell = int(self.pairs.mine[at[1]])
        return Gap(
            way=way,
            cell=cell,
            where=self.new.where(cell),
            earlier=(earlier.name,),
            earlier_cell=earlier.where(int(self.pairs.theirs[at[1]])),
            least=int(bounds[0]),
            most=int(bounds[1]),
            is_blurred=is_blurred,
        )


def in_parts(
    new: Released, kin: Kin, way: Way, *, only: Flags | None = None, without: Flags | None = None
) -> Iterator[Part]:
    """Yield the comparisons of one way, a few earlier tables at a time.

    Args:
        only: of each table of the stack, whether it is wanted; all where left out.
        without: of each new cell, whether it is left out.
    """
    places, pairs = (kin.within, kin.inner) if way is Way.WITHIN else (kin.around, kin.outer)
    places = places if only is None else places[only[places]]
    pairs = pairs if without is None else pairs.kept(~without[pairs.mine])
    step = max(1, AT_ONCE // max(1, len(pairs.mine)))
    for start in range(0, len(places), step):
        yield Part(new, kin, places[start : start + step], pairs, way)


def _where(flags: Flags) -> Iterable[tuple[int, int]]:
    # almost always nowhere: to see that costs a tenth of listing it
    return zip(*np.nonzero(flags), strict=True) if flags.any() else ()


def _together(mine: tuple[Floats, Floats], theirs: tuple[Floats, Floats], threshold: int) -> Flags:
    """Where two inexact counts of the same records narrow a small one to less than either alone."""
    least, most = np.maximum(mine[0], theirs[0]), np.minimum(mine[1], theirs[1])
    narrower = most - least < np.minimum(mine[1] - mine[0], theirs[1] - theirs[0])
    found: Flags = narrower & (least >= 1) & (most < threshold) & (least <= most)
    return found


@lru_cache(maxsize=100_000)
def _sides(mine: Extent, theirs: Extent) -> int:
    return (1 if mine.within(theirs) else 0) | (2 if theirs.within(mine) else 0)


def _relation(mine: Population, theirs: Population, split: set[str]) -> int:
    """1 where all my records are theirs, 2 the other way round, 3 both, 0 neither; columns that split are left out."""
    found = BOTH
    if mine.conditions or theirs.conditions:
        found = (1 if theirs.conditions <= mine.conditions else 0) | (2 if mine.conditions <= theirs.conditions else 0)
    for name in {*mine.extents, *theirs.extents} - split:
        found &= _sides(mine.extent(name), theirs.extent(name))
        if not found:
            break
    return found


def _nested_cells(new: Released, stack: Stack, limits: dict[str, Extent]) -> tuple[Nested, Nested]:
    mine = _levels(new.axes)
    theirs = _levels(stack.axes)
    columns = [*mine, *(name for name in theirs if name not in mine)]
    sides = [
        _side_table(
            mine[name][0] if name in mine else (new.population.extent(name),),
            theirs[name][0] if name in theirs else (limits[name],),
        )
        for name in columns
    ]
    steps = [(mine[name][1] if name in mine else 0, theirs[name][1] if name in theirs else 0) for name in columns]
    return _product(sides, steps, bit=1), _product(sides, steps, bit=2)


def _levels(axes: Sequence[Axis]) -> dict[str, tuple[tuple[Extent, ...], int]]:
    """Each axis's extents and the step of one level in the flat grid."""
    found: dict[str, tuple[tuple[Extent, ...], int]] = {}
    step = 1
    for axis in reversed(axes):
        found[axis.column] = axis.extents, step
        step *= len(axis.extents)
    return found


@lru_cache(maxsize=2_000)
def _side_table(mine: tuple[Extent, ...], theirs: tuple[Extent, ...]) -> NDArray[np.int8]:
    return np.array([[_sides(one, other) for other in theirs] for one in mine], dtype=np.int8)


def _product(sides: list[NDArray[np.int8]], steps: list[tuple[int, int]], *, bit: int) -> Nested:
    """All pairs of cells whose levels nest along every column."""
    mine, theirs = np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
    equal = np.ones(1, dtype=bool)
    for table, (my_step, their_step) in zip(sides, steps, strict=True):
        one, other = np.nonzero(table & bit)
        same = table[one, other] == BOTH
        mine = np.add.outer(mine, one * my_step).ravel()
        theirs = np.add.outer(theirs, other * their_step).ravel()
        equal = np.logical_and.outer(equal, same).ravel()
    return Nested(mine, theirs, equal)
