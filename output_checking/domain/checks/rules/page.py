"""Owns the page of rules in docs/disclosure-checks.md, made from the rules themselves: `python -m output_checking.domain.checks.rules.page`.

Must never be edited there.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.rules.catalogue import CELL_RULES, OUTPUT_RULES, Told
from output_checking.domain.checks.rules.examples import examples_of
from output_checking.domain.checks.rules.rule import Rule
from output_checking.domain.checks.schemas import published

PAGE = Path("docs/disclosure-checks.md")
_OPENING = """# Disclosure checks: the rules

Made from the rules themselves (`python -m output_checking.domain.checks.rules.page`); `output-checking explain RULE` tells the
same in a terminal.

An output is judged by the records behind it, not by what stands in a file. What each person adds is summed first; then each cell
is looked at by its persons. One finding of weight *unsafe* makes the output unsafe; one of weight *review* leaves it to a
person; a *note* is only to be known. What cannot be judged is said in words, and is never safe.

Signs: N distinct persons in a cell; x1 ≥ x2 ≥ … what each of them adds, as absolute values; X their sum; t the threshold.

## What applies when nothing else is said
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join(
        [
            _OPENING,
            *_defaults(),
            "",
            "## Rules on a cell",
            "",
            *_rules(CELL_RULES),
            "## Rules on models, curves, plots and treated tables",
            "",
            *_rules(OUTPUT_RULES),
        ]
    )


def _defaults() -> Iterator[str]:
    meanings = published("appetite")["properties"]
    yield "| Setting of the risk appetite | Default | Meaning |"
    yield "|---|---|---|"
    for name, value in Appetite().as_json().items():
        if name != "schema":
            yield f"| `{name}` | {value} | {meanings[name]['description']} |"


def _rules(rules: Sequence[Rule | Told]) -> Iterator[str]:
    for rule in rules:
        yield from (f"### {rule.name} (`{rule.id}`)", "", rule.meaning, "")
        yield from (f"**Found when** {rule.formula}", "", f"**Default** {rule.default}. **Source** {rule.source}.", "")
        yield from _examples(rule)


def _examples(rule: Rule | Told) -> Iterator[str]:
    examples = examples_of(rule)
    if examples:
        yield "| Example | Worked out | Found |"
        yield "|---|---|---|"
        for one in examples:
            yield f"| {_in_a_cell(one.told)} | {_in_a_cell(one.worked)} | {'yes' if one.is_found else 'no'} |"
        yield ""


def _in_a_cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
