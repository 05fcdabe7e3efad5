"""Owns what `output-checking remedy` says: an unsafe table in, the remedies that make it safe out, least loss first."""

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import read_appetite
from output_checking.domain.checks.check import check
from output_checking.domain.checks.command.check_command import EXIT, read_earlier
from output_checking.domain.checks.command.plain import wrapped
from output_checking.domain.checks.command.reading import read_json, read_key
from output_checking.domain.checks.command.text import SENTENCE, as_text
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.evidence.duck import open_file
from output_checking.domain.checks.finding import Verdict, Weight
from output_checking.domain.checks.remedies.propose import propose
from output_checking.domain.checks.remedies.remedy import Remedy
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification


def remedied(given: argparse.Namespace) -> tuple[str, int]:
    """Return what is to be written, and the exit code."""
    specification = read_json(given.spec, called="The specification")
    appetite = read_appetite(read_json(given.appetite, called="The risk appetite") if given.appetite else {})
    answers, key = read_earlier(given), read_key(given.key)
    with open_file(given.data, person=given.person, table=given.table) as source:
        earlier = EarlierAnswers(source, answers)

        def judge(spec: Mapping[str, Any]) -> Answer:
            return check(source, spec, appetite=appetite, earlier=earlier, key=key)

        answer = judge(specification)
        remedies = [] if answer.verdict is Verdict.SAFE else propose(answer, judge)
    code = EXIT[Verdict.SAFE] if any(one.is_safe for one in remedies) else EXIT[answer.verdict]
    if given.format == "json":
        return json.dumps(_as_json(answer, remedies), ensure_ascii=False, indent=1, allow_nan=False), code
    return "\n".join(_lines(answer, remedies)), code


def _as_json(answer: Answer, remedies: list[Remedy]) -> dict[str, Any]:
    return {
        "schema": "1",
        "verdict": str(answer.verdict),
        "remedies": [
            {
                "name": one.name,
                "how": one.how,
                "loss": round(one.loss, 6),
                "verdict": str(one.answer.verdict),
                "unsafe_cells": sum(cell.is_unsafe for cell in one.answer.cells),
                "spec": dict(one.spec),
                "answer": one.answer.as_json(),
            }
            for one in remedies
        ],
    }


def _lines(answer: Answer, remedies: list[Remedy]) -> Iterator[str]:
    if answer.verdict is Verdict.SAFE:
        yield "The output is safe as it is; no remedy is needed."
        return
    yield f"As it is: {SENTENCE[answer.verdict]}"
    safe = [one for one in remedies if one.is_safe]
    if safe:
        yield f"Remedies that make it safe, least loss first: {len(safe)}"
    else:
        yield "No remedy was found that makes it safe."
        yield from _by_hand(answer)
    for one in remedies:
        head = f"  {str(one.answer.verdict).upper():7} {one.name}: loses {one.loss:.1%}."
        yield from wrapped(f"{head} {one.how}", indent=10)
    if safe:
        yield ""
        yield f"With {safe[0].name}:"
        yield as_text(safe[0].answer)
        yield from wrapped(
            "--format json has the specification of each ('spec'), ready for output-checking check --spec, and its whole answer."
        )


def _by_hand(answer: Answer) -> Iterator[str]:
    """What a person can do where the engine makes no new output itself."""
    if not isinstance(read_specification(answer.spec), TableSpec):
        yield from wrapped("The engine makes new tables only; of an output of this kind its author can do this:")
    findings = [*answer.findings, *(one for cell in answer.cells for one in cell.findings)]
    for remedy in dict.fromkeys(one.remedy for one in findings if one.weight is not Weight.NOTE):
        yield from wrapped(f"  - {remedy}", indent=4)
