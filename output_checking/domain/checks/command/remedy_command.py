"""Owns the words of `output-checking remedy`. Must never import the engine before it is run."""

import argparse
from typing import Any

from output_checking.domain.checks.command.check_command import add_source
from output_checking.domain.checks.command.writing import write


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command's words."""
    words = commands.add_parser(
        "remedy",
        help="make an unsafe table safe; exit 0 if it is safe or a remedy makes it so, else 1 unsafe, 2 review, 3 could not judge",
    )
    add_source(words)
    words.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text for a terminal (the default), json as 'output-checking schema remedies' has it",
    )
    words.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Judge, try each remedy, write the list; return the exit code."""
    from output_checking.domain.checks.command.remedying import remedied

    words, code = remedied(given)
    write(words, form=given.format)
    return code
