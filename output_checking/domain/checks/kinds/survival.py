"""Owns the judging of a Kaplan-Meier curve or life table, by persons: its steps, and who is still at risk.

Sources: OpenSAFELY (steps under the threshold of events); ACRO survival_safe_threshold 10. A curve that is given at chosen
times is judged at those times only: the last risk set of the data is not part of it.
"""

from collections.abc import Iterator

import numpy as np

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.layout import Layout, lay_out
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.kinds.part import Part, chosen_records, refuse_empty, size_of
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import SurvivalSpec, number_name

STEPS, AT_RISK, ALL = "survival_steps", "survival_at_risk", "survival_all"
MOST_STEPS = 100_000


def judge(source: Source, spec: SurvivalSpec, appetite: Appetite) -> Part:
    """Return what was found in a survival curve; its cells are the steps of each group, with the survival as value."""
    records, persons = size_of(source, chosen_records(source, spec, {"t": spec.time, "e": spec.event}))
    layout = lay_out(source, spec.by, (), chosen=spec.chosen)
    found = _points(source, spec, layout)
    if not spec.times:
        _refuse_many(int((found["events"] > 0).sum()))
    cells: list[JudgedCell] = []
    starts = np.searchsorted(found["c"], np.arange(len(layout.grid) + 1))
    for code, (levels, _) in enumerate(layout.grid):
        own = slice(starts[code], starts[code + 1])
        cells += _curve(levels, {name: column[own] for name, column in found.items()}, spec, appetite)
    refuse_empty(cells)
    return Part(cells=tuple(cells), findings=(), records=records, persons=persons)


def _points(source: Source, spec: SurvivalSpec, layout: Layout) -> Columns:
    """Return group `c`, time `t`, `events` and `censored` persons, in order of time.

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
    return source.columns(
        f"with one as (select p, c, coalesce(min(t) filter (e = 1), max(t)) as t, max(e) as e from ({kept}) where c is not null group by p, c) "
        "select c, t, count(*) filter (e = 1) as events, count(*) filter (e = 0) as censored from one group by c, t order by c, t"
    )


def _refuse_many(steps: int) -> None:
    if steps > MOST_STEPS:
        raise CannotJudge(
            f"{steps:,} steps are asked for; at most {MOST_STEPS:,} can be judged. Give the curve at chosen times.",
            code="table.too_large",
        )


def _curve(levels: tuple[str, ...], points: Columns, spec: SurvivalSpec, appetite: Appetite) -> Iterator[JudgedCell]:
    times, events = points["t"], points["events"]
    at_risk = np.append((events + points["censored"])[::-1].cumsum()[::-1], 0)  # and nobody after the last
    total = int(at_risk[0])
    ends = _ends(points, spec)
    until, first = np.searchsorted(times, ends, side="right"), np.searchsorted(times, ends)
    share = np.append(1.0, np.cumprod(1 - events / at_risk[:-1]))[until]
    happened = np.append(0, events.cumsum())[until]
    steps = np.diff(happened, prepend=0)
    # of a step of its own those at risk at it; between two times those at risk as it began, and those left as it ends
    began = at_risk[np.append(0, until[:-1])] if spec.times or not events.any() else at_risk[first]
    left = at_risk[first] if spec.times else began
    for place, end in enumerate(ends):
        fewest = min(int(began[place]), int(left[place]) or int(began[place]))
        found = [*_step(int(steps[place]), appetite), *_risk(fewest, spec, appetite)]
        if place == len(ends) - 1:
            found += _group(int(happened[place]), total, appetite)
        cell = Cell(
            row=levels,
            column=(number_name(end),),
            persons=int(began[place]),
            records=int(steps[place]),
            value=float(share[place]) if total else None,
        )
        yield JudgedCell(cell=cell, findings=tuple(found))


def _ends(points: Columns, spec: SurvivalSpec) -> list[float]:
    if spec.times:
        return list(spec.times)
    # without any event the curve is a level line to the last time
    falls: list[float] = points["t"][points["events"] > 0].tolist()
    return falls or points["t"][-1:].tolist()


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
