"""Owns `output-checking explain RULE`: what a rule is, its formula, source and worked examples."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from output_checking.domain.checks.command.plain import wrapped
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
    from output_checking.domain.checks.rules.examples import examples_of

    yield f"{rule.name} [{rule.id}]"
    yield ""
    yield from wrapped(rule.meaning)
    yield from wrapped(f"Found when:  {rule.formula}", indent=13)
    yield from wrapped(f"Default:     {rule.default}", indent=13)
    yield from wrapped(f"Source:      {rule.source}", indent=13)
    for one in examples_of(rule):
        yield from wrapped(
            f"Example:     {one.told}: {one.worked}: {'found' if one.is_found else 'not found'}", indent=13
        )
