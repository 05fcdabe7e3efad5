"""What a contract says of values is held row by row: ranges, codes, references, keys, each with its reason."""

import duckdb

from tests.factories.loaded import AT, quietly
from tests.factories.small import NUMBERS
from tre.data.contracts.reading import parse_contract
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.vault import open_vault

CONTRACT = """\
contract: 1
dataset: pair
title: Pair
summary: Two tables.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: []
quarantine_limit: 0.9
tables:
  - name: tests
    meaning: Tests
    file: tests
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: visit, class: record identifier, type: integer, meaning: Visit, reference: visits.visit}
      - {name: result, type: decimal, meaning: Result, range: {from: 0, until: 9.5}}
  - name: visits
    meaning: Visits
    file: visits
    key: [visit]
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: visit, class: record identifier, type: integer, meaning: Visit}
      - {name: on, type: date, meaning: Day, range: {from: "2020-01-01"}}
      - {name: ward, type: text, meaning: Ward, codes: {A: Acute, B: Beds}}
"""
VISITS = [
    (1, "2020-01-01", "A"),
    (2, "2019-12-31", "A"),
    (3, "2021-05-05", "C"),
    (4, "2021-05-05", ""),
    (4, "2022-05-05", "B"),
]
TESTS = [(1, "0"), (1, "9.6"), (1, "-0.1"), (2, "3"), (9, "3"), (4, ""), (1, "nan"), (1, "x")]


def test_each_reason_has_its_rows(empty: Folders) -> None:
    raw = empty.inbox / "pair"
    raw.mkdir()
    (raw / "visits.csv").write_text(
        "number,visit,on,ward\n" + "".join(f"{NUMBERS[0]},{v},{d},{w}\n" for v, d, w in VISITS)
    )
    (raw / "tests.csv").write_text("number,visit,result\n" + "".join(f"{NUMBERS[1]},{v},{r}\n" for v, r in TESTS))
    with open_vault(empty.vault) as vault:
        about = parse_contract(CONTRACT, name="pair.yaml")
        version = ingest(about, raw, folders=empty, vault=vault, at=AT, progress=quietly, by="gwen")
    folder = empty.version("pair", version.version)
    with duckdb.connect() as engine:
        aside = {
            table: engine.execute(
                f"SELECT row, reason FROM '{folder}/quarantine/{table}.parquet' ORDER BY row"
            ).fetchall()
            for table in ("visits", "tests")
        }
    assert aside == {
        "visits": [
            (2, "on: outside the range in the contract"),
            (3, "ward: code not in the contract"),
            (5, "key used before"),
        ],
        "tests": [
            (2, "result: outside the range in the contract"),
            (3, "result: outside the range in the contract"),
            (4, "visit: not found in visits.visit"),
            (5, "visit: not found in visits.visit"),
            (7, "result: not a value of type decimal"),
            (8, "result: not a value of type decimal"),
        ],
    }
    assert [one["name"] for one in version.manifest["tables"]] == ["tests", "visits"]
    assert (version.manifest["loaded_by"], version.manifest["loaded_at"]) == ("gwen", AT.isoformat())
    assert [sorted(one) for one in version.manifest["sources"]] == [["bytes", "file", "sha256"]] * 2


def test_who_has_no_good_row_is_not_enrolled_and_the_first_reason_is_told(empty: Folders) -> None:
    raw = empty.inbox / "pair"
    raw.mkdir()
    wrong = NUMBERS[0] - NUMBERS[0] % 10 + (NUMBERS[0] + 1) % 10
    rows = [
        (NUMBERS[0], 1, "2020-01-01", "A"),
        (NUMBERS[1], 2, "2019-01-01", "C"),
        (NUMBERS[2], 3, "2021-01-01", "C"),
        (NUMBERS[2], 4, "2021-01-01", "B"),
        (wrong, 5, "2019-01-01", "A"),
        ("", 6, "2019-01-01", "A"),
    ]
    (raw / "visits.csv").write_text("number,visit,on,ward\n" + "".join(f"{n},{v},{d},{w}\n" for n, v, d, w in rows))
    (raw / "tests.csv").write_text(f"number,visit,result\n{NUMBERS[0]},1,0\n")
    with open_vault(empty.vault) as vault:
        about = parse_contract(CONTRACT, name="pair.yaml")
        version = ingest(about, raw, folders=empty, vault=vault, at=AT, progress=quietly)
        known = vault.register("nhs-number").identifiers.tolist()
    aside = empty.version("pair", version.version) / "quarantine/visits.parquet"
    with duckdb.connect() as engine:
        told = engine.execute(f"SELECT row, reason FROM '{aside}' ORDER BY row").fetchall()
    assert known == sorted([NUMBERS[0], NUMBERS[2]])
    assert version.manifest["tables"][1]["persons"] == 2
    assert told == [
        (2, "on: outside the range in the contract"),
        (3, "ward: code not in the contract"),
        (5, "identifier not valid"),
        (6, "identifier missing"),
    ]
