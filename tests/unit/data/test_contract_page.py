"""docs/contracts.md tells every field, class, rule, geography and term of use as the form has them."""

import json
from pathlib import Path

from tre.data.contracts.page import CLASSES, RULES, page
from tre.data.contracts.reading import SCHEMA
from tre.data.domain.contract import ColumnClass, ColumnType, Rule
from tre.data.domain.generalisation import NEEDED, PARAMETERS, RULE_TYPES

PAGE = Path(__file__).parents[3] / "docs/contracts.md"
FORM = json.loads(SCHEMA.read_text())


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(PAGE.read_text()), "run: python -m tre.data.contracts.page docs/contracts.md"


def test_every_class_and_rule_is_told() -> None:
    assert set(CLASSES) == set(ColumnClass)
    assert set(RULES) == set(RULE_TYPES) == set(PARAMETERS) == set(Rule)
    assert all(NEEDED[rule] <= PARAMETERS[rule] for rule in NEEDED)


def test_the_form_and_the_values_have_the_same_words() -> None:
    column = FORM["$defs"]["column"]["properties"]
    assert set(column["class"]["enum"]) == set(ColumnClass)
    assert set(column["type"]["enum"]) == set(ColumnType)
    rule = FORM["$defs"]["rule"]
    assert set(rule["then"]["enum"]) == set(rule["else"]["properties"]["kind"]["enum"]) == set(Rule)
    told = set(rule["else"]["properties"]) - {"kind"}
    assert told == {word for words in PARAMETERS.values() for word in words}
