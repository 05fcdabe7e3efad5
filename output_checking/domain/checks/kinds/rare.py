"""Owns which numbers of a design are one value for nearly everybody, so that their coefficient is about the few who are away from it.

So is a number within a level that has a slope of its own, and the difference of two numbers that differ for a few only. Must
never judge a model as a whole.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.kinds.design import RECORDS, Block, Design
from output_checking.domain.checks.kinds.singled import Side

SOME, FIRST = 20_000, 2_000  # records that are looked at first: by a column, by two columns


def rare(source: Source, made: Design, *, least: int) -> Iterator[Side]:
    """Yield who is away from the value of all others, where they are fewer than `least` persons."""
    for block in made.blocks:
        if block.numbers:
            column = made.product(block)
            for code, away, others in _away(source, made, block, column, least=least):
                yield Side(name=made.named(block, code), persons=away, others=others, is_same=False)
    alone = [one for one in made.blocks if one.numbers and not one.levels]
    for left, right in _alike(source, made, alone, least=least):
        both = Block(numbers=left.numbers, centred=left.centred if right.is_centred else ())
        column = f"({made.product(left)} - {made.product(right)})"
        for _, away, others in _away(source, made, both, column, least=least):
            name = f"{made.named(left, 0)} less {made.named(right, 0)}"
            yield Side(name=name, persons=away, others=others, is_same=False)


def _away(source: Source, made: Design, block: Block, column: str, *, least: int) -> Iterator[tuple[int, int, int]]:
    """Yield the places of levels, with how many persons are away there from the value of all others, and how many are not.

    Where a constant, or the level itself, is in the model that is the commonest value; else it is 0.
    """
    # of nearly all columns some records tell that they are not of the kind; so are the levels of few, which are told as levels
    is_many = (
        f"select count(*) filter (v <> m) from ({_of_persons(made, block, column, f'(from {RECORDS} limit {SOME})')})"
    )
    if not block.levels and source.rows(is_many)[0][0] >= least:
        return
    yield from source.rows(
        f"with found as ({_of_persons(made, block, column, RECORDS)}) "
        "select k, count(*) filter (v <> m or w <> m), count(*) filter (v = m and w = m) from found group by k "
        f"having count(*) >= {least} and count(*) filter (v <> m or w <> m) between 1 and {least - 1} order by k"
    )


def _of_persons(made: Design, block: Block, column: str, records: str) -> str:
    """Return the SQL of each person's level `k`, least and greatest value `v` and `w`, and the level's value `m`."""
    common = "first(v order by n desc, v)" if block.is_centred else "0.0"
    return (
        f"with one as (select p, {made.code(block)} as k, min({column}) as v, max({column}) as w from {records} group by 1, 2), "
        "several as (select k, v, count(*) as n from one group by k, v), "
        f"most as (select k, {common} as m from several group by k) select k, v, w, m from one join most using (k)"
    )


def _alike(source: Source, made: Design, blocks: list[Block], *, least: int) -> Iterator[tuple[Block, Block]]:
    """Yield each two columns that, in the first records, differ by one figure for all but fewer than `least` persons."""
    if len(blocks) < 2:  # noqa: PLR2004 - two
        return
    read = source.columns(
        f"select p, {', '.join(f'{made.product(one)} as d{place}' for place, one in enumerate(blocks))} from {RECORDS} limit {FIRST}"
    )
    _, firsts = np.unique(np.asarray(read["p"]), return_index=True)
    columns = [np.asarray(read[f"d{place}"])[firsts] for place in range(len(blocks))]
    for (one, left), (other, right) in combinations(enumerate(columns), 2):
        apart = left - right
        if blocks[one].is_centred and blocks[other].is_centred:
            away = len(apart) - np.unique(apart, return_counts=True)[1].max()
        else:
            away = np.count_nonzero(apart)
        if away < least:
            yield blocks[one], blocks[other]
