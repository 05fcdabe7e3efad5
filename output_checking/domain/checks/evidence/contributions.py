"""Owns what persons add to each cell and total: summed per person from what was kept of the records. Must never judge it.

Part by part: a person is wholly in one part, so that the memory needed does not grow with the data, and parts only add up.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.folding import (
    Amount,
    Folded,
    Shares,
    Whole,
    fold,
    sum_anew,
    sum_per_person,
    together,
)
from output_checking.domain.checks.evidence.kept import KEPT
from output_checking.domain.checks.evidence.survey import Survey, is_numeric
from output_checking.domain.checks.evidence.tallies import Held, Tally

PART = 1 << 20  # records, of about 100 bytes each while they are summed
AT_ONCE = 2  # parts that are summed while the next is read


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
    source: Source, surveyed: Survey, totals: Mapping[tuple[int, ...], Total], *, records: int, places: int
) -> dict[tuple[int, ...], Folded]:
    """Return what persons add to each kind of totals; the cells themselves are one of them.

    Args:
        records: how many were kept.
        places: how many of the largest contributions are wanted.
    """
    found: list[dict[tuple[int, ...], Folded]] = []
    waiting: deque[Future[dict[tuple[int, ...], Folded]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part in _parts(source, surveyed, records):
            waiting.append(pool.submit(_fold_part, part, totals, places))
            del part
            if len(waiting) >= AT_ONCE:
                found.append(waiting.popleft().result())
        found.extend(one.result() for one in waiting)
    return {over: reduce(together, (one[over] for one in found)) for over in totals}


def counted(folded: Folded, tally: Tally, indicators: Collection[str]) -> dict[int, Counted]:
    """Return what stands behind each cell, or each total, that anybody is in, by its number."""
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


def _parts(source: Source, surveyed: Survey, records: int) -> Iterator[Columns]:
    """Yield who, which cell and how much, of the persons of one part after the other."""
    count = max(-(-records // PART), 1 + (records > PART // 8))
    amounts = {name: _amount(name, surveyed) for name in surveyed.quantities}
    alone = ", ".join(["p, c", *(f"{amount} as {name}" for name, amount in amounts.items())])
    summed = ", ".join(["p, c", *(f"sum({amount}) as {name}" for name, amount in amounts.items())])
    sizes: dict[int, int] = (
        dict(source.rows(f"select hash(p) % {count}, count(*) from {KEPT} group by 1")) if count > AT_ONCE else {}
    )
    for part in range(count):
        chosen = f"from {KEPT} where hash(p) % {count} = {part}"
        # where few persons have most of the records, those of one part may be too many for the memory
        is_large = sizes.get(part, 0) > AT_ONCE * PART
        yield source.columns(f"select {summed} {chosen} group by p, c" if is_large else f"select {alone} {chosen}")


def _amount(name: str, surveyed: Survey) -> str:
    if not is_numeric(surveyed.quantities[name]):  # the mode of a text: only who has one counts
        return f"cast(case when {name} is not null then 1 end as double)"
    return f"{name} * w" if surveyed.weight else name


def _fold_part(part: Columns, totals: Mapping[tuple[int, ...], Total], places: int) -> dict[tuple[int, ...], Folded]:
    amounts = {name: _amount_of(column) for name, column in part.items() if name not in {"p", "c"}}
    sums = sum_per_person(part["p"], part["c"], amounts)
    return {
        over: fold(sum_anew(sums, one.codes, one.names) if over else sums, size=len(one.codes), places=places)
        for over, one in totals.items()
    }


def _amount_of(column: NDArray[Any]) -> Amount:
    if not np.ma.is_masked(column):
        return Amount(sums=np.asarray(column))
    return Amount(sums=np.ma.filled(column, 0.0), held=~np.ma.getmaskarray(column))


def _contributions(shares: Shares, held: Held, *, is_indicator: bool) -> list[Contributions]:
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
