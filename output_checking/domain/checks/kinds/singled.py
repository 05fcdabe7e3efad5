"""Owns which columns of a design single out a few persons, and on which side of a column all have the same outcome.

Must never judge a model as a whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.kinds.design import RECORDS, Block, Design
from output_checking.domain.checks.kinds.part import one_row

SOME = 20_000  # records that are looked at first
FORCED = 1e-6  # how near to 1 the share of a combination in itself is taken to be 1


@dataclass(frozen=True, kw_only=True)
class Side:
    """Persons whom a column, or columns put together, tell from all others.

    Args:
        name: of the column.
        persons: on this side; `others`: with a record on the other.
        is_same: all their outcomes are equal.
    """

    name: str
    persons: int
    others: int
    is_same: bool


def sides(source: Source, made: Design) -> Iterator[Side]:
    """Yield each level and combination of levels that anybody has."""
    for block in made.blocks:
        if not block.levels:
            continue
        found = source.rows(
            f"with one as (select p, {made.code(block)} as k, min(y) as low, max(y) as high from {RECORDS} where {_has_it(made, block)} group by 1, 2), "
            "several as (select p, count(*) as n from one group by p) "
            "select k, count(*), count(*) filter (n = 1), min(low) = max(high) from one join several using (p) group by k order by k"
        )
        for code, persons, only, is_same in found if len(found) > 1 or block.numbers else ():
            yield Side(
                name=made.named(block, code),
                persons=persons,
                others=made.persons - only,
                is_same=bool(is_same) and not block.numbers,
            )


def _has_it(made: Design, block: Block) -> str:
    # where a number that is multiplied is 0, so is the column
    return f"{made.product(block)} <> 0" if block.numbers else "true"


def separating(source: Source, made: Design) -> Iterator[str]:
    """Yield the names of numbers of which all below some value go with one outcome, and all above it with the other."""
    for base in made.bases:
        if base.labels or base.low == base.high:
            continue
        name = base.name
        (is_parted,) = one_row(
            source,
            f"select max({name}) filter (y = 0) <= min({name}) filter (y = 1) or max({name}) filter (y = 1) <= min({name}) filter (y = 0) from {RECORDS}",
        )
        if is_parted:
            yield base.column


def patterns(source: Source, made: Design, *, most: int) -> tuple[int, int] | None:
    """Return how many different rows the design has, and the fewest persons who share one; None beyond `most` rows."""
    columns = []
    for block in made.blocks:
        columns += [f"case when {_has_it(made, block)} then {made.code(block)} end"] if block.levels else []
        columns += [made.product(block)] if block.numbers else []
    named = ", ".join(f"{one} as d{place}" for place, one in enumerate(dict.fromkeys(columns)))
    keys = ", ".join(f"d{place}" for place in range(len(dict.fromkeys(columns))))
    for records in (f"(from {RECORDS} limit {SOME})", RECORDS):
        several, fewest = one_row(
            source,
            f"select count(*), min(n) from (select count(distinct p) as n from (select p, {named} from {records}) group by {keys})",
        )
        if several > most:
            return None
    return int(several), int(fewest)


def put_together(
    source: Source, made: Design, crossed: Mapping[tuple[int, int], NDArray[np.float64]]
) -> Iterator[Side]:
    """Yield the combinations of two blocks' levels that their columns, added and subtracted, tell from all others.

    Two indicators of which one holds the other are an indicator of who is between: over 50 less over 51.
    """
    for (one, other), records in crossed.items():
        is_there = records > 0
        forced = _forced(is_there)
        # a combination that is a whole level is judged as that level
        forced &= (is_there.sum(axis=1, keepdims=True) > 1) & (is_there.sum(axis=0) > 1)
        if not forced.any():
            continue
        first, second = made.blocks[one], made.blocks[other]
        both = Block(levels=(*first.levels, *second.levels))
        wide = made.size(second)
        counted: dict[int, int] = dict(
            source.rows(f"select {made.code(both)}, count(distinct p) from {RECORDS} group by 1")
        )
        for row, column in np.argwhere(forced).tolist():
            persons = counted[row * wide + column]
            name = f"{made.named(first, row)} and {made.named(second, column)}"
            yield Side(name=name, persons=persons, others=made.persons - persons, is_same=False)


def _forced(is_there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of which combinations an indicator is a sum of the levels' indicators: there the share in itself is 1."""
    if is_there.all():
        return np.zeros_like(is_there)
    table = is_there.astype(np.float64)
    rows, columns = np.diag(table.sum(axis=1)), np.diag(table.sum(axis=0))
    inverse = np.linalg.pinv(np.block([[rows, table], [table.T, columns]]), hermitian=True)
    count = len(table)
    own = np.diag(inverse)
    share = own[:count, None] + own[count:] + 2 * inverse[:count, count:]
    return np.asarray(is_there & (share > 1 - FORCED))
