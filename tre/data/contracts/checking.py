"""Owns what a JSON Schema cannot say about a whole contract: names used once, lists known, one person identifier a table."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tre.data.contracts.checking_columns import Fault, Path, column_faults, has_one_group, rule_kind
from tre.data.contracts.lists import duo_labels, shipped_geographies
from tre.data.domain.contract import ColumnClass, Rule
from tre.data.domain.opt_outs import LISTS

Values = Mapping[str, Any]


def faults(contract: Values) -> Iterator[Fault]:
    """Yield (path in the contract, sentence with a remedy) of each fault; the contract fits the schema already."""
    yield from _twice([one["name"] for one in contract["tables"]], ("tables",), "table")
    yield from _terms(contract)
    yield from _uses(contract)
    yield from _days(contract)
    yield from _own_geographies(contract)
    yield from _one_shift(contract)
    yield from _references(contract)
    yield from _persons_of(contract)
    geographies = {*shipped_geographies(), *(one["name"] for one in contract.get("geographies", ()))}
    for number, table in enumerate(contract["tables"]):
        yield from _table(table, ("tables", number))
        for place, column in enumerate(table["columns"]):
            yield from column_faults(column, ("tables", number, "columns", place), geographies=geographies)


def _table(table: Values, path: Path) -> Iterator[Fault]:
    columns: Sequence[Values] = table["columns"]
    names = [one["name"] for one in columns]
    yield from _twice(names, (*path, "columns"), "column")
    persons = [one for one in columns if one.get("class") == ColumnClass.PERSON_IDENTIFIER]
    is_reference = table.get("about") == "reference"
    if is_reference and persons:
        sentence = "The table is about “reference” and has a person identifier. Make it about “persons”."
        yield (*path, "about"), sentence
    elif "person_of" in table and (persons or is_reference):
        sentence = "“person_of” is for a table about persons that has no person identifier. Remove one of the two."
        yield (*path, "person_of"), sentence
    elif not is_reference and "person_of" not in table and len(persons) != 1:
        sentence = (
            f"The table has {len(persons)} person identifiers. Give exactly one column the class “person identifier”, "
            "or say “about: reference” if no row is about a person."
        )
        yield path, sentence
    for number, name in enumerate(table.get("needs", ())):
        if name not in names:
            yield (*path, "needs", number), f"“{name}” is no column of this table. Name columns of this table."
    for number, name in enumerate(table.get("key", ())):
        if name not in names:
            yield (*path, "key", number), f"The key names “{name}”, which is no column. Name columns of this table."
        elif columns[names.index(name)].get("class") == ColumnClass.DIRECT_IDENTIFIER:
            sentence = f"The key names “{name}”, a direct identifier, which is not kept. Name columns that are."
            yield (*path, "key", number), sentence
    if is_reference:
        yield from _of_a_person(columns, path)


def _of_a_person(columns: Sequence[Values], path: Path) -> Iterator[Fault]:
    for number, column in enumerate(columns):
        if rule_kind(column) == Rule.DATE_SHIFT:
            sentence = (
                "A date is shifted by its person's days, and this table has no person. Use the rule “month” or “year”."
            )
            yield (*path, "columns", number, "rule"), sentence


def _terms(contract: Values) -> Iterator[Fault]:
    names = [one if isinstance(one, str) else one["name"] for one in contract["opt_outs"]]
    for number, name in enumerate(names):
        if name not in LISTS:
            yield ("opt_outs", number), f"“{name}” is no known opt-out list. Use one of: {', '.join(LISTS)}."
    yield from _twice(names, ("opt_outs",), "opt-out list")


def _uses(contract: Values) -> Iterator[Fault]:
    for number, use in enumerate(contract.get("permitted_uses", ())):
        code = use if isinstance(use, str) else use["code"]
        if code not in duo_labels():
            sentence = f"“{code}” is no term of the Data Use Ontology. Use one of: {', '.join(duo_labels())}."
            yield ("permitted_uses", number), sentence


def _days(contract: Values) -> Iterator[Fault]:
    for place in ("retention", "coverage"):
        ends = contract.get(place, {})
        wrong = [key for key in ("from", "until") if key in ends and not _is_day(ends[key])]
        for key in wrong:
            yield (place, key), f"“{ends[key]}” is no day of the calendar. Write one as 2026-01-31."
        if not wrong and "from" in ends and "until" in ends and ends["from"] > ends["until"]:
            yield (place, "until"), "The end comes before the beginning. Put them right."
    retention = contract.get("retention")
    if retention is not None and ("until" in retention) == ("years" in retention):
        yield ("retention",), "Retention is until a day or for so many years. Give one of “until” and “years”."


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _own_geographies(contract: Values) -> Iterator[Fault]:
    for number, one in enumerate(contract.get("geographies", ())):
        if one["name"] in shipped_geographies():
            yield ("geographies", number, "name"), "A geography of that name ships. Choose another name."
        if not has_one_group(one["key"]):
            sentence = (
                "This is not a regular expression with one group. Put what is looked up in brackets: “^([A-Z]+)”."
            )
            yield ("geographies", number, "key"), sentence


def _one_shift(contract: Values) -> Iterator[Fault]:
    bounds = {
        ("tables", number, "columns", place, "rule"): column["rule"].get("most_days")
        for number, table in enumerate(contract["tables"])
        for place, column in enumerate(table["columns"])
        if isinstance(column.get("rule"), Mapping) and column["rule"]["kind"] == Rule.DATE_SHIFT
    }
    first = next(iter(bounds.values()), None)
    for path, days in bounds.items():
        if days != first:
            sentence = (
                f"All dates of a person are shifted alike, and another column has most_days {first}. Use the same."
            )
            yield path, sentence


def _references(contract: Values) -> Iterator[Fault]:
    known = {f"{table['name']}.{column['name']}" for table in contract["tables"] for column in table["columns"]}
    for number, table in enumerate(contract["tables"]):
        for place, column in enumerate(table["columns"]):
            if "reference" in column and column["reference"] not in known:
                sentence = f"“{column['reference']}” is no column of this contract. Name one as TABLE.COLUMN."
                yield ("tables", number, "columns", place, "reference"), sentence


def _persons_of(contract: Values) -> Iterator[Fault]:
    tables = {one["name"]: one for one in contract["tables"]}
    for number, table in enumerate(contract["tables"]):
        given = table.get("person_of")
        if given is None:
            continue
        other = tables.get(given["table"], {"columns": []})
        has_person = any(one.get("class") == ColumnClass.PERSON_IDENTIFIER for one in other["columns"])
        in_both = all(any(one["name"] == given["by"] for one in each["columns"]) for each in (table, other))
        if not has_person or not in_both:
            sentence = (
                f"“{given['table']}” must be a table with a person identifier, and “{given['by']}” a column of both. "
                "Name such a table and column."
            )
            yield ("tables", number, "person_of"), sentence


def _twice(names: Sequence[str], path: Path, noun: str) -> Iterator[Fault]:
    for name, count in Counter(name.lower() for name in names).items():
        if count > 1:
            yield path, f"The {noun} name “{name}” is used {count} times (capitals do not count). Rename all but one."
