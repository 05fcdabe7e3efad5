"""Owns what persons add to each cell and total: summed per person from what was kept of the records. Must never judge it.

Part by part: a person is wholly in one part, so that the memory needed does not grow with the data, and parts only add up.
"""

from collections import deque
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.folding import (
    Folded,
    Real,
    Shares,
    Whole,
    floors,
    fold,
    sum_anew,
    sum_per_person,
    together,
)
from output_checking.domain.checks.evidence.parts import read_slices
from output_checking.domain.checks.evidence.slices import Records, join
from output_checking.domain.checks.evidence.survey import Survey
from output_checking.domain.checks.evidence.tallies import Held, Tally
from output_checking.domain.checks.refusal import CannotJudge

SLICE = 1 << 17  # records that are summed at once, of about 100 bytes each: they stay near the processor
AT_ONCE = 2  # slices that are summed at the same time
Over = tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What stands behind one cell or total."""

    persons: int
    records: int
    weight: float
    measure: Contributions | None
    denominator: Contributions | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """A kind of totals: the total that each cell belongs to, by number, and the quantities that are wanted of it."""

    codes: Whole
    names: Collection[str]


def fold_all(
    source: Source, surveyed: Survey, totals: Mapping[Over, Total], *, records: int, places: int
) -> dict[Over, Folded]:
    """Return what persons add to each kind of totals; the cells themselves are one of them.

    Args:
        records: how many were kept.
        places: how many of the largest contributions are wanted.
    """
    found: dict[Over, Folded] = {}
    waiting: deque[Future[dict[Over, Folded]]] = deque()
    most = max(SLICE, 8 * len(totals[()].codes))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for pieces in read_slices(source, surveyed, records=records, most=most, pool=pool):
            known = {over: floors(one) for over, one in found.items()}
            waiting.append(pool.submit(_fold_slice, pieces, totals, places, known))
            if len(waiting) > AT_ONCE:
                found = _with(found, waiting.popleft().result())
        for one in waiting:
            found = _with(found, one.result())
    return found


def _with(found: dict[Over, Folded], more: dict[Over, Folded]) -> dict[Over, Folded]:
    return {over: together(found[over], one) for over, one in more.items()} if found else more


def counted(folded: Folded, tally: Tally, indicators: Collection[str]) -> dict[int, Counted]:
    """Return what stands behind each cell, or each total, that anybody is in, by its number.

    Raises:
        CannotJudge: `source.not_finite` where amounts add up to more than a number can hold.
    """
    records, weight = tally.records.tolist(), tally.weight.tolist()
    made = {
        name: _contributions(shares, tally.held[name], is_indicator=name in indicators)
        for name, shares in folded.shares.items()
    }
    measure, denominator = made.get("x"), made.get("y")
    return {
        code: Counted(
            persons=persons,
            records=records[code],
            weight=weight[code],
            measure=measure[code] if measure else None,
            denominator=denominator[code] if denominator else None,
        )
        for code, persons in enumerate(folded.persons.tolist())
        if persons
    }


def _fold_slice(
    pieces: list[Records], totals: Mapping[Over, Total], places: int, known: Mapping[Over, Mapping[str, Real]]
) -> dict[Over, Folded]:
    part = join(pieces)
    sums = sum_per_person(part.persons, part.cells, part.amounts)
    return {
        over: fold(
            sum_anew(sums, one.codes, one.names) if over else sums,
            known.get(over, {}),
            size=len(one.codes),
            places=places,
        )
        for over, one in totals.items()
    }


def _contributions(shares: Shares, held: Held, *, is_indicator: bool) -> list[Contributions]:
    if not np.isfinite(shares.absolute).all():
        raise CannotJudge(
            "The values of a cell add up to more than a number can hold; scale the column first.",
            code="source.not_finite",
        )
    columns = (
        shares.holders, held.records, shares.total, shares.absolute, shares.largest, shares.zeros, shares.negatives,
        held.low, held.high, held.weight,
    )  # fmt: skip
    return [
        Contributions(
            holders=holders,
            records=records,
            total=total,
            absolute=absolute,
            largest=tuple(largest),
            zeros=zeros,
            negatives=negatives,
            low=None if low != low else low,  # noqa: PLR0124 - only NaN differs from itself
            high=None if high != high else high,  # noqa: PLR0124
            is_indicator=is_indicator,
            weight=weight,
        )
        for holders, records, total, absolute, largest, zeros, negatives, low, high, weight in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
