"""Owns the judging of a Kaplan-Meier curve or life table, by persons: its steps, and who is still at risk.

Sources: OpenSAFELY (steps under the threshold of events); ACRO survival_safe_threshold 10. A curve that is given at chosen
times is judged at those times only: the last risk set of the data is not part of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.evidence.duck import Row, Source
from output_checking.domain.checks.evidence.layout import Layout, lay_out
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.kinds.part import Part, chosen_records, size_of
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import SurvivalSpec

STEPS, AT_RISK, ALL = "survival_steps", "survival_at_risk", "survival_all"
MOST_STEPS = 100_000


def judge(source: Source, spec: SurvivalSpec, appetite: Appetite) -> Part:
    """Return what was found in a survival curve; its cells are the steps of each group, with the survival as value."""
    records, persons = size_of(source, chosen_records(source, spec, {"t": spec.time, "e": spec.event}))
    layout = lay_out(source, spec.by, (), chosen=spec.chosen)
    rows = _rows(source, spec, layout)
    cells: list[JudgedCell] = []
    for code, (levels, _) in enumerate(layout.grid):
        cells += _curve(levels, [row[1:] for row in rows if row[0] == code], spec, appetite)
    return Part(cells=tuple(cells), findings=(), records=records, persons=persons)


def _rows(source: Source, spec: SurvivalSpec, layout: Layout) -> list[Row]:
    """Return group, time, events and censored persons, in order of time.

    Each person counts once: at their first event, else at their last time.
    """
    values = f"{number(spec.time, source)} as t, {number(spec.event, source)} as e"
    kept = (
        f"select {person_key(source)} as p, {layout.code} as c, {values} from {source.relation} {layout.joins} "
        f"where {condition(spec.chosen, source)} and {number(spec.time, source)} is not null and {number(spec.event, source)} is not null"
    )
    ((odd,),) = source.rows(f"select count(*) from ({kept}) where e not in (0, 1)")
    if odd:
        raise CannotJudge(f"The event column '{spec.event}' holds other values than 0 and 1.", code="source.event")
    found = source.rows(
        f"with one as (select p, c, coalesce(min(t) filter (e = 1), max(t)) as t, max(e) as e from ({kept}) where c is not null group by p, c) "
        f"select c, t, count(*) filter (e = 1), count(*) filter (e = 0) from one group by c, t order by c, t limit {MOST_STEPS + 1}"
    )
    if len(found) > MOST_STEPS:
        raise CannotJudge(
            f"More than {MOST_STEPS:,} steps are asked for; give the curve at chosen times.", code="table.too_large"
        )
    return found


def _curve(
    levels: tuple[str, ...], rows: Sequence[Row], spec: SurvivalSpec, appetite: Appetite
) -> Iterator[JudgedCell]:
    points = list(_points(rows))
    total = sum(point.events + point.censored for point in points)
    ends = spec.times or tuple(point.time for point in points if point.events)
    share, happened, place = 1.0, 0, 0
    for end in ends:
        events, at_risk = 0, points[place].at_risk if place < len(points) else 0
        while place < len(points) and points[place].time <= end:
            point = points[place]
            share *= 1 - point.events / point.at_risk
            events += point.events
            at_risk = at_risk if spec.times else point.at_risk
            place += 1
        happened += events
        found = [*_step(events, appetite), *_risk(at_risk, spec, appetite)]
        if end == ends[-1]:
            found += _group(happened, total, appetite)
        cell = Cell(row=levels, column=(f"{end:g}",), persons=at_risk, records=events, value=share)
        yield JudgedCell(cell=cell, findings=tuple(found))


@dataclass(frozen=True)
class _Point:
    time: float
    events: int
    censored: int
    at_risk: int


def _points(rows: Sequence[Row]) -> Iterator[_Point]:
    left = sum(events + censored for _, events, censored in rows)
    for time, events, censored in rows:
        yield _Point(time, events, censored, left)
        left -= events + censored


def _step(events: int, appetite: Appetite) -> Iterator[Finding]:
    if 0 < events < appetite.threshold:
        yield Finding(
            rule=STEPS,
            figures={"events": events, "threshold": appetite.threshold},
            sentence=f"The curve falls here by the events of {events} persons; at least {appetite.threshold} are needed.",
            learns="When a few persons, or one, had the event.",
            remedy="Give the curve at fewer, chosen times (times), so that enough events lie between them.",
        )


def _risk(at_risk: int, spec: SurvivalSpec, appetite: Appetite) -> Iterator[Finding]:
    if 0 < at_risk < appetite.threshold:
        yield Finding(
            rule=AT_RISK,
            figures={"at_risk": at_risk, "threshold": appetite.threshold, "is_shown": int(spec.at_risk)},
            sentence=f"{at_risk} persons are still at risk here; at least {appetite.threshold} are needed.",
            learns="The end of the curve is about a few persons, who can be found.",
            remedy="End the curve earlier.",
        )


def _group(events: int, total: int, appetite: Appetite) -> Iterator[Finding]:
    outside = total - events
    is_near = 0 < outside < appetite.threshold and events >= appetite.class_share * total
    is_none = events == 0 and total > 0 and appetite.empty_cells == "disclosive"
    if is_none or (total and outside == 0) or is_near:
        yield Finding(
            rule=ALL,
            figures={"events": events, "persons": total},
            sentence=f"By the end of the curve {events} of {total} persons of the group have had the event.",
            learns="Of anybody known to be in the group it is known, surely or nearly so, whether they had it.",
            remedy="Merge groups, or end the curve earlier.",
        )
