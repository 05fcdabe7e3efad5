"""Owns `output-checking schema NAME`: the published JSON Schemas, for editors and for programs that write specifications."""

import argparse
import json
from typing import Any

from output_checking.domain.checks.command.writing import write

PUBLISHED = ("specification", "appetite", "answer", "remedies")


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command's words."""
    words = commands.add_parser("schema", help="write a published JSON Schema: what a specification may say")
    words.add_argument("name", choices=PUBLISHED, nargs="?", default=PUBLISHED[0], help="without one: specification")
    words.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Write the schema; return 0."""
    from output_checking.domain.checks.schemas import published

    write(json.dumps(published(given.name), ensure_ascii=False, indent=1), form="json")
    return 0
