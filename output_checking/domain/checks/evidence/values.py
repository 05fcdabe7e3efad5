"""Owns what a cell shows, and who stands at that value where it is a value of somebody. Must never judge it."""

from collections.abc import Mapping, Sequence
from typing import Any

from output_checking.domain.checks.evidence.cells import Tail
from output_checking.domain.checks.evidence.contributions import Counted
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.kept import KEPT
from output_checking.domain.checks.evidence.layout import Layout
from output_checking.domain.checks.specification.model import Statistic, TableSpec

Shown = float | str | None
_OF_RECORDS = {
    Statistic.MEDIAN: "quantile_cont(x, 0.5)",
    Statistic.MIN: "min(x)",
    Statistic.MAX: "max(x)",
    Statistic.MODE: "mode(x)",
    Statistic.STD: "stddev_samp(x)",
    Statistic.VAR: "var_samp(x)",
}
_WEIGHTED_VARIANCE = "case when sum(w) filter (x is not null) > 1 then (sum(w * x * x) - sum(w * x) * sum(w * x) / sum(w) filter (x is not null)) / (sum(w) filter (x is not null) - 1) end"


def values(
    source: Source, layout: Layout, spec: TableSpec, counted: Mapping[int, Counted], *, over: Sequence[int]
) -> dict[int, Shown]:
    """Return what each cell, or each total over some dimensions, shows before it is normalised."""
    if _expression(spec):
        return dict(source.rows(_cut(spec, layout.summed(over) if over else "c")))
    return {code: _value(spec, one) for code, one in counted.items()}


def tails(source: Source, layout: Layout, spec: TableSpec, *, over: Sequence[int]) -> dict[int, Tail]:
    """Return who stands at and on either side of each shown value; nothing where the value is nobody's."""
    statistic = spec.statistic
    if not (statistic.is_extreme or statistic.is_quantile or statistic is Statistic.MODE):
        return {}
    code = layout.summed(over) if over else "c"
    # a cut between two equal values misses them by the last bit at times
    near = "abs(q) * 1e-12" if statistic.is_quantile else ""
    least, most = ("q", "q") if not near else (f"q - {near}", f"q + {near}")
    found = source.rows(
        f"with cut as (select c, {least} as least, {most} as most from ({_cut(spec, code)})), "
        f"kept as (select p, {code} as c, x from {KEPT}) "
        "select c, count(distinct p) filter (x between least and most), count(distinct p) filter (x <= most), "
        "count(distinct p) filter (x >= least) from kept join cut using (c) group by c"
    )
    return {one: Tail(at=at, below=below, above=above) for one, at, below, above in found}


def _cut(spec: TableSpec, code: str) -> str:
    if spec.statistic is not Statistic.MODE:
        return f"select {code} as c, {_expression(spec)} as q from {KEPT} group by 1"
    # of equally frequent values the least, so that the same data always has the same answer
    counted = f"select {code} as c, x, count(*) as n from {KEPT} where x is not null group by 1, 2"
    return f"select c, first(x order by n desc, x) as q from ({counted}) group by c"


def _expression(spec: TableSpec) -> str:
    if spec.statistic is Statistic.QUANTILE:
        return f"quantile_cont(x, {spec.probability!r})"
    if spec.weight and spec.statistic is Statistic.VAR:
        return _WEIGHTED_VARIANCE
    if spec.weight and spec.statistic is Statistic.STD:
        return f"sqrt({_WEIGHTED_VARIANCE})"
    return _OF_RECORDS.get(spec.statistic, "")


def _value(spec: TableSpec, one: Counted) -> Shown:  # noqa: PLR0911 - one for each statistic
    measure, denominator = one.measure, one.denominator
    match spec.statistic:
        case Statistic.PERSONS:
            return measure.holders if measure else one.persons
        case Statistic.COUNT if spec.weight:
            return measure.total if measure else one.weight
        case Statistic.COUNT:
            return measure.records if measure else one.records
        case Statistic.SUM:
            return measure.total if measure else None
        case Statistic.MEAN:
            return _divided(measure.total, measure.weight) if measure else None
        case Statistic.RATIO:
            return _divided(measure.total, denominator.total) if measure and denominator else None
    return None


def _divided(above: Any, below: Any) -> float | None:
    return above / below if below else None
