"""Owns what a JSON Schema cannot say about one column: rules that fit types, codes and ranges of the column's type."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tre.data.domain.contract import PERSON, ColumnClass, ColumnType, Rule
from tre.data.domain.generalisation import NEEDED, NUMBERS, PARAMETERS, RULE_TYPES

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
Values = Mapping[str, Any]


def column_faults(column: Values, path: Path, *, geographies: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of one column.

    Args:
        column: fits the schema.
        path: its place in the contract.
        geographies: names of the lookups that its rule may use.
    """
    kind = column.get("class", ColumnClass.PLAIN)
    if column["name"].lower() == PERSON and kind != ColumnClass.PERSON_IDENTIFIER:
        yield (*path, "name"), f"“{PERSON}” is the name of the pseudonym's column. Choose another name."
    if (kind == ColumnClass.GENERALISE) != ("rule" in column):
        yield path, "The class “generalise” and a rule go together. Give both or neither."
    elif "rule" in column:
        yield from _rule(column, (*path, "rule"), geographies)
    yield from _class(column, kind, path)
    yield from _codes(column, path)
    yield from _range(column, path)


def has_one_group(text: str) -> bool:
    """Say whether `text` is a regular expression with one group."""
    try:
        return re.compile(text).groups == 1
    except re.error:
        return False


def rule_kind(column: Values) -> str:
    """Return the kind of a column's rule, however it is written; empty where it has none."""
    rule = column.get("rule", "")
    return rule if isinstance(rule, str) else str(rule["kind"])


def _class(column: Values, kind: str, path: Path) -> Iterator[Fault]:
    if kind == ColumnClass.RECORD_IDENTIFIER and column["type"] != ColumnType.INTEGER:
        sentence = (
            "A record identifier is a whole number. Use the type integer, or make the column a direct identifier."
        )
        yield (*path, "type"), sentence
    if kind == ColumnClass.FREE_TEXT and column["type"] != ColumnType.TEXT:
        yield (*path, "type"), "Free text is text. Use the type text, or another class."
    if "when_found" in column and kind != ColumnClass.FREE_TEXT:
        yield (*path, "when_found"), "Only free text is scanned. Remove “when_found”, or change the class."
    if "record" in column and kind != ColumnClass.RECORD_IDENTIFIER:
        yield (
            (*path, "record"),
            "Only a record identifier is the key of a record. Remove “record”, or change the class.",
        )


def _rule(column: Values, path: Path, geographies: Collection[str]) -> Iterator[Fault]:
    rule = Rule(rule_kind(column))
    given: Values = column["rule"] if isinstance(column["rule"], Mapping) else {}
    if column["type"] not in RULE_TYPES[rule]:
        wanted = " or ".join(RULE_TYPES[rule])
        yield path, f"The rule “{rule}” needs the type {wanted}. Change the rule or the type."
    for word in given:
        if word != "kind" and word not in PARAMETERS[rule]:
            known = ", ".join(sorted(PARAMETERS[rule])) or "none"
            yield (*path, word), f"“{word}” is no parameter of the rule “{rule}” (it has: {known}). Remove it."
    for word in sorted(NEEDED.get(rule, frozenset()) - set(given)):
        yield path, f"The rule “{rule}” needs “{word}”. Write it as {{kind: {rule}, {word}: …}}."
    if "geography" in given and given["geography"] not in geographies:
        sentence = f"There is no geography “{given['geography']}”. Use one of: {', '.join(sorted(geographies))}; or add it under “geographies”."
        yield (*path, "geography"), sentence
    if rule == Rule.ROUNDING and column["type"] == ColumnType.INTEGER and given.get("step", 1) % 1:
        yield (*path, "step"), "Whole numbers are rounded to a whole step. Give a whole number."


def _codes(column: Values, path: Path) -> Iterator[Fault]:
    is_number = column["type"] in NUMBERS
    for code in column.get("missing", {}):
        if is_number and isinstance(code, str):
            sentence = f"The missing code “{code}” is text in a column of numbers. Write it without quotes."
            yield (*path, "missing"), sentence
    for value in column.get("recode", {}).values():
        if is_number and isinstance(value, str):
            sentence = f"“{value}” is text in a column of numbers. Recode to a number, or make the type text."
            yield (*path, "recode"), sentence
    for code in column.get("codes", ()):
        if is_number == isinstance(code, str):
            sentence = f"The code “{code}” is not of the column's type {column['type']}. Write numbers without quotes, text with them."
            yield (*path, "codes"), sentence
    if "extract" in column and not has_one_group(column["extract"]):
        yield (
            (*path, "extract"),
            "This is not a regular expression with one group. Put the value in brackets: “b'(.*)'”.",
        )


def _range(column: Values, path: Path) -> Iterator[Fault]:
    ends = column.get("range", {})
    try:
        low, high = (None if end not in ends else _bound(ends[end], column["type"]) for end in ("from", "until"))
    except (TypeError, ValueError):
        kinds = "numbers, or days as text (2026-01-31), as the column's type is"
        yield (*path, "range"), f"The ends of a range are {kinds}. Correct them, or change the type {column['type']}."
        return
    if low is not None and high is not None and low > high:
        yield (*path, "range"), "The range ends before it begins. Put “from” and “until” right."


def _bound(value: Any, kind: str) -> Any:
    """Return an end of a range as something that can be compared; raise if it is not of the column's type."""
    if kind in NUMBERS:
        return value + 0
    return date.fromisoformat(value) if kind == ColumnType.DATE else _moment(value, kind)


def _moment(value: str, kind: str) -> datetime:
    if kind != ColumnType.TIMESTAMP:
        raise ValueError(kind)
    return datetime.fromisoformat(value)
