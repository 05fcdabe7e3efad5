"""Owns the page of rules in docs/disclosure-checks.md, made from the rules themselves: `python -m output_checking.domain.checks.rules.page`.

Must never be edited there.
"""

from collections.abc import Iterator
from pathlib import Path

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.rules.catalogue import CELL_RULES, OUTPUT_RULES
from output_checking.domain.checks.rules.rule import Rule

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
    return (
        "\n".join(
            [
                _OPENING,
                *_defaults(),
                "",
                "## Rules on a cell",
                "",
                *_cell_rules(),
                "## Rules on models, curves and plots",
                "",
                *_others(),
            ]
        )
        + "\n"
    )


def _defaults() -> Iterator[str]:
    yield "| Setting of the risk appetite | Default |"
    yield "|---|---|"
    for name, value in Appetite().as_json().items():
        yield f"| `{name}` | {value} |"


def _cell_rules() -> Iterator[str]:
    for rule in CELL_RULES:
        yield from (f"### {rule.name} (`{rule.id}`)", "", rule.meaning, "")
        yield from (f"**Unsafe when** {rule.formula}", "", f"**Default** {rule.default}. **Source** {rule.source}.", "")
        yield from (*_examples(rule), "")


def _examples(rule: Rule) -> Iterator[str]:
    yield "| Example | Worked out | Found |"
    yield "|---|---|---|"
    for vector in rule.vectors:
        yield f"| {vector.told} | {vector.worked} | {'yes' if vector.is_found else 'no'} |"


def _others() -> Iterator[str]:
    yield "| Rule | Unsafe when | Default | Why | Source |"
    yield "|---|---|---|---|---|"
    for rule in OUTPUT_RULES:
        yield f"| {rule.name} (`{rule.id}`) | {_in_a_cell(rule.formula)} | {rule.default} | {rule.meaning} | {rule.source} |"


def _in_a_cell(words: str) -> str:
    return words.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
