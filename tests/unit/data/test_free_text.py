"""Free text is scanned before it enters a snapshot: what names somebody is masked or its text withheld, and counted."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.factories.loaded import AT, TODAY, quietly
from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import Contract
from tre.data.domain.free_text import NOTHING_KNOWN, Known, TextFigures, Treatment, scanned, words_of
from tre.data.domain.snapshot_plan import ApprovedTable, SnapshotPlan, plan_tables
from tre.data.engine.basis import Basis
from tre.data.engine.candidates import stored
from tre.data.engine.duck import EngineError, open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.made.people import all_numbers
from tre.data.engine.naming import has_free_text, keep_names
from tre.data.engine.people import lay_people
from tre.data.engine.selecting import select_rows
from tre.data.engine.snapshot import Means, build_snapshot
from tre.data.engine.spark_session import chosen_spark
from tre.data.engine.trial import try_snapshot
from tre.data.engine.vault import Vault, open_vault
from tre.kernel.errors import Invalid, Unavailable

NUMBERS = [int(one) for one in all_numbers(np.random.default_rng(5), 40)]
WHO = f"{NUMBERS[0]:010d}"
CONTRACT = """\
contract: 1
dataset: letters
title: Letters
summary: Letters of a clinic.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: []
quarantine_limit: 0
tables:
  - name: people
    meaning: People
    file: people
    key: [number]
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: surname, class: direct identifier, type: text, meaning: Surname}
      - {name: first_name, class: direct identifier, type: text, meaning: First name}
      - {name: hospital_no, class: direct identifier, type: text, meaning: Hospital number}
      - {name: address, class: direct identifier, type: text, meaning: Address}
      - {name: sex, type: text, meaning: Sex}
  - name: letters
    meaning: Letters
    file: letters
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: body, class: free text, type: text, meaning: Letter}
      - {name: note, class: free text, type: text, when_found: withhold, meaning: Note}
      - {name: year, type: integer, meaning: Year}
"""
PLAIN = "Bloods normal, BP 120/80, HbA1c 48.5, B12 350, ramipril 2.5 mg twice daily for 3 months; T4 2nd line."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"NHS no {WHO[:3]} {WHO[3:6]} {WHO[6:]}.", "NHS no [health number]."),
        (f"No {WHO}", "No [health number]"),
        (f"No {WHO[:4]} {WHO[4:7]}.{WHO[7:]}; next", "No [health number]; next"),
        ("of LS1 4AP and ls14ap", "of [postcode] and [postcode]"),
        ("on 12/03/2024, 2024-03-12, 12.3.24", "on [date], [date], [date]"),
        ("12th of March 2024 and March 3, 2020 and 20240312", "[date] and [date] and [date]"),
        ("ring 020 7946 0958 or +44 7700 900123", "ring [telephone number] or [telephone number]"),
        ("write to ada.l@example.org now", "write to [e-mail address] now"),
        ("key 123456789012", "key [long number]"),
        ("NI AB 12 34 56 C", "NI [National Insurance number]"),
        ("seen by Dr A. Lovelace today", "seen by [name after a title] today"),
        (PLAIN, PLAIN),
        ("weights 72.5 71.9 70.2 in 2019, room 4711", "weights 72.5 71.9 70.2 in 2019, room 4711"),
    ],
)
def test_shapes_in_a_text_are_masked_and_clinical_words_are_not(text: str, masked: str) -> None:
    assert scanned(text, NOTHING_KNOWN, treatment=Treatment.MASK, figures=TextFigures()) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Zoë O'Brien-Smith came", "[the person's own name] O'[the person's own name]-[the person's own name] came"),
        ("ZOE and her husband Tom", "[the person's own name] and her husband Tom"),
        ("person 000-48 213 of the list", "person [the person's own identifier] of the list"),
        ("no. 482.13, room 12", "no. [the person's own identifier], room 12"),
        ("48214 is another", "48214 is another"),
    ],
)
def test_what_is_known_of_the_person_is_masked_in_every_spelling(text: str, masked: str) -> None:
    known = Known(identifier=48213, names=frozenset(words_of("Zoe O’Brien-Smith")))
    assert scanned(text, known, treatment=Treatment.MASK, figures=TextFigures()) == masked


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "0 ()", "Dr A. ", "a@", "AB12", "1.", "@a-", "A1A1", "1 of May "])
def test_a_long_text_is_scanned_in_time_whatever_it_repeats(piece: str) -> None:
    known = Known(identifier=1234567890, names=frozenset(words_of("Avelina Quenby")))
    before = time.process_time()
    scanned(piece * (200_000 // len(piece)) + "@", known, treatment=Treatment.MASK, figures=TextFigures())
    assert time.process_time() - before < 5


def test_a_short_identifier_is_not_looked_for() -> None:
    assert scanned("took 7 of 9", Known(identifier=7), treatment=Treatment.MASK, figures=TextFigures()) == "took 7 of 9"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folders, Vault, Contract, str]]:
    folders = Folders.under(tmp_path_factory.mktemp("letters"))
    folders.prepare()
    raw = folders.inbox / "letters"
    raw.mkdir()
    people = ["number,surname,first_name,hospital_no,address,sex"]
    letters = ["number,body,note,year"]
    for place, number in enumerate(NUMBERS):
        people.append(f'{number},Quenby{place},Avelina,RX{place}99,"{place} High Road, Leeds",female')
        letters.append(
            f'{number},"Avelina QUENBY{place} (rx{place}99) lives in LS1 4AP, was high on 3 May.",plain words,2020'
        )
        letters.append(f"{number},{PLAIN.replace(',', ';')},born 01/02/1950,2021")
        letters.append(f"{number},,,2022")
    (raw / "people.csv").write_text("\n".join([*people, ""]))
    (raw / "letters.csv").write_text("\n".join([*letters, ""]))
    contract = parse_contract(CONTRACT, name="letters.yaml")
    with open_vault(folders.vault) as vault:
        done = ingest(contract, raw, folders=folders, vault=vault, at=AT, progress=quietly)
        keep_names(contract, raw, folders=folders, vault=vault)
        yield folders, vault, contract, done.version


def plan_of(
    contract: Contract, version: str, *, granted: tuple[str, ...] = ("body", "note"), rows: str = ""
) -> SnapshotPlan:
    columns = ("body", "note", "year")
    asked = [ApprovedTable(dataset="letters", table="letters", columns=columns, free_text=granted, rows=rows)]
    tables = plan_tables(asked, {"letters": contract}, {"letters": version})
    return SnapshotPlan(
        project_id="p-texts1", version=1, built_on=TODAY, key_version=1, policy_revision="test", reader_uid=0,
        tables=tables, opt_outs=(),
    )  # fmt: skip


Loaded = tuple[Folders, Vault, Contract, str]


def build(loaded: Loaded, snapshots: Path, plan: SnapshotPlan, *, since: int = 0) -> tuple[Path, dict[str, Any]]:
    folders, vault, _, _ = loaded
    here = Folders(vault=folders.vault, store=folders.store, snapshots=snapshots)
    key = vault.project_key(plan.project_id, key_version=1)
    manifest = build_snapshot(
        plan, folders=here, key=key, at=AT, progress=quietly, means=Means(registers=vault), since=since
    )
    return here.snapshot(plan.project_id, plan.version), manifest


def test_a_snapshot_has_scanned_text_alone_and_its_manifest_says_what_was_found(loaded: Loaded, tmp_path: Path) -> None:
    folders, _, contract, version = loaded
    folder, manifest = build(loaded, tmp_path, plan_of(contract, version))
    found = duckdb.sql(f"SELECT body, note, year FROM '{folder}/tables/letters/*.parquet' ORDER BY year").fetchall()
    name = "[the person's own name]"
    assert {row for row in found if row[2] == 2020} == {
        (f"{name} {name} ({name}) lives in [postcode], was high on [date].", "plain words", 2020)
    }
    assert {row for row in found if row[2] == 2021} == {(PLAIN.replace(",", ";"), None, 2021)}
    assert {row for row in found if row[2] == 2022} == {(None, None, 2022)}
    body, note = manifest["tables"][0]["free_text"]
    assert body["texts"] == "about 80"
    assert ["postcode", "about 40"] in body["found"]
    assert (note["withheld"], note["names_known_percent"]) == ("about 40", 100)
    assert json.loads((folder / "manifest.json").read_text())["tables"][0]["free_text"] == [body, note]
    assert [one.name for one in folders.scratch.iterdir() if one.name.startswith("scanned-")] == []


def test_spark_reads_the_scanned_text_too(loaded: Loaded, tmp_path: Path) -> None:
    folders, vault, contract, version = loaded
    plan = plan_of(contract, version, rows="year >= 2021")
    by_duckdb, _ = build(loaded, tmp_path / "duckdb", plan)
    here = Folders(vault=folders.vault, store=folders.store, snapshots=tmp_path / "spark")
    means = Means(registers=vault, spark=chosen_spark("spark", "local[2]"))
    key = vault.project_key(plan.project_id, key_version=1)
    build_snapshot(plan, folders=here, key=key, at=AT, progress=quietly, means=means)
    rows = [
        duckdb.sql(f"FROM '{folder}/tables/letters/*.parquet' ORDER BY ALL").fetchall()
        for folder in (by_duckdb, here.snapshot(plan.project_id, 1))
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 2 * len(NUMBERS)


def test_a_refresh_scans_anew_and_carries_no_text(loaded: Loaded, tmp_path: Path) -> None:
    _, _, contract, version = loaded
    first, _ = build(loaded, tmp_path, plan_of(contract, version))
    again, manifest = build(loaded, tmp_path, replace(plan_of(contract, version), version=2), since=1)
    files = [next((folder / "tables/letters").iterdir()) for folder in (first, again)]
    assert files[0].stat().st_ino != files[1].stat().st_ino
    assert manifest["tables"][0]["free_text"][0]["texts"] == "about 80"


def test_a_trial_tells_the_custodian_what_stands_in_the_texts(loaded: Loaded) -> None:
    folders, vault, contract, version = loaded
    trial = try_snapshot(plan_of(contract, version), folders=folders, progress=quietly, registers=vault)
    assert [(one["table"], one["column"], one["texts"]) for one in trial.free_text] == [
        ("letters", "body", "about 80"),
        ("letters", "note", "about 80"),
    ]
    with pytest.raises(Unavailable, match="vault open"):
        try_snapshot(plan_of(contract, version), folders=folders, progress=quietly)


def test_no_plan_reads_a_text_that_was_not_scanned(loaded: Loaded) -> None:
    folders, vault, contract, version = loaded
    plan = plan_of(contract, version)
    (planned,) = plan.tables
    with open_engine(folders.scratch) as engine:
        lay_people(engine, plan, Basis(), folders=folders, key=vault.project_key(plan.project_id, key_version=1))
        with pytest.raises(EngineError, match="scanned: body"):
            engine.execute(select_rows(plan, planned, stored=stored(planned, folders)))
    with pytest.raises(Invalid, match="is free text"):
        plan_of(contract, version, granted=("note",))


def test_names_are_sealed_in_the_vault_and_follow_its_key(loaded: Loaded) -> None:
    folders, vault, contract, _ = loaded
    before = [one.tolist() for one in vault.names("nhs-number")]
    assert len(before[0][0]) == 3 * len(NUMBERS)
    (path,) = folders.vault.glob("*.names")
    assert b"quenby" not in path.read_bytes().lower()
    vault.renew_key(2)
    assert [one.tolist() for one in vault.names("nhs-number")] == before
    assert has_free_text([contract], "nhs-number")
    assert not has_free_text([contract], "another")


def test_only_free_text_is_scanned_so_that_no_contract_says_otherwise() -> None:
    text = CONTRACT.replace("{name: sex, type: text,", "{name: sex, type: text, when_found: mask,")
    with pytest.raises(Invalid, match="Only free text is scanned"):
        parse_contract(text, name="letters.yaml")
