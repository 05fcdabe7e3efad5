"""Owns the tables of docs/contracts.md that are made from the form: fields, classes, rules, geographies, terms of use.

Run `python -m tre.data.contracts.page docs/contracts.md` after a change of the form; a test holds the page current.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tre.data.contracts.lists import duo_labels, shipped_geographies
from tre.data.contracts.reading import SCHEMA
from tre.data.domain.contract import ColumnClass, Generalisation, Rule
from tre.data.domain.generalisation import NEEDED, PARAMETERS, RULE_TYPES

CLASSES: Mapping[ColumnClass, tuple[str, str]] = {
    ColumnClass.PERSON_IDENTIFIER: (
        "sealed in the vault; the store has a random number in its place",
        "the project's pseudonym",
    ),
    ColumnClass.DIRECT_IDENTIFIER: (
        "dropped when the file is read; marks of names go into the vault where free text is about the same people",
        "nothing",
    ),
    ColumnClass.RECORD_IDENTIFIER: ("kept", "a pseudonym of its own, so that tables join and two projects share none"),
    ColumnClass.GENERALISE: ("kept as it is", "the coarser value that its rule gives"),
    ColumnClass.SENSITIVE: ("kept", "the value; the risk report measures how well it is hidden in a crowd"),
    ColumnClass.FREE_TEXT: (
        "kept",
        "nothing, unless the project's approval names the column; then the text with what names somebody masked, or withheld",
    ),
    ColumnClass.PLAIN: ("kept", "the value"),
}
"""Class to what the store has of it, and what a snapshot has."""

RULES: Mapping[Rule, str] = {
    Rule.YEAR: "the year",
    Rule.MONTH: "the first day of the month",
    Rule.AGE_BAND: "age on the day of the snapshot in bands of `width` years (5), `top` (90) and over together",
    Rule.DATE_SHIFT: "the moment moved by a number of days that is the same for all dates of a person, at most `most_days` either way; intervals stay",
    Rule.OUTWARD_POSTCODE: "the first part of a UK postcode",
    Rule.GEOGRAPHY: "the area in which the lookup `geography` has it",
    Rule.ROUNDING: "the nearest multiple of `step`; `lowest` and `highest` stand for all beyond them",
    Rule.RECODE: "what `codes` makes of it; `otherwise` for all others, or empty",
}
"""Rule to what a snapshot has."""

_MARK = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(text: str) -> str:
    """Return the page with its made parts as the form is now."""
    return _MARK.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", text)


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    columns = head.split(" | ")
    lines = [f"| {head} |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _classes() -> str:
    return _table("Class | In the store | In a snapshot", ((f"`{kind}`", *CLASSES[kind]) for kind in ColumnClass))


def _rules() -> str:
    return _table("Rule | Of type | Must have | May have | Gives | Of type then", (_rule(one) for one in Rule))


def _rule(rule: Rule) -> Iterator[str]:
    needed = NEEDED.get(rule, frozenset())
    types = RULE_TYPES[rule]
    given = dict.fromkeys(str(Generalisation(kind=rule).published_type(one)) for one in types)
    yield f"`{rule}`"
    yield ", ".join(types)
    yield _named(needed)
    yield _named(PARAMETERS[rule] - needed)
    yield RULES[rule]
    yield "that of its codes" if rule == Rule.RECODE else " or ".join(given)


def _named(words: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(words)) or "–"


def _fields(place: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> str:
    form = json.loads(SCHEMA.read_text(encoding="utf-8"))
    part = place(form)
    return _table(
        "Field | Must be | Meaning", (_field(name, one, part, form) for name, one in part["properties"].items())
    )


def _field(name: str, about: Mapping[str, Any], part: Mapping[str, Any], form: Mapping[str, Any]) -> Iterator[str]:
    shared = form["$defs"][about["$ref"].rsplit("/", 1)[1]] if "$ref" in about else {}
    yield f"`{name}`"
    yield "yes" if name in part["required"] else "–"
    yield about.get("description") or shared.get("description") or WORDS[name]


def _geographies() -> str:
    return _table(
        "Geography | What it gives", ((f"`{one.name}`", one.meaning) for one in shipped_geographies().values())
    )


def _uses() -> str:
    return _table("Code | Term", ((f"`{code}`", label) for code, label in duo_labels().items()))


WORDS: Mapping[str, str] = {
    "dataset": "Its id: lower-case letters, digits, underscores. The file is called by it.",
    "title": "What the catalogue calls it.",
    "summary": "What it holds, about whom, from when to when.",
    "legal_basis": "Why it may be held and used.",
    "identifier": "`kind`: `nhs_number` (NHS, CHI and H&C numbers, whose check digit is tested) or `whole_number`; `namespace`: the same identifier in the same namespace is the same person, across datasets.",
    "opt_out_files": "Lists that come with the dataset: `list`, `file`, `identifier` column, `effective_from` column.",
    "tables": "The tables.",
    "name": "What researchers see.",
    "meaning": "One sentence for the data dictionary.",
    "key": "Columns that together name a row once; a row whose key was used before is set aside.",
    "near_zero": "Decimals nearer to zero than this are zero.",
    "columns": "The columns.",
    "class": "What may happen to its values; `plain` where it is left out.",
    "type": "Of the values as they come: text, integer, decimal, boolean, date, time, timestamp.",
    "unit": "Of the values.",
    "topic": "Heading in the catalogue.",
    "coding": "Coding system, such as ICD-10.",
    "rule": "How it is generalised: the rule's name, or `{kind: NAME, …}` with what it needs.",
    "recode": "Raw value to stored value.",
    "extract": "Regular expression whose first group is the value.",
}
"""Words for the fields whose form says nothing."""

PARTS: Mapping[str, Callable[[], str]] = {
    "classes": _classes,
    "rules": _rules,
    "geographies": _geographies,
    "uses": _uses,
    "contract": lambda: _fields(lambda form: form),
    "table": lambda: _fields(lambda form: form["$defs"]["table"]),
    "column": lambda: _fields(lambda form: form["$defs"]["column"]),
}
"""Name of a made part to what makes it."""

if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(page(target.read_text(encoding="utf-8")), encoding="utf-8")
