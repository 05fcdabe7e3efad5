"""The engine's one door in Python: a source, a specification and a risk appetite in; an answer out."""

from collections.abc import Mapping, Sequence
from typing import Any

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.comparing import Judged, judge_beside
from output_checking.domain.checks.comparing_plots import judge_bins_beside, say_not_compared
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.evidence.membership import PrivatePart, find_members
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.judging import judge_cells, judge_whole
from output_checking.domain.checks.kinds import box, histogram, other, regression, scatter, survival
from output_checking.domain.checks.kinds.part import Part
from output_checking.domain.checks.linked.treated import judge_treated
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.remedies.noised import show_noised
from output_checking.domain.checks.specification.model import (
    BoxSpec,
    HistogramSpec,
    OtherSpec,
    RegressionSpec,
    ScatterSpec,
    Specification,
    SurvivalSpec,
    TableSpec,
)
from output_checking.domain.checks.specification.reading import read_specification


def check(
    source: Source,
    specification: Mapping[str, Any],
    *,
    appetite: Appetite | None = None,
    earlier: Sequence[Mapping[str, Any]] | EarlierAnswers = (),
    key: bytes = b"",
) -> Answer:
    """Return the verdict on an output, with what stands behind it.

    Args:
        source: the records (`evidence.duck.open_file` or `lend`).
        specification: as its published schema has it (`schemas/specification.json`).
        appetite: what applies; the specification may only be stricter.
        earlier: answers on the same data that were released before; each needs no more than `spec` and `cells` with their `row`,
            `column` and `persons`. Where many tables are judged beside the same ones, read them once as `EarlierAnswers`.
        key: secret for the answer's private part; with it earlier answers that kept theirs are compared by membership, and a table
            that is noised shows its counts with their noise.

    Raises:
        CannotJudge: there is no answer, and why.
    """
    spec = read_specification(specification)
    applied = (appetite or Appetite()).made_stricter(spec.appetite)
    part = judge(source, spec, applied)
    members = find_members(source, spec, key=key) if key and isinstance(spec, TableSpec) else {}
    cells, findings = _treated_and_compared(
        source, spec, part, given=specification, appetite=applied, earlier=earlier, members=members
    )
    return Answer(
        spec=dict(specification),
        appetite=applied,
        cells=cells,
        findings=findings,
        records=part.records,
        persons=part.persons,
        members=members,
    )


def _treated_and_compared(
    source: Source,
    spec: Specification,
    part: Part,
    *,
    given: Mapping[str, Any],
    appetite: Appetite,
    earlier: Sequence[Mapping[str, Any]] | EarlierAnswers,
    members: PrivatePart,
) -> tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]:
    before = earlier if isinstance(earlier, EarlierAnswers) else EarlierAnswers(source, earlier)
    before.refuse_other(source)
    if not isinstance(spec, TableSpec):
        cells, whole = _other_beside(spec, part, before, given=given, appetite=appetite)
        return cells, (*part.findings, *whole)
    cells = part.cells
    whole = ()
    if len(before):
        cells, whole = judge_beside(cells, spec, before, appetite=appetite, members=members)
    shown, unseen = show_noised(judge_treated(cells, spec, appetite), spec, members)
    return shown, (*part.findings, *whole, *unseen)


def _other_beside(
    spec: Specification, part: Part, earlier: EarlierAnswers, *, given: Mapping[str, Any], appetite: Appetite
) -> Judged:
    if not isinstance(spec, HistogramSpec):
        return part.cells, say_not_compared(given, part.persons, earlier, appetite=appetite)
    return judge_bins_beside(part.cells, spec, earlier, appetite=appetite) if len(earlier) else (part.cells, ())


def judge(source: Source, spec: Specification, appetite: Appetite) -> Part:  # noqa: PLR0911 - one for each kind
    """Return what was found in an output of any kind.

    Raises:
        CannotJudge: there is no answer, and why.
    """
    match spec:
        case TableSpec():
            return _table(source, spec, appetite)
        case HistogramSpec():
            return histogram.judge(source, spec, appetite)
        case ScatterSpec():
            return scatter.judge(source, spec, appetite)
        case BoxSpec():
            return box.judge(source, spec, appetite)
        case SurvivalSpec():
            return survival.judge(source, spec, appetite)
        case RegressionSpec():
            return regression.judge(source, spec, appetite)
        case OtherSpec():
            return other.judge(spec)


def _table(source: Source, spec: TableSpec, appetite: Appetite) -> Part:
    evidence = gather(source, spec, appetite)
    if not evidence.chosen_persons:
        raise CannotJudge(
            "The filter and the levels leave no records, so there is nothing to judge.", code="source.no_records"
        )
    return Part(
        cells=judge_cells(evidence, spec, appetite),
        findings=tuple(judge_whole(spec)),
        records=evidence.chosen_records,
        persons=evidence.chosen_persons,
    )
