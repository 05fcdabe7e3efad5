"""What a contract says beyond names and types: rules with parameters, ranges, codes, terms of use; and where a fault in it lies."""

from datetime import date
from pathlib import Path

import pytest

from tests.unit.data.test_contracts import GOOD
from tre.data.contracts import known_contract, known_datasets, read_contract, shipped_contract
from tre.data.contracts.lists import duo_labels
from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import (
    ColumnClass,
    ColumnType,
    PermittedUse,
    Range,
    Reference,
    Rule,
    Term,
)
from tre.kernel.errors import Invalid, NotFound

RICH = """\
contract: 1
version: 7
dataset: rich
title: Rich
summary: One of each.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs:
  - {name: national data opt-out, legal_basis: Section 251, source: Policy guidance}
consents: [consent to biobank]
retention: {years: 5, reason: Agreed}
permitted_uses: [DUO:0000042, {code: DUO:0000007, detail: Asthma}]
coverage: {from: 2019-01-01, until: "2020-12-31", places: [Wales], population: Everybody}
quarantine_limit: 0.01
geographies:
  - {name: side, meaning: Left or right, key: "^([A-Z])", areas: {left: [A, B], right: [C]}}
withheld:
  - {file: raw_costs, reason: They name nobody.}
tables:
  - name: visits
    meaning: Visits
    file: visits
    key: [visit]
    needs: [number, visit]
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: visit, class: record identifier, type: integer, meaning: Visit}
      - {name: before, class: record identifier, record: visit, type: integer, meaning: Visit before, reference: visits.visit}
      - {name: seen, class: generalise, rule: {kind: date shift, most_days: 90}, type: timestamp, meaning: Seen}
      - {name: left, class: generalise, rule: {kind: date shift, most_days: 90}, type: date, meaning: Left, range: {from: "2019-01-01"}}
      - {name: side, class: generalise, rule: {kind: geography, geography: side}, type: text, meaning: Side}
      - {name: weight, class: generalise, rule: {kind: rounding, step: 5}, type: decimal, meaning: Weight, range: {from: 0, until: 500}}
      - {name: kind, class: generalise, rule: {kind: recode table, codes: {1: a, 2: b}}, type: integer, meaning: Kind, codes: {1: One, 2: Two}}
      - {name: smokes, class: sensitive, type: boolean, meaning: Smokes}
      - {name: note, class: free text, type: text, meaning: Note}
  - name: notes
    meaning: Terms in notes
    file: notes
    person_of: {table: visits, by: visit}
    may_be_absent: true
    columns:
      - {name: visit, class: record identifier, type: integer, meaning: Visit}
      - {name: term, type: text, meaning: Term, codes: [x, y]}
  - name: words
    meaning: Words
    file: words
    about: reference
    columns:
      - {name: word, type: text, meaning: Word}
"""


def faults(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse_contract(text, name="rich.yaml")
    return caught.value.fields


def test_everything_that_is_said_becomes_a_value() -> None:
    contract = parse_contract(RICH, name="rich.yaml")
    assert contract.version == "7"
    assert contract.opt_outs == (
        Term(name="national data opt-out", legal_basis="Section 251", source="Policy guidance"),
    )
    assert contract.consents == (Term(name="consent to biobank"),)
    assert contract.retention
    assert (contract.retention.years, contract.retention.reason) == (5, "Agreed")
    assert contract.permitted_uses == (
        PermittedUse(code="DUO:0000042", label="general research use"),
        PermittedUse(code="DUO:0000007", label="disease specific research", detail="Asthma"),
    )
    assert contract.coverage
    assert contract.coverage.until == date(2020, 12, 31)
    assert contract.coverage.places == ("Wales",)
    assert [(one.file, one.reason) for one in contract.withheld] == [("raw_costs", "They name nobody.")]


def test_everything_that_is_said_of_columns_becomes_a_value() -> None:
    visits = parse_contract(RICH, name="rich.yaml").table("visits")
    assert (visits.column("visit").record_key, visits.column("before").record_key) == ("visit", "visit")
    assert visits.column("before").reference == Reference("visits", "visit")
    assert visits.column("left").range == Range(low=date(2019, 1, 1))
    assert visits.column("weight").range == Range(low=0, high=500)
    assert visits.column("kind").codes == {1: "One", 2: "Two"}
    side = visits.column("side").rule
    assert side
    assert side.geography
    assert side.geography.areas == {"left": ("A", "B"), "right": ("C",)}
    shift = visits.column("seen").rule
    assert shift
    assert (shift.kind, shift.most_days) == (Rule.DATE_SHIFT, 90)
    assert visits.column("seen").published_type == ColumnType.TIMESTAMP
    assert visits.column("kind").published_type == ColumnType.TEXT
    assert [one.name for one in visits.free_text] == ["note"]
    assert visits.may_lack == {"before", "seen", "left", "side", "weight", "kind", "smokes", "note"}


def test_a_table_is_about_persons_its_own_or_anothers_or_nobody() -> None:
    contract = parse_contract(RICH, name="rich.yaml")
    assert [table.has_person for table in contract.tables] == [True, True, False]
    assert contract.table("notes").person_column.kind == ColumnClass.PERSON_IDENTIFIER
    assert contract.table("notes").may_be_absent


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("most_days: 90}, type: date", "most_days: 30}, type: date", "has most_days 90. Use the same."),
        ("rule: {kind: date shift, most_days: 90}, type: date", "rule: date shift, type: date", "needs “most_days”."),
        ("{kind: rounding, step: 5}", "{kind: rounding, step: 5, top: 90}", "“top” is no parameter of the rule"),
        ("{kind: geography, geography: side}", "{kind: geography, geography: moon}", "no geography “moon”. Use one of"),
        ("step: 5}, type: decimal", "step: 5}, type: text", "needs the type integer or decimal"),
        ("kind: rounding", "kind: guessing", "Use one of the words listed."),
        ("DUO:0000042", "DUO:9999999", "no term of the Data Use Ontology. Use one of"),
        ("{years: 5, reason", '{years: 5, until: "2030-01-01", reason', "Give one of “until” and “years”."),
        ('until: "2020-12-31"', 'until: "2018-12-31"', "before the beginning"),
        ('until: "2020-12-31"', 'until: "2020-02-31"', "no day of the calendar"),
        ('range: {from: "2019-01-01"}', "range: {from: 2019}", "The ends of a range are"),
        ("range: {from: 0, until: 500}", "range: {from: 9, until: 5}", "ends before it begins"),
        ("codes: {1: One, 2: Two}", "codes: {a: One}", "not of the column's type integer"),
        ("reference: visits.visit", "reference: visits.nothing", "no column of this contract"),
        ("class: free text, type: text", "class: free text, type: integer", "Free text is text."),
        ("meaning: Smokes", "meaning: Smokes, record: visit", "Only a record identifier"),
        ("about: reference", "about: persons", "0 person identifiers. Give exactly one"),
        ("by: visit}", "by: term}", "a column of both"),
        ("person_of: {table: visits, by: visit}", "about: reference\n    person_of: {table: visits, by: visit}", "Remove one of the two"),
        ("needs: [number, visit]", "needs: [nobody]", "no column of this table"),
        ('key: "^([A-Z])"', 'key: "^[A-Z]"', "one group"),
        ("name: side, meaning", "name: region by postcode area, meaning", "A geography of that name ships"),
        ("meaning: Word}", "meaning: Word}\n      - {name: on, class: generalise, rule: {kind: date shift, most_days: 90}, type: date, meaning: Day}", "this table has no person"),
    ],
)  # fmt: skip
def test_a_fault_names_the_line_of_what_was_changed(old: str, new: str, words: str) -> None:
    assert RICH.count(old) == 1, old
    line = RICH[: RICH.index(old)].count("\n") + 1
    found = faults(RICH.replace(old, new))
    places = {int(place.split(":")[1]) for place, sentence in found.items() if words in sentence}
    assert places & set(range(line - 6, line + new.count("\n") + 1)), found


def test_the_installations_own_contract_stands_in_the_place_of_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRE_CONTRACTS", str(tmp_path))
    assert known_contract("hospital") == shipped_contract("hospital")
    (tmp_path / "small.yaml").write_text(GOOD)
    (tmp_path / "hospital.yaml").write_text(GOOD.replace("dataset: small", "dataset: hospital"))
    assert known_contract("small").title == known_contract("hospital").title == "Small"
    assert known_datasets() == ("hospital", "nhanes", "omop", "small")
    (tmp_path / "small.yaml").write_text(GOOD.replace("title: Small", "title: Smaller"))
    assert known_contract("small").title == "Smaller"


def test_a_faulty_contract_of_the_installation_is_told_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRE_CONTRACTS", str(tmp_path))
    (tmp_path / "broken.yaml").write_text("contract: 1\n")
    (tmp_path / "misnamed.yaml").write_text(GOOD)
    assert known_datasets() == ("hospital", "nhanes", "omop")
    with pytest.raises(Invalid, match="Add it"):
        known_contract("broken")
    with pytest.raises(Invalid, match="give both the same name"):
        known_contract("misnamed")
    with pytest.raises(NotFound):
        known_contract("nothing")


def test_words_are_words() -> None:
    codes = "codes: [no, y, 010, 2026-01-31, 12:30]"
    words = parse_contract(RICH.replace("codes: [x, y]", codes), name="rich.yaml").table("notes").column("term")
    assert list(words.codes) == ["no", "y", "010", "2026-01-31", "12:30"]
    numbers = RICH.replace("codes: {1: One, 2: Two}", "codes: [0, 7, -1]")
    assert list(parse_contract(numbers, name="rich.yaml").table("visits").column("kind").codes) == [0, 7, -1]
    assert "Write numbers without quotes" in str(faults(RICH.replace("codes: {1: One, 2: Two}", "codes: [010]")))


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xfe\x00\x9f")
    with pytest.raises(Invalid, match="cannot be read as text"):
        read_contract(tmp_path / "picture.yaml")


def test_every_term_of_use_has_a_label() -> None:
    assert len(duo_labels()) == 23
    assert all(code.startswith("DUO:00000") and label for code, label in duo_labels().items())
    hospital = shipped_contract("hospital")
    assert {one.code for one in hospital.permitted_uses} <= set(duo_labels())
