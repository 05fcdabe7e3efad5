"""Owns what a JSON Schema cannot say about a contract: names used once, one person identifier a table, rules that fit types."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tre.data.domain.contract import PERSON, RULE_TYPES, ColumnClass, Rule
from tre.data.domain.opt_outs import LISTS

Fault = tuple[tuple[str | int, ...], str]
_NUMBERS = ("integer", "decimal")


def faults(contract: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield (path in the contract, sentence with a remedy) of each fault; the contract fits the schema already."""
    yield from _twice([one["name"] for one in contract["tables"]], ("tables",), "table")
    for number, name in enumerate(contract["opt_outs"]):
        if name not in LISTS:
            yield ("opt_outs", number), f"“{name}” is no known opt-out list. Use one of: {', '.join(LISTS)}."
    for number, table in enumerate(contract["tables"]):
        yield from _table(table, ("tables", number))


def _table(table: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Fault]:
    columns: Sequence[Mapping[str, Any]] = table["columns"]
    names = [one["name"] for one in columns]
    yield from _twice(names, (*path, "columns"), "column")
    persons = [one for one in columns if one.get("class") == ColumnClass.PERSON_IDENTIFIER]
    if len(persons) != 1:
        yield (
            path,
            f"The table has {len(persons)} person identifiers. Give exactly one column the class “person identifier”.",
        )
    for number, name in enumerate(table.get("key", ())):
        if name not in names:
            yield (*path, "key", number), f"The key names “{name}”, which is no column. Name columns of this table."
    for number, column in enumerate(columns):
        yield from _column(column, (*path, "columns", number))


def _column(column: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Fault]:
    kind = column.get("class", "plain")
    if column["name"] == PERSON and kind != ColumnClass.PERSON_IDENTIFIER:
        yield (*path, "name"), f"“{PERSON}” is the name of the pseudonym's column. Choose another name."
    if (kind == ColumnClass.GENERALISE) != ("rule" in column):
        yield path, "The class “generalise” and a rule go together. Give both or neither."
    elif "rule" in column and RULE_TYPES[Rule(column["rule"])] != column["type"]:
        wanted = RULE_TYPES[Rule(column["rule"])]
        yield (*path, "rule"), f"The rule “{column['rule']}” needs the type {wanted}. Change the rule or the type."
    if kind == ColumnClass.RECORD_IDENTIFIER and column["type"] != "integer":
        yield (
            (*path, "type"),
            "A record identifier is a whole number. Use the type integer, or make the column a direct identifier.",
        )
    yield from _values(column, path)


def _values(column: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Fault]:
    for code in column.get("missing", {}):
        if column["type"] in _NUMBERS and not isinstance(code, int | float):
            yield (
                (*path, "missing"),
                f"The missing code “{code}” is text in a column of numbers. Write it without quotes.",
            )
    for value in column.get("recode", {}).values():
        if column["type"] in _NUMBERS and not isinstance(value, int | float):
            yield (
                (*path, "recode"),
                f"“{value}” is text in a column of numbers. Recode to a number, or make the type text.",
            )
    if "extract" in column and not _is_pattern_with_group(column["extract"]):
        yield (
            (*path, "extract"),
            "This is not a regular expression with one group. Put the value in brackets: “b'(.*)'”.",
        )


def _is_pattern_with_group(text: str) -> bool:
    try:
        return re.compile(text).groups == 1
    except re.error:
        return False


def _twice(names: Sequence[str], path: tuple[str | int, ...], noun: str) -> Iterator[Fault]:
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            yield path, f"The {noun} name “{name}” is used {count} times (capitals do not count). Rename all but one."
