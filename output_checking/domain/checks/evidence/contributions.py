"""Owns the one pass over the records: contributions summed per person and cell, then per cell. Must never judge them.

Per person only what must be is kept (one sum each), since that table is the large one; what needs no person, such as least and
greatest values, is counted per cell and added up for the totals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.layout import Layout
from output_checking.domain.checks.evidence.sql import condition, person_key
from output_checking.domain.checks.evidence.survey import Survey, is_numeric
from output_checking.domain.checks.specification.model import TableSpec

KEPT, SUMMED = "oc_kept", "oc_summed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What the records of a cell hold of one quantity: how many have it, its least and greatest, the sum of their weights."""

    records: int
    low: float | None
    high: float | None
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The records of a cell, whoever they belong to."""

    records: int
    weight: float
    held: tuple[Held, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What stands behind one cell or total."""

    persons: int
    records: int
    weight: float
    measure: Contributions | None
    denominator: Contributions | None


def keep(source: Source, spec: TableSpec, layout: Layout, surveyed: Survey) -> tuple[int, int]:
    """Sum what each person adds to each cell; return how many sums and how many persons there are."""
    named = [f"{expression} as {name}" for name, expression in surveyed.quantities.items()]
    weight = [f"{surveyed.weight} as w"] if surveyed.weight else []
    selected = ", ".join([f"{person_key(source)} as p", f"{layout.code} as c", *named, *weight])
    source.rows(
        f"create or replace temp view {KEPT} as select * from (select {selected} "
        f"from {source.relation} {layout.joins} where {condition(spec.chosen, source)}) where c is not null"
    )
    sums = [f"{_sum(name, surveyed)} as {name}s" for name in surveyed.quantities]
    source.rows(
        f"create or replace temp table {SUMMED} as select {', '.join(['p', 'c', *sums])} from {KEPT} group by p, c"
    )
    ((cells, persons),) = source.rows(f"select count(*), count(distinct p) from {SUMMED}")
    return int(cells), int(persons)


def tally(source: Source, surveyed: Survey) -> dict[int, Tally]:
    """Return what the records of each cell hold."""
    parts = ["count(*)", "sum(w)" if surveyed.weight else "count(*)"]
    for name, expression in surveyed.quantities.items():
        ends = f"min({name}), max({name})" if is_numeric(expression) else "null, null"
        weight = f"sum(w) filter ({name} is not null)" if surveyed.weight else f"count({name})"
        parts.append(f"count({name}), {ends}, {weight}")
    found = source.rows(f"select c, {', '.join(parts)} from {KEPT} group by c")
    return {code: _tally(records, weight, rest) for code, records, weight, *rest in found}


def totalled(cells: Mapping[int, Tally], layout: Layout, over: Sequence[int]) -> dict[int, Tally]:
    """Return the tallies of the totals over some dimensions."""
    grouped: dict[int, list[Tally]] = {}
    for code, one in cells.items():
        grouped.setdefault(layout.without(code, over), []).append(one)
    return {code: _added(some) for code, some in grouped.items()}


def count(
    source: Source,
    layout: Layout,
    surveyed: Survey,
    tallies: Mapping[int, Tally],
    *,
    over: Sequence[int],
    places: int,
    additive: bool,
) -> dict[int, Counted]:
    """Return what stands behind each cell, or behind each total over some dimensions.

    Args:
        tallies: of the same cells or totals.
        over: places of the dimensions summed over; none for the cells themselves.
        places: how many of the largest contributions are wanted.
        additive: nobody is in two cells, so that a total's persons need not be summed anew.
    """
    code = layout.summed(over) if over else "c"
    names = list(surveyed.quantities)
    parts = ", ".join(["count(*)", *(part for name in names for part in _over_persons(name, places))])
    table = SUMMED
    if over and not additive:
        again = ", ".join([f"{code} as c", *(f"sum({name}s) as {name}s" for name in names)])
        table, code = f"(select p, {again} from {SUMMED} group by p, {code})", "c"
    found = source.rows(f"select {code}, {parts} from {table} group by {code}")
    return {row[0]: _counted(row[1:], names, tallies[row[0]], surveyed) for row in found}


def persons_in(source: Source, layout: Layout, over: Sequence[int]) -> dict[int, int]:
    """Return the distinct persons of each total over some dimensions."""
    code = layout.summed(over)
    return dict(source.rows(f"select c, count(*) from (select distinct p, {code} as c from {SUMMED}) group by c"))


def _sum(name: str, surveyed: Survey) -> str:
    if not is_numeric(surveyed.quantities[name]):  # the mode of a text: only who has one counts
        return f"cast(nullif(count({name}), 0) as double)"
    return f"sum({name} * w)" if surveyed.weight else f"sum({name})"


def _over_persons(name: str, places: int) -> list[str]:
    return [
        f"count({name}s)",
        f"sum({name}s)",
        f"sum(abs({name}s))",
        f"max(abs({name}s), {places})",
        f"count(*) filter ({name}s = 0)",
        f"count(*) filter ({name}s < 0)",
    ]


_WIDTH = len(_over_persons("x", 2))


def _tally(records: int, weight: float, rest: Sequence[Any]) -> Tally:
    held = tuple(
        Held(records=count, low=low, high=high, weight=float(sum_ or 0))
        for count, low, high, sum_ in (rest[start : start + 4] for start in range(0, len(rest), 4))
    )
    return Tally(records=records, weight=float(weight or 0), held=held)


def _added(some: Sequence[Tally]) -> Tally:
    places = range(len(some[0].held))
    return Tally(
        records=sum(one.records for one in some),
        weight=sum(one.weight for one in some),
        held=tuple(
            Held(
                records=sum(one.held[place].records for one in some),
                low=_end(min, (one.held[place].low for one in some)),
                high=_end(max, (one.held[place].high for one in some)),
                weight=sum(one.held[place].weight for one in some),
            )
            for place in places
        ),
    )


def _end(choose: Any, values: Iterable[float | None]) -> float | None:
    there = [one for one in values if one is not None]
    found: float | None = choose(there) if there else None
    return found


def _counted(row: Sequence[Any], names: Sequence[str], of: Tally, surveyed: Survey) -> Counted:
    persons, *rest = row
    made = {
        name: _contributions(
            rest[place * _WIDTH : (place + 1) * _WIDTH], of.held[place], is_indicator=name in surveyed.indicators
        )
        for place, name in enumerate(names)
    }
    return Counted(
        persons=persons,
        records=of.records,
        weight=of.weight,
        measure=made.get("x"),
        denominator=made.get("y"),
    )


def _contributions(row: Sequence[Any], held: Held, *, is_indicator: bool) -> Contributions:
    holders, total, absolute, largest, zeros, negatives = row
    return Contributions(
        holders=holders,
        records=held.records,
        total=total or 0.0,
        absolute=absolute or 0.0,
        largest=(*(largest or ()), 0.0, 0.0),
        zeros=zeros,
        negatives=negatives,
        low=held.low,
        high=held.high,
        is_indicator=is_indicator,
        weight=held.weight,
    )
