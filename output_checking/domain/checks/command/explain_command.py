"""Owns `output-checking explain RULE`: what a rule is, its formula, source and worked examples."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from output_checking.domain.checks.command.writing import write
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.suggestion import nearest

if TYPE_CHECKING:
    from output_checking.domain.checks.rules.catalogue import Told
    from output_checking.domain.checks.rules.rule import Rule


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the command's words."""
    words = commands.add_parser("explain", help="tell what a rule is, with its formula, source and worked examples")
    words.add_argument(
        "rule", metavar="RULE", nargs="?", default="", help="its name as findings have it; without one, list all"
    )
    words.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Write the explanation; return 0."""
    from output_checking.domain.checks.rules.catalogue import CELL_RULES, OUTPUT_RULES

    known: dict[str, Rule | Told] = {one.id: one for one in (*CELL_RULES, *OUTPUT_RULES)}
    if not given.rule:
        write("\n".join(f"{name:20} {rule.name}" for name, rule in known.items()))
        return 0
    if given.rule not in known:
        near = nearest(given.rule, known)
        raise CannotJudge(f"There is no rule '{given.rule}'.{near} There are: {', '.join(known)}.", code="rule.unknown")
    write("\n".join(_lines(known[given.rule])))
    return 0


def _lines(rule: "Rule | Told") -> Iterator[str]:
    yield f"{rule.name} [{rule.id}]"
    yield ""
    yield rule.meaning
    yield f"Unsafe when: {rule.formula}"
    yield f"Default:     {rule.default}"
    yield f"Source:      {rule.source}"
    for vector in getattr(rule, "vectors", ()):
        yield f"Example:     {vector.told}: {vector.worked}: {'found' if vector.is_found else 'not found'}"
