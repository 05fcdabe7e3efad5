"""Drafts of contracts: what looks like an identifier is flagged with a reason, and nothing rare of the data is repeated."""

import csv
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.loaded import SEED
from tre.data.contracts.drafting import flagged, write_draft
from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import ColumnClass, Contract, Rule
from tre.data.domain.inferring.propose import propose
from tre.data.engine.duck import open_engine
from tre.data.engine.inferring import measure_file
from tre.data.engine.made.people import all_numbers
from tre.data.engine.made.write import write_hospital
from tre.kernel.errors import Invalid

ROWS = 400
HEALTH_NUMBERS = all_numbers(np.random.default_rng(3), ROWS).tolist()


def draft(scratch: Path, *paths: Path) -> tuple[str, dict[tuple[str, str], str]]:
    with open_engine(scratch / "engine") as engine:
        proposed = propose([measure_file(engine, one) for one in paths])
    told = {(table, column): why for table, column, why in flagged(proposed)}
    return write_draft(proposed, dataset="mine", custodian="gwen"), told


def contract(text: str) -> Contract:
    return parse_contract(text, name="draft.yaml")


def write(path: Path, columns: Mapping[str, Sequence[object]], *, delimiter: str = ",") -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file, delimiter=delimiter)
        out.writerow(columns)
        out.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def word() -> str:
        return "".join(chance.choices(letters, k=7))

    rows = range(ROWS)
    return write(
        tmp_path / "people.csv",
        {
            "number": [f"{one // 10**7} {one // 10**4 % 1000:03} {one % 10**4:04}" for one in HEALTH_NUMBERS],
            "surname": [word().capitalize() for _ in rows],
            "label": [f"{word().capitalize()} {word().capitalize()}" for _ in rows],
            "contact": [f"{word()}@example.org" for _ in rows],
            "phone": [f"01632 96{chance.randint(1000, 9999)}" for _ in rows],
            "code_of_home": [f"S{chance.choice('WE')}{chance.randint(1, 9)} {chance.randint(1, 9)}AB" for _ in rows],
            "where_to": [f"{chance.randint(1, 99)} {word().capitalize()} Street" for _ in rows],
            "dob": [f"{chance.randint(1930, 2010)}-{chance.randint(1, 12):02}-01" for _ in rows],
            "ni": [f"AB{chance.randint(100000, 999999)}C" for _ in rows],
            "latitude": [round(chance.uniform(50, 58), 5) for _ in rows],
            "remarks": [f"{word()} {word()} {word()} {word()} {word()} {word()}" for _ in rows],
            "sex": [chance.choice("FM") for _ in rows],
            "rare": ["common"] * (ROWS - 1) + ["unheard of"],
            "score": [chance.randint(0, 50) for _ in rows[1:]] + [987_654_321],
            "seen": [f"{chance.randint(2015, 2020)}-{chance.randint(1, 12):02}-15" for _ in rows[1:]] + ["1901-03-04"],
            "visit": list(rows),
        },
    )


def test_each_identifier_is_flagged_and_the_reason_told(everything: Path, tmp_path: Path) -> None:
    text, why = draft(tmp_path, everything)
    table = contract(text).table("people")
    direct = {"surname", "label", "contact", "phone", "where_to", "ni", "latitude"}
    assert {one.name for one in table.columns if one.kind == ColumnClass.DIRECT_IDENTIFIER} == direct
    assert table.person_column.name == "number"
    assert contract(text).identifier_kind == "nhs_number"
    postcode, born = table.column("code_of_home").rule, table.column("dob").rule
    assert postcode
    assert born
    assert (postcode.kind, born.kind) == (Rule.OUTWARD_POSTCODE, Rule.YEAR)
    assert table.column("remarks").kind == ColumnClass.FREE_TEXT
    assert table.column("visit").kind == ColumnClass.RECORD_IDENTIFIER
    assert {column for _, column in why} == direct | {"number", "code_of_home", "dob", "remarks", "visit"}
    assert "check digit" in why["people", "number"]
    assert "postcodes" in why["people", "code_of_home"]
    assert "date of birth" in why["people", "dob"]
    assert all(sentence.endswith(".") and f"CHECK {sentence.split('. ')[0]}" in text for sentence in why.values())


def test_nothing_rare_of_the_data_is_in_the_draft(everything: Path, tmp_path: Path) -> None:
    text, _ = draft(tmp_path, everything)
    assert "unheard of" not in text
    assert "987" not in text
    assert "1901" not in text
    assert "codes: [F, M]" in text
    with everything.open() as file:
        rows = list(csv.DictReader(file))
    said = set(re.findall(r"[\w@.-]+", text))
    for column in ("number", "surname", "contact", "phone", "where_to", "ni", "latitude", "remarks"):
        assert not {row[column] for row in rows} & said


def test_what_is_one_person_s_is_rare_however_many_the_rows(tmp_path: Path) -> None:
    persons = [1 + one % 40 for one in range(400)]
    path = write(
        tmp_path / "visits.csv",
        {"patient_id": persons, "ward": ["own" if one == 7 else f"w{one % 2}" for one in persons]},
    )
    text, _ = draft(tmp_path, path)
    assert "own" not in text.split("tables:")[1]
    assert "codes: [w0, w1]" in text


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.text("qxzjv0123456789-", min_size=6, max_size=12), min_size=1, max_size=60, unique=True))
def test_no_value_of_its_own_is_ever_repeated(values: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "secret.csv", {"it": values, "that": list(reversed(values))})
    text, _ = draft(tmp_path, path)
    body = text.split("tables:")[1]
    assert not [one for one in values if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", body)]
    assert contract(text).tables


def test_a_row_is_not_taken_for_the_heading(tmp_path: Path) -> None:
    path = tmp_path / "headless.csv"
    path.write_text("9990000018,Smith,SW1A 1AA\n9990000026,Jones,SW1A 2AA\n")
    with pytest.raises(Invalid, match="no heading") as caught:
        draft(tmp_path, path)
    assert "Smith" not in str(caught.value.fields)
    assert "999" not in str(caught.value.fields)


def test_files_that_belong_together_share_the_person_and_the_keys(tmp_path: Path) -> None:
    people = write(
        tmp_path / "people.csv", {"patient_id": range(1, 301), "height": [170 + one % 20 for one in range(300)]}
    )
    stays = {"stay_id": range(900, 1200), "patient_id": [1 + one % 100 for one in range(300)]}
    events = {"stay_id": [900 + one % 50 for one in range(300)], "patient_id": [1 + one % 50 for one in range(300)]}
    words = pa.table({"code": ["a", "b"] * 40, "meaning": ["first", "second"] * 40})
    pq.write_table(words, tmp_path / "words.parquet")
    files = [
        people,
        write(tmp_path / "stays.tsv", stays, delimiter="\t"),
        write(tmp_path / "events.csv", events, delimiter=";"),
    ]
    text, why = draft(tmp_path, *files, tmp_path / "words.parquet")
    drafted = contract(text)
    assert [table.has_person for table in drafted.tables] == [True, True, True, False]
    assert "3 of 4 files" in why["people", "patient_id"]
    assert drafted.table("events").column("stay_id").kind == ColumnClass.RECORD_IDENTIFIER
    assert drafted.table("stays").key == ("stay_id",)
    assert drafted.table("people").key == ("patient_id",)
    assert "drafted as a reference table" in text


def test_the_made_hospital_is_drafted_as_its_contract_says(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write_hospital(raw, seed=SEED, size=600)
    text, why = draft(tmp_path, *sorted(raw.glob("*.csv")))
    drafted = contract(text)
    for table in ("persons", "admissions", "diagnoses", "deaths"):
        assert drafted.table(table).person_column.source == "nhs_number"
    persons = drafted.table("persons")
    assert {"given_name", "family_name", "address"} <= {
        one.source for one in persons.columns if one.kind == ColumnClass.DIRECT_IDENTIFIER
    }
    assert persons.column("postcode").kind == persons.column("date_of_birth").kind == ColumnClass.GENERALISE
    assert drafted.table("admissions").column("admission_number").kind == ColumnClass.RECORD_IDENTIFIER
    assert ("persons", "sex") not in why


@pytest.mark.parametrize(("name", "body"), [("a.parquet", b"PAR1 not"), ("a.csv", b""), ("a.csv.gz", b"\x1f\x8bno")])
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(Invalid):
        draft(tmp_path, tmp_path / name)
