"""Owns what persons add to each cell and total: summed per person from what was kept of the records. Must never judge it.

Part by part: a person is wholly in one part, so that the memory needed does not grow with the data, and parts only add up.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.folding import (
    Amount,
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
from output_checking.domain.checks.evidence.kept import KEPT
from output_checking.domain.checks.evidence.slices import Records, join, spread, take_apart
from output_checking.domain.checks.evidence.survey import Survey, is_numeric
from output_checking.domain.checks.evidence.tallies import Held, Tally

PART = 1 << 22  # records that are read at once, of 20 bytes and more; one part is summed while the next is read
LARGE = 2  # times a part: so many records are not read before they are summed
SLICE = 1 << 17  # records that are summed at once, of about 100 bytes each: they stay near the processor
AT_ONCE = 2  # slices that are summed at the same time
Over = tuple[int, ...]
Slices = list[list[Records]]


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
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(AT_ONCE) as pool:
        most = max(SLICE, 8 * len(totals[()].codes))
        for pieces in chain.from_iterable(_ahead(_parts(source, surveyed, records, most=most), reader)):
            known = {over: floors(one) for over, one in found.items()}
            waiting.append(pool.submit(_fold_slice, pieces, totals, places, known))
            if len(waiting) > AT_ONCE:
                found = _with(found, waiting.popleft().result())
        for one in waiting:
            found = _with(found, one.result())
    return found


def _ahead(parts: Iterator[Slices], reader: ThreadPoolExecutor) -> Iterator[Slices]:
    """Yield parts, the next of which is read meanwhile."""
    coming = reader.submit(next, parts, None)
    while (part := coming.result()) is not None:
        coming = reader.submit(next, parts, None)
        yield part


def _with(found: dict[Over, Folded], more: dict[Over, Folded]) -> dict[Over, Folded]:
    return {over: together(found[over], one) for over, one in more.items()} if found else more


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


def _parts(source: Source, surveyed: Survey, records: int, *, most: int) -> Iterator[Slices]:
    """Yield who, which cell and how much, of the persons of one part after the other, in slices of about `most` records."""
    count = max(-(-records // PART), 1 + (records > PART // 8))
    amounts = {name: _amount(name, surveyed) for name in surveyed.quantities}
    alone = ", ".join(["p, c", *(f"{amount} as {name}" for name, amount in amounts.items())])
    summed = ", ".join(["p, c", *(f"sum({amount}) as {name}" for name, amount in amounts.items())])
    sizes: dict[int, int] = (
        dict(source.rows(f"select hash(p) % {count}, count(*) from {KEPT} group by 1")) if count > LARGE else {}
    )
    for part in range(count):
        chosen = f"from {KEPT} where hash(p) % {count} = {part}"
        # where few persons have most of the records, those of one part may be too many for the memory
        is_large = sizes.get(part, 0) > LARGE * PART
        read = source.columns(f"select {summed} {chosen} group by p, c" if is_large else f"select {alone} {chosen}")
        yield take_apart(_records(read), most=most)


def _amount(name: str, surveyed: Survey) -> str:
    if not is_numeric(surveyed.quantities[name]):  # the mode of a text: only who has one counts
        return f"cast(case when {name} is not null then 1 end as double)"
    return f"{name} * w" if surveyed.weight else name


def _records(read: Columns) -> Records:
    amounts = {name: _amount_of(column) for name, column in read.items() if name not in {"p", "c"}}
    return Records(persons=spread(read["p"]), cells=read["c"], amounts=amounts)


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
