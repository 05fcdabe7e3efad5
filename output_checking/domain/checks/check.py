"""The engine's one door in Python: a source, a specification and a risk appetite in; an answer out."""

from collections.abc import Mapping
from typing import Any

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.judging import judge_cells, judge_whole
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Specification, TableSpec
from output_checking.domain.checks.specification.reading import read_specification


def check(source: Source, specification: Mapping[str, Any], *, appetite: Appetite | None = None) -> Answer:
    """Return the verdict on an output, with what stands behind it.

    Args:
        source: the records (`evidence.duck.open_file` or `lend`).
        specification: as its published schema has it (`schemas/specification.json`).
        appetite: what applies; the specification may only be stricter.

    Raises:
        CannotJudge: there is no answer, and why.
    """
    spec = read_specification(specification)
    applied = (appetite or Appetite()).made_stricter(spec.appetite)
    return _of_kind(source, spec, dict(specification), applied)


def _of_kind(source: Source, spec: Specification, given: dict[str, Any], appetite: Appetite) -> Answer:
    if not isinstance(spec, TableSpec):
        raise CannotJudge("soon", code="specification.malformed")
    evidence = gather(source, spec, appetite)
    if not evidence.chosen_persons:
        raise CannotJudge(
            "The filter and the levels leave no records, so there is nothing to judge.", code="source.no_records"
        )
    return Answer(
        spec=given,
        appetite=appetite,
        cells=judge_cells(evidence, spec, appetite),
        findings=tuple(judge_whole(spec)),
        records=evidence.chosen_records,
        persons=evidence.chosen_persons,
    )
