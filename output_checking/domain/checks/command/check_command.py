"""Owns `output-checking check`: data and a specification in, an answer out. Must never import the engine before it is run."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from output_checking.domain.checks.command.reading import read_json, read_key
from output_checking.domain.checks.command.writing import write

if TYPE_CHECKING:
    from output_checking.domain.checks.answer import Answer

EXIT = {"safe": 0, "unsafe": 1, "review": 2}


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command's words."""
    words = commands.add_parser("check", help="judge an output; exit 0 safe, 1 unsafe, 2 review, 3 could not judge")
    add_source(words)
    words.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="text for a terminal (the default), json as 'output-checking schema answer' has it, html as a page that stands alone",
    )
    words.set_defaults(run=run)


def add_source(words: argparse.ArgumentParser) -> None:
    """Add what every command needs that looks at data."""
    words.add_argument("data", type=Path, metavar="DATA", help="Parquet, CSV or DuckDB file")
    words.add_argument("--table", default="", help="the table or view of a DuckDB file")
    words.add_argument("--person", required=True, metavar="COLUMN", help="the column that says whose record it is")
    words.add_argument(
        "--spec",
        required=True,
        type=Path,
        metavar="SPEC.json",
        help="what the output is made of; output-checking schema says all it may hold",
    )
    words.add_argument(
        "--earlier",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="ANSWER.json",
        help="answers that were released before: 'spec', and 'cells' with row, column and persons",
    )
    words.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="secret of 16 to 64 bytes: the JSON answer keeps its private part, and earlier ones are compared by membership",
    )
    words.add_argument("--appetite", type=Path, metavar="A.json", help="the risk appetite; without it the default")


def run(given: argparse.Namespace) -> int:
    """Judge, write the answer, return the exit code."""
    answer = answered(given)
    write(written(answer, given.format), form=given.format)
    return EXIT[answer.verdict]


def answered(given: argparse.Namespace) -> "Answer":
    """Return the answer on what the command was given."""
    specification = read_json(given.spec, called="The specification")
    appetite = read_json(given.appetite, called="The risk appetite") if given.appetite else {}
    earlier, key = read_earlier(given), read_key(given.key)

    from output_checking.domain.checks.appetite import read_appetite
    from output_checking.domain.checks.check import check
    from output_checking.domain.checks.evidence.duck import open_file

    applied = read_appetite(appetite)
    with open_file(given.data, person=given.person, table=given.table) as source:
        return check(source, specification, appetite=applied, earlier=earlier, key=key)


def read_earlier(given: argparse.Namespace) -> list[Any]:
    """Return the earlier answers that the command was given, each called by its file's name in findings."""
    return [_named(read_json(path, called="The earlier answer"), path) for path in given.earlier]


def _named(answer: Any, path: Path) -> Any:
    return {"name": path.name, **answer} if isinstance(answer, dict) else answer


def written(answer: "Answer", form: str) -> str:
    """Return the answer in one of the three forms."""
    if form == "json":
        return json.dumps(answer.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    from output_checking.domain.checks.command.html import as_html
    from output_checking.domain.checks.command.text import as_text

    return as_html(answer) if form == "html" else as_text(answer)
