"""Owns `output-checking remedy`: an unsafe table in, the remedies that make it safe out, least loss first."""

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import read_appetite
from output_checking.domain.checks.check import check
from output_checking.domain.checks.command.check_command import EXIT, add_source, read_earlier
from output_checking.domain.checks.command.reading import read_json, read_key
from output_checking.domain.checks.command.text import as_text
from output_checking.domain.checks.command.writing import write
from output_checking.domain.checks.evidence.duck import open_file
from output_checking.domain.checks.finding import Verdict
from output_checking.domain.checks.remedies.propose import propose
from output_checking.domain.checks.remedies.remedy import Remedy


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command's words."""
    words = commands.add_parser(
        "remedy",
        help="make an unsafe table safe; exit 0 if it is safe or a remedy makes it so, else 1 unsafe, 2 review",
    )
    add_source(words)
    words.add_argument("--format", choices=("text", "json"), default="text")
    words.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Judge, try each remedy, write the list; return the exit code."""
    specification = read_json(given.spec, called="The specification")
    appetite = read_appetite(read_json(given.appetite, called="The risk appetite")) if given.appetite else None
    earlier, key = read_earlier(given), read_key(given.key)
    with open_file(given.data, person=given.person, table=given.table) as source:

        def judge(spec: Mapping[str, Any]) -> Answer:
            return check(source, spec, appetite=appetite, earlier=earlier, key=key)

        answer = judge(specification)
        remedies = [] if answer.verdict is Verdict.SAFE else propose(answer, judge)
    write(
        json.dumps(_as_json(answer, remedies), ensure_ascii=False, indent=1)
        if given.format == "json"
        else _text(answer, remedies),
        form=given.format,
    )
    return EXIT[Verdict.SAFE] if any(one.is_safe for one in remedies) else EXIT[answer.verdict]


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


def _text(answer: Answer, remedies: list[Remedy]) -> str:
    return "\n".join(_lines(answer, remedies))


def _lines(answer: Answer, remedies: list[Remedy]) -> Iterator[str]:
    if answer.verdict is Verdict.SAFE:
        yield "The output is safe as it is; no remedy is needed."
        return
    safe = [one for one in remedies if one.is_safe]
    yield (
        f"Remedies that make it safe, least loss first: {len(safe)}"
        if safe
        else "No remedy was found that makes it safe."
    )
    for one in remedies:
        yield f"  {str(one.answer.verdict).upper():7} {one.name}: loses {one.loss:.1%}. {one.how}"
    if safe:
        yield ""
        yield f"With {safe[0].name}:"
        yield as_text(safe[0].answer)
