"""Contracts: what ships is valid, and a fault names file, line, column and remedy."""

import pytest

from tre.data.contracts import FOLDER, read_contract, shipped_contract, shipped_datasets
from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import ColumnClass, ColumnType, Generalisation, Rule
from tre.kernel.errors import Invalid, NotFound

GOOD = """\
contract: 1
dataset: small
title: Small
summary: A small one.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: [national data opt-out]
quarantine_limit: 0.01
tables:
  - name: visits
    meaning: Visits
    file: visits
    key: [number]
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: surname, class: direct identifier, type: text, meaning: Surname}
      - {name: born, from: date_of_birth, class: generalise, rule: year, type: date, meaning: Year of birth}
      - {name: score, type: integer, meaning: Score, missing: {9: Don't know}}
"""


def faults(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse_contract(text, name="small.yaml")
    return caught.value.fields


def test_every_shipped_contract_is_valid() -> None:
    assert shipped_datasets() == ("hospital", "nhanes", "omop")
    for name in shipped_datasets():
        contract = read_contract(FOLDER / f"{name}.yaml")
        assert contract == shipped_contract(name)
        assert contract.dataset == name
        assert all(table.published for table in contract.tables)


def test_a_good_contract_becomes_values() -> None:
    contract = parse_contract(GOOD, name="small.yaml")
    table = contract.table("visits")
    assert table.person_column.name == "number"
    assert [one.name for one in table.published] == ["born", "score"]
    assert table.column("born").rule == Generalisation(kind=Rule.YEAR)
    assert table.column("born").published_type == ColumnType.INTEGER
    assert table.column("surname").kind == ColumnClass.DIRECT_IDENTIFIER
    assert table.column("score").missing == {9: "Don't know"}
    assert parse_contract(GOOD + "# remark\n", name="small.yaml").sha256 != contract.sha256


def test_there_is_no_contract_outside_the_folder() -> None:
    with pytest.raises(NotFound):
        shipped_contract("../contracts/nhanes")
    assert (FOLDER / "nhanes.yaml").exists()


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("custodian: gwen\n", "", "small.yaml:1:1", "'custodian' is a required property. Add it."),
        ("title: Small", "titel: Small", "small.yaml:3:8", "Remove it, or correct its spelling."),
        ("type: text", "type: words", "small.yaml:18:57", "Use one of the words listed."),
        ("name: visits", "name: Visits", "small.yaml:12:11", "lower-case letters"),
        ("quarantine_limit: 0.01", "quarantine_limit: much", "small.yaml:10:19", "Give a value of that type."),
        ("class: person identifier", "class: plain", "small.yaml:12:5", "0 person identifiers. Give exactly one"),
        ("class: direct identifier", "class: person identifier", "small.yaml:12:5", "2 person identifiers"),
        ("name: surname", "name: Number", "small.yaml:17:7", "used 2 times"),
        ("key: [number]", "key: [nobody]", "small.yaml:15:11", "no column"),
        ("rule: year", "rule: outward postcode", "small.yaml:19:68", "needs the type text"),
        ("rule: year, ", "", "small.yaml:19:9", "Give both or neither"),
        ("{9: Don't know}", "{'9': Don't know}", "small.yaml:20:63", "Write it without quotes."),
        ("name: score", "name: person", "small.yaml:20:16", "Choose another name."),
        ("national data opt-out", "another list", "small.yaml:9:12", "no known opt-out list. Use one of: national"),
        ("title: Small", "title: Small\ntitle: Other", "small.yaml:4:1", "given twice. Keep one"),
        ("tables:", "tables: [", "small.yaml:12:3", "Put the YAML right"),
        ("meaning: Score", "meaning: Score, extract: 'b.*'", "small.yaml:20:63", "one group"),
    ],
)
def test_a_fault_names_the_place_and_the_remedy(old: str, new: str, where: str, words: str) -> None:
    assert old in GOOD
    found = faults(GOOD.replace(old, new, 1))
    assert any(place == where and words in sentence for place, sentence in found.items()), found


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_contract_says_so(text: str) -> None:
    assert "empty" in faults(text)["small.yaml:1:1"]
