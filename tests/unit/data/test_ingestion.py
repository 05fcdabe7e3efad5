"""Ingestion: what fits is stored without identifiers, what does not is counted and set aside, the rest is refused."""

import gzip
import json
import re
from pathlib import Path

import duckdb
import nhs_number
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.factories.loaded import AT, PERSONS, Loaded, quietly
from tests.factories.small import HEAD, NUMBERS, contract, line
from tests.factories.small import load as load_small
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import Version, ingest
from tre.data.engine.vault import open_vault
from tre.kernel.errors import Invalid


def load(folders: Folders, body: str | bytes, *, limit: str = "0.5", file: str = "visits.csv") -> Version:
    return load_small(folders, body, about=contract(limit), file=file)


def stored(folders: Folders, version: Version, columns: str = "*") -> list[tuple[object, ...]]:
    path = folders.version("small", version.version) / "visits.parquet"
    with duckdb.connect() as engine:
        return engine.execute(f"SELECT {columns} FROM '{path}' ORDER BY ALL").fetchall()


def quarantined(folders: Folders, version: Version) -> list[tuple[object, ...]]:
    path = folders.version("small", version.version) / "quarantine/visits.parquet"
    with duckdb.connect() as engine:
        return engine.execute(f"SELECT row, reason FROM '{path}' ORDER BY ALL").fetchall()


def test_the_store_has_numbers_in_place_of_identifiers(empty: Folders) -> None:
    version = load(empty, HEAD + line(NUMBERS[0]) + line(NUMBERS[1], score="9", word="?") + line(NUMBERS[2], score="8"))
    names = pq.read_schema(empty.version("small", version.version) / "visits.parquet").names
    assert names == ["person", "born", "score", "weight", "word"]
    assert sorted(str(row) for row in stored(empty, version, "score, weight, word")) == [
        "(1, 1.5, 'yes')",
        "(80, 1.5, 'yes')",
        "(None, 1.5, None)",
    ]
    with open_vault(empty.vault) as vault:
        register = vault.register("nhs-number")
    assert {row[0] for row in stored(empty, version, "person")} == set(register.numbers.tolist())
    assert register.identifiers.tolist() == sorted(NUMBERS[:3])


def test_misfits_are_set_aside_with_row_and_reason(empty: Folders) -> None:
    wrong = NUMBERS[9] - NUMBERS[9] % 10 + (NUMBERS[9] + 1) % 10
    assert not nhs_number.is_valid(str(wrong))
    body = HEAD + "".join(
        [
            line(NUMBERS[0]),
            line(wrong),
            line(""),
            line("999 000"),
            line(NUMBERS[1], born="1950-02-30"),
            line(NUMBERS[2], score="1.5"),
            line(NUMBERS[3], score="many"),
            line(NUMBERS[4], weight="heavy"),
            line(NUMBERS[0], score="7"),
            line(NUMBERS[5], born="", score="", weight="", word=""),
        ]
    )
    version = load(empty, body, limit="0.9")
    assert quarantined(empty, version) == [
        (2, "identifier not valid"),
        (3, "identifier missing"),
        (4, "identifier not valid"),
        (5, "born: not a value of type date"),
        (6, "score: not a value of type integer"),
        (7, "score: not a value of type integer"),
        (8, "weight: not a value of type decimal"),
        (9, "key used before"),
    ]
    entry = version.manifest["tables"][0]
    assert (entry["rows"], entry["persons"]) == (2, 2)
    assert entry["quarantined"]["identifier not valid"] == 2
    assert [row[0] for row in stored(empty, version, "score")] == [1, None]


def test_numbers_written_with_spaces_and_hyphens_are_the_same_person(empty: Folders) -> None:
    text = str(NUMBERS[0])
    spaced = f"{text[:3]} {text[3:6]} {text[6:]}"
    version = load(
        empty, HEAD + line(text) + line(f" {spaced}", score="2") + line(text[:3] + "-" + text[3:]), limit="0.7"
    )
    assert version.manifest["tables"][0]["quarantined"] == {"key used before": 2}


def test_above_the_contracts_limit_nothing_is_loaded(empty: Folders) -> None:
    body = HEAD + "".join(line(number) for number in NUMBERS[:8]) + line(1) + line(2)
    with pytest.raises(Invalid, match=r"2 of 10 rows do not fit.*10\.00%.*identifier not valid.*Nothing was loaded"):
        load(empty, body, limit="0.1")
    assert not list((empty.store / "small").glob("*"))
    assert not list(empty.scratch.glob("*.parquet"))
    assert load(empty, body, limit="0.2").is_new


def test_the_same_bytes_are_one_version_and_others_another(empty: Folders) -> None:
    body = HEAD + line(NUMBERS[0])
    first, again, other = load(empty, body), load(empty, body), load(empty, body + line(NUMBERS[1]))
    assert first.is_new
    assert not again.is_new
    assert again.version == first.version != other.version
    assert again.manifest == json.loads(json.dumps(first.manifest))
    persons = {row[0] for row in stored(empty, other, "person")}
    assert {row[0] for row in stored(empty, first, "person")} < persons


@pytest.mark.parametrize("kind", ["tsv", "csv.gz", "parquet"])
def test_other_kinds_of_file(empty: Folders, kind: str) -> None:
    body = HEAD + line(NUMBERS[0]) + line(NUMBERS[1])
    if kind == "tsv":
        body_bytes = body.replace(",", "\t").encode()
    elif kind == "csv.gz":
        body_bytes = gzip.compress(body.encode())
    else:
        sink = pa.BufferOutputStream()
        pq.write_table(pyarrow.csv.read_csv(pa.BufferReader(body.encode())), sink)
        body_bytes = sink.getvalue().to_pybytes()
    version = load(empty, body_bytes, file=f"visits.{kind}")
    assert version.manifest["tables"][0]["rows"] == 2
    assert version.manifest["tables"][0]["quarantined"] == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "visits.csv is empty: line 1 must be the heading"),
        (HEAD, "has no rows"),
        (HEAD.replace("score,", ""), "line 1: the column score is missing"),
        (HEAD.replace("\n", ",secret\n"), "line 1: column 7 is not in the contract"),
        (HEAD.replace("word", "word,word"), "the column word is there twice"),
        (HEAD + line(NUMBERS[0]) + "SecretName,1\n", "visits.csv, line 3: 2 values where the heading has 6 columns"),
        (HEAD + line(NUMBERS[0]) + 'SecretName,"torn\n', "visits.csv, line 3: a value has a quote that is torn"),
        (
            (HEAD + line(NUMBERS[0])).encode() + b"SecretName\xff,a,b,c,d,e\n",
            "visits.csv, line 3: the bytes are not UTF-8",
        ),
    ],
)
def test_a_torn_file_is_refused_without_repeating_it(empty: Folders, body: str | bytes, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(empty, body)
    assert words in caught.value.sentence
    assert "SecretName" not in caught.value.sentence
    assert caught.value.__cause__ is None
    assert not list((empty.store / "small").glob("[0-9a-f]*"))


def test_a_file_that_is_absent_or_there_twice(empty: Folders) -> None:
    with pytest.raises(Invalid, match=r"The file visits is missing: give visits.csv"):
        load(empty, "", file="other.csv")
    raw = empty.inbox / "small"
    (raw / "visits.csv").write_text(HEAD)
    (raw / "visits.tsv").write_text(HEAD)
    with open_vault(empty.vault) as vault, pytest.raises(Invalid, match="more than once"):
        ingest(contract(), raw, folders=empty, vault=vault, at=AT, progress=quietly)


def test_a_parquet_that_is_none(empty: Folders) -> None:
    with pytest.raises(Invalid, match="not what its ending says"):
        load(empty, "not parquet at all", file="visits.parquet")


def test_the_made_population_is_loaded_with_its_spoilt_lines_set_aside(loaded: Loaded) -> None:
    tables = {one["name"]: one for one in loaded.versions["hospital"].manifest["tables"]}
    assert tables["persons"]["rows"] == tables["persons"]["persons"] == PERSONS
    assert set(tables["prescriptions"]["quarantined"]) == {"identifier not valid"}
    assert tables["admissions"]["quarantined"] == {"key used before": 1}
    assert tables["diagnoses"]["rows"] + sum(tables["diagnoses"]["quarantined"].values()) == _lines(
        loaded.raw("hospital") / "diagnoses.csv"
    )
    (listed,) = loaded.versions["hospital"].manifest["opt_outs"]
    assert listed["persons"] == _lines(loaded.raw("hospital") / "opt_outs.csv")


def test_an_opt_out_list_with_a_bad_line_is_refused_whole(empty: Folders, loaded: Loaded) -> None:
    raw = empty.inbox / "hospital"
    raw.mkdir()
    for path in loaded.raw("hospital").glob("*.csv"):
        (raw / path.name).write_bytes(path.read_bytes())
    with (raw / "opt_outs.csv").open("a") as file:
        file.write("9990000019,2020-01-01\n")
    with open_vault(empty.vault) as vault, pytest.raises(Invalid, match="Every refusal counts"):
        ingest(loaded.contracts["hospital"], raw, folders=empty, vault=vault, at=AT, progress=quietly)


def test_no_identifier_or_name_reaches_the_store(loaded: Loaded) -> None:
    """Every value of the identifying columns is looked for in every byte of the store, raw and unpacked."""
    version = loaded.folders.version("hospital", loaded.versions["hospital"].version)
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"SELECT nhs_number::VARCHAR, family_name, address FROM '{loaded.raw('hospital')}/persons.csv'"
        ).fetchall()
        bodies = [path.read_bytes() for path in version.rglob("*") if path.is_file()]
        for path in version.glob("*.parquet"):
            engine.execute(f"COPY (SELECT * FROM '{path}') TO '{path}.csv'")
            bodies.append(Path(f"{path}.csv").read_bytes())
            Path(f"{path}.csv").unlink()
    words = set(re.findall(rb"[A-Za-z0-9][A-Za-z0-9 -]+[A-Za-z0-9]", b"\n".join(bodies)))
    assert {one.encode() for values in rows for one in values} & words == set()


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file) - 1
