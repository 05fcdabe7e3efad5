"""Owns the one pass over the records: contributions summed per person and cell, then per cell. Must never read a value twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.evidence.duck import Source, quoted
from output_checking.domain.checks.evidence.layout import Layout
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Statistic, TableSpec

KEPT, SUMMED = "oc_kept", "oc_summed"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the database says of one cell."""

    persons: int
    records: int
    measure: Contributions | None
    denominator: Contributions | None


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the source holds, before anything is cut.

    Args:
        quantities: SQL of the columns that are summed: `x` the measure, `y` the denominator.
        indicators: those of them of which every value is 0 or 1.
        weight: SQL of the weight, empty where there is none.
    """

    records: int
    chosen: int
    quantities: dict[str, str]
    indicators: frozenset[str]
    weight: str


def survey(source: Source, spec: TableSpec) -> Survey:
    """Return what the source holds.

    Raises:
        CannotJudge: `source.person_missing`, `source.not_finite`, `source.weights`, `source.no_records`.
    """
    quantities = _quantities(source, spec)
    weight = number(spec.weight, source) if spec.weight else ""
    chosen = condition(spec.chosen, source)
    parts = [
        f"count(*), count(*) - count({quoted(source.person)}), count(*) filter ({chosen})",
        *(f"count(*) filter ({chosen} and not isfinite({one}))" for one in (*quantities.values(), *filter(None, [weight])) if _is_numeric(one)),
        *(f"count(*) filter ({chosen} and {one} not in (0, 1))" for one in quantities.values() if _is_numeric(one)),
        *([f"count(*) filter ({chosen} and ({weight} is null or {weight} < 0))"] if weight else []),
    ]  # fmt: skip
    (found,) = source.rows(f"select {', '.join(parts)} from {source.relation}")
    records, missing, kept, *rest = found
    refuse_unsound(source, records=records, missing=missing)
    numeric = [name for name, one in quantities.items() if _is_numeric(one)]
    odd = sum(rest[: len(numeric) + bool(weight)])
    if odd:
        raise CannotJudge(
            f"{odd:,} values of the measure, denominator or weight are infinite or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )
    if weight and rest[-1]:
        raise CannotJudge(f"{rest[-1]:,} records have no weight or a negative one.", code="source.weights")
    others = rest[len(numeric) + bool(weight) :]
    indicators = frozenset(name for name, count in zip(numeric, others, strict=False) if not count)
    return Survey(records=records, chosen=kept, quantities=quantities, indicators=indicators, weight=weight)


def keep(source: Source, spec: TableSpec, layout: Layout, surveyed: Survey) -> tuple[int, int]:
    """Sum what each person adds to each cell; return how many sums and how many persons there are."""
    named = [f"{expression} as {name}" for name, expression in surveyed.quantities.items()]
    weight = [f"{surveyed.weight} as w"] if surveyed.weight else []
    source.rows(
        f"create or replace temp view {KEPT} as select * from (select {', '.join([f'{person_key(source)} as p', f'{layout.code} as c', *named, *weight])} "
        f"from {source.relation} {layout.joins} where {condition(spec.chosen, source)}) where c is not null"
    )
    sums = ["count(*) as n"]
    for name in surveyed.quantities:
        sums += _sums(
            name, weighted=" * w" if surveyed.weight else "", is_numeric=_is_numeric(surveyed.quantities[name])
        )
    if surveyed.weight:
        sums.append("sum(w) as w")
    source.rows(f"create or replace temp table {SUMMED} as select p, c, {', '.join(sums)} from {KEPT} group by p, c")
    ((cells, persons),) = source.rows(f"select count(*), count(distinct p) from {SUMMED}")
    return int(cells), int(persons)


def count(
    source: Source, layout: Layout, surveyed: Survey, *, over: Sequence[int], places: int, additive: bool
) -> dict[int, Counted]:
    """Return what stands behind each cell, or behind each total over some dimensions.

    Args:
        over: places of the dimensions summed over; none for the cells themselves.
        places: how many of the largest contributions are wanted.
        additive: nobody is in two cells, so that a total's persons need not be summed anew.
    """
    code = layout.summed(over) if over else "c"
    names = list(surveyed.quantities)
    parts = ["count(*)", "sum(n)"]
    for name in names:
        parts += _over_persons(name, places)
    again = ["sum(n) as n", *(f"sum({name}{kind}) as {name}{kind}" for name in names for kind in ("n", "s", "w")),
             *(f"min({name}lo) as {name}lo, max({name}hi) as {name}hi" for name in names)]  # fmt: skip
    table = (
        SUMMED
        if additive or not over
        else f"(select p, {code} as c, {', '.join(again)} from {SUMMED} group by p, {code})"
    )
    grouped = "c" if table != SUMMED or not over else code
    found = source.rows(f"select {grouped}, {', '.join(parts)} from {table} group by {grouped}")
    width = len(_over_persons("x", places))
    return {row[0]: _counted(row[1:], names, width=width, surveyed=surveyed) for row in found}


def persons_in(source: Source, layout: Layout, over: Sequence[int]) -> dict[int, int]:
    """Return the distinct persons of each total over some dimensions."""
    code = layout.summed(over)
    return dict(source.rows(f"select {code}, count(distinct p) from {SUMMED} group by {code}"))


def _quantities(source: Source, spec: TableSpec) -> dict[str, str]:
    found: dict[str, str] = {}
    if spec.measure:
        held = f"{quoted(source.named(spec.measure))} is not null"
        if spec.statistic.is_frequency or spec.statistic is Statistic.OTHER:
            found["x"] = f"cast(case when {held} then 1 end as double)"
        elif spec.statistic is Statistic.MODE and not source.is_number(spec.measure):
            found["x"] = f"cast({quoted(spec.measure)} as varchar)"
        else:
            found["x"] = number(spec.measure, source)
    if spec.denominator and spec.statistic is Statistic.RATIO:
        found["y"] = number(spec.denominator, source)
    return found


def _is_numeric(expression: str) -> bool:
    return expression.endswith("as double)")


def _sums(name: str, *, weighted: str, is_numeric: bool) -> list[str]:
    if not is_numeric:  # the mode of a text: only who has one counts
        return [f"count({name}) as {name}n, cast(0 as double) as {name}s, count({name}) as {name}w, "
                f"cast(null as double) as {name}lo, cast(null as double) as {name}hi"]  # fmt: skip
    weights = f"sum(w) filter ({name} is not null)" if weighted else f"count({name})"
    return [f"count({name}) as {name}n", f"sum({name}{weighted}) as {name}s", f"{weights} as {name}w",
            f"min({name}) as {name}lo", f"max({name}) as {name}hi"]  # fmt: skip


def _over_persons(name: str, places: int) -> list[str]:
    return [
        f"count(*) filter ({name}n > 0)", f"sum({name}n)", f"sum({name}s)", f"sum(abs({name}s))", f"max(abs({name}s), {places})",
        f"count(*) filter ({name}s = 0)", f"count(*) filter ({name}s < 0)", f"min({name}lo)", f"max({name}hi)", f"sum({name}w)",
    ]  # fmt: skip


def _counted(row: Sequence[Any], names: Sequence[str], *, width: int, surveyed: Survey) -> Counted:
    persons, records, *rest = row
    made = {
        name: _contributions(rest[place * width : (place + 1) * width], is_indicator=name in surveyed.indicators)
        for place, name in enumerate(names)
    }
    return Counted(persons=persons, records=int(records), measure=made.get("x"), denominator=made.get("y"))


def _contributions(row: Sequence[Any], *, is_indicator: bool) -> Contributions:
    holders, records, total, absolute, largest, zeros, negatives, low, high, weight = row
    return Contributions(
        holders=holders,
        records=int(records or 0),
        total=total or 0.0,
        absolute=absolute or 0.0,
        largest=(*(largest or ()), 0.0, 0.0),
        zeros=zeros,
        negatives=negatives,
        low=low,
        high=high,
        is_indicator=is_indicator,
        weight=float(weight or 0.0),
    )


def refuse_unsound(source: Source, *, records: int, missing: int) -> None:
    """Refuse a source without records, or with records that are nobody's."""
    if not records:
        raise CannotJudge("The data holds no records.", code="source.no_records")
    if missing:
        raise CannotJudge(
            f"{missing:,} records do not say whose they are: the person column '{source.person}' is empty there. "
            "Persons cannot be counted; leave such records out, or name another column.",
            code="source.person_missing",
        )
