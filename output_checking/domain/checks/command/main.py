"""Owns the command's words and exit codes: 0 safe, 1 unsafe, 2 review, 3 could not judge."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from output_checking.domain.checks.command import check_command, explain_command, remedy_command, schema_command
from output_checking.domain.checks.command.writing import write
from output_checking.domain.checks.edition import ENGINE_VERSION, SCHEMA_VERSION
from output_checking.domain.checks.refusal import CannotJudge

COULD_NOT_JUDGE = 3
COMMANDS = (check_command, remedy_command, explain_command, schema_command)
EXAMPLE = """\
A first table: SPEC.json says what the output is made of,

  {"rows": ["region", {"column": "age", "bands": [null, 18, 65, null]}], "columns": ["sex"],
   "statistic": "mean", "measure": "cost", "filter": "year >= 2020", "margins": true}

and   output-checking check people.parquet --person person_id --spec SPEC.json   judges it.
Exit codes: 0 safe, 1 unsafe, 2 review (a person must look), 3 could not judge.
"""


class _Parser(argparse.ArgumentParser):
    """As argparse's, but a wrong call is 3 as well: 2 would say that a person should look at the output."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(COULD_NOT_JUDGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _Parser(
        prog="output-checking",
        description="Judges an output by the records behind it.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=ENGINE_VERSION)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        command.add_to(commands)
    given = parser.parse_args(arguments)
    try:
        code: int = given.run(given)
    except CannotJudge as refusal:
        return _refused(refusal, getattr(given, "format", "text"))
    except KeyboardInterrupt:
        return _refused(CannotJudge("It was stopped before there was an answer.", code="stopped"), "text")
    except Exception as error:  # noqa: BLE001 - a traceback could quote cells, and nothing here is ever safe
        fault = CannotJudge(f"The engine failed ({type(error).__name__}); nothing was judged.", code="engine.fault")
        return _refused(fault, getattr(given, "format", "text"))
    return code


def _refused(refusal: CannotJudge, form: str) -> int:
    if form == "json":
        error = {"code": refusal.code, "sentence": refusal.sentence}
        answer = {"schema": SCHEMA_VERSION, "engine": ENGINE_VERSION, "error": error}
        with suppress(CannotJudge):  # the sentence below is left to whoever cannot be given the answer
            write(json.dumps(answer, ensure_ascii=False, indent=1), form=form)
    print(f"Could not judge: {refusal.sentence}", file=sys.stderr)
    return COULD_NOT_JUDGE


if __name__ == "__main__":
    sys.exit(main())
