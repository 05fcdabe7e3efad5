"""Owns the judging of a box plot: its quartiles as quantiles, its whiskers as the values of persons, its outliers as microdata.

Source: OpenSAFELY (whiskers and outliers of box plots); SDC Handbook (2019), percentiles.
"""

from collections.abc import Iterator
from dataclasses import replace

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.evidence.kept import KEPT, keep
from output_checking.domain.checks.evidence.layout import lay_out
from output_checking.domain.checks.evidence.survey import survey
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.judging import judge_cells
from output_checking.domain.checks.kinds.part import Part, chosen_records, refuse_empty, size_of
from output_checking.domain.checks.specification.expression import Column, Every, Missing, Not, conjuncts
from output_checking.domain.checks.specification.model import BoxSpec, Statistic, TableSpec

OUTLIERS, WHISKERS = "microdata", "box_whiskers"


def judge(source: Source, spec: BoxSpec, appetite: Appetite) -> Part:
    """Return what was found in a box plot; its cells are the groups, with the median as value."""
    records, persons = size_of(source, chosen_records(source, spec, {"x": spec.measure}))
    tables = [_table(spec, Statistic.QUANTILE, at) for at in (0.5, 0.25, 0.75)]
    if spec.whiskers == "range":
        tables += [_table(spec, Statistic.MIN), _table(spec, Statistic.MAX)]
    elif not isinstance(spec.whiskers, str):
        tables += [_table(spec, Statistic.QUANTILE, at) for at in spec.whiskers]
    judged = [judge_cells(gather(source, table, appetite), table, appetite) for table in tables]
    cells = tuple(map(_together, zip(*judged, strict=True)))
    refuse_empty(cells)
    return Part(cells=cells, findings=tuple(_drawn(source, spec, appetite)), records=records, persons=persons)


def _table(spec: BoxSpec, statistic: Statistic, probability: float = 0.5) -> TableSpec:
    has_value = Not(Missing(Column(spec.measure)))
    chosen = Every((*conjuncts(spec.chosen), has_value)) if spec.chosen else has_value
    return TableSpec(rows=spec.by, statistic=statistic, measure=spec.measure, probability=probability, chosen=chosen)


def _together(same: tuple[JudgedCell, ...]) -> JudgedCell:
    kept: dict[tuple[str, str], Finding] = {}
    for one in same:
        for found in one.findings:
            kept.setdefault((found.rule, found.sentence), found)
    return replace(same[0], findings=tuple(kept.values()))


def _drawn(source: Source, spec: BoxSpec, appetite: Appetite) -> Iterator[Finding]:
    """Yield findings on whiskers that end at the last value within 1.5 boxes, and on the points beyond whiskers of any kind."""
    if spec.whiskers == "range":  # nothing is beyond, and the ends are judged as extremes
        return
    table = _table(spec, Statistic.MEDIAN)
    keep(source, table, lay_out(source, table.rows, (), chosen=table.chosen), survey(source, table))
    least = appetite.threshold
    low, high = _fences(spec)
    ((ends, groups, outliers),) = source.rows(
        f"with b as (select c, {low} as low, {high} as high from {KEPT} group by c), "
        f"r as (select k.c, p, x, x between low and high as is_within from {KEPT} k join b using (c)), "
        "w as (select c, min(x) filter (is_within) as lo, max(x) filter (is_within) as hi from r group by c), "
        "e as (select c, count(distinct p) filter (x = lo) as at_low, count(distinct p) filter (x = hi) as at_high, "
        "count(distinct p) filter (not is_within) as beyond from r join w using (c) group by c) "
        f"select min(least(at_low, at_high)), count(*) filter (least(at_low, at_high) < {least}), sum(beyond) from e"
    )
    if groups and spec.whiskers == "tukey":
        yield Finding(
            rule=WHISKERS,
            figures={"groups": groups, "holders": ends, "threshold": least},
            sentence=f"In {groups} of the groups a whisker ends at a value that fewer than {least} persons have.",
            learns="The value of a single person near the end of the distribution, exactly.",
            remedy="End the whiskers at quantiles with enough persons beyond, such as the 5th and the 95th.",
        )
    if outliers and spec.outliers:
        yield Finding(
            rule=OUTLIERS,
            figures={"persons": int(outliers)},
            sentence=f"{int(outliers):,} persons are drawn as points of their own beyond the whiskers: microdata.",
            learns="The exact values of the persons who stand out most.",
            remedy="Draw the box plot without outliers.",
        )


def _fences(spec: BoxSpec) -> tuple[str, str]:
    """Return the SQL of the least and of the greatest value that is not drawn as a point of its own."""
    if isinstance(spec.whiskers, str):
        low, high = "quantile_cont(x, 0.25)", "quantile_cont(x, 0.75)"
        return f"{low} - 1.5 * ({high} - {low})", f"{high} + 1.5 * ({high} - {low})"
    low, high = (f"quantile_cont(x, {one!r})" for one in spec.whiskers)
    return low, high
