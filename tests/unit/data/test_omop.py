"""The shipped contract of OMOP CDM 5.4: it is the official definition, and a folder loads by it with no edits."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tests.factories.omop import PERSONS, ROWS, definition, real_folder, write_omop
from tre.data.contracts import shipped_contract
from tre.data.domain.contract import ColumnClass
from tre.data.domain.snapshot_plan import ApprovedTable
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import Version, ingest
from tre.data.engine.vault import open_vault

OMOP = shipped_contract("omop")
WITHHELD = {"cost", "fact_relationship"}


def load(folders: Folders, raw: Path) -> Version:
    with open_vault(folders.vault) as vault:
        return ingest(OMOP, raw, folders=folders, vault=vault, at=AT, progress=quietly)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folders = Folders.under(tmp_path_factory.mktemp("omop"))
    folders.prepare()
    write_omop(folders.inbox / "omop")
    with open_vault(folders.vault) as vault:
        version = ingest(OMOP, folders.inbox / "omop", folders=folders, vault=vault, at=AT, progress=quietly)
        yield Loaded(folders=folders, vault=vault, contracts={"omop": OMOP}, versions={"omop": version})


@pytest.fixture(scope="module")
def snapshot(made: Loaded, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    approved = [
        ApprovedTable(
            dataset="omop",
            table=table.name,
            columns=tuple(one.name for one in table.published if one not in table.free_text),
        )
        for table in OMOP.tables
    ]
    return made.build(made.plan(approved=approved), snapshots=tmp_path_factory.mktemp("snapshots"))


def test_the_contract_is_the_official_definition() -> None:
    assert len(definition()) == 39
    assert {table.name for table in OMOP.tables} | WITHHELD == set(definition())
    assert {one.file for one in OMOP.withheld} == WITHHELD
    kinds = {"integer": "integer", "varchar": "text", "text": "text", "numeric": "decimal"}
    for table in OMOP.tables:
        official = {name: kinds.get(kind.lower(), kind.lower()) for name, kind in definition()[table.name].items()}
        assert {one.source: one.type for one in table.columns} == official, table.name


def test_nothing_that_names_a_person_is_published() -> None:
    dropped = {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    for table in OMOP.tables:
        for column in table.columns:
            if re.search(
                r"person_id|person_source|birth_date|address|latitude|longitude|provider_name|npi|dea$", column.name
            ):
                assert column.kind in dropped, (table.name, column.name)
            if column.type in {"date", "timestamp"} and table.has_person:
                assert column.kind in {ColumnClass.GENERALISE, *dropped}, (table.name, column.name)
            if column.name.endswith("_source_value"):
                assert column.kind in {ColumnClass.FREE_TEXT, *dropped}, (table.name, column.name)


def test_a_real_folder_loads_with_no_edits(empty: Folders) -> None:
    """Eleven tables of 1,130 persons as they come in a package; the other tables are told as absent."""
    raw = real_folder()
    there = {path.stem.lower(): len(path.read_bytes().splitlines()) - 1 for path in raw.glob("*.csv")}
    version = load(empty, raw)
    tables = {one["name"]: one for one in version.manifest["tables"]}
    assert {name: one["rows"] for name, one in tables.items() if not one["absent"]} == there
    assert sum(there.values()) > 300_000
    assert all(not one["quarantined"] for one in tables.values())
    assert tables["person"]["persons"] == 1130
    assert {*tables, *(one["file"] for one in version.manifest["withheld"])} == set(definition())
    assert version.manifest["not_read"] == []


def test_every_table_of_a_whole_folder_is_accounted_for(made: Loaded) -> None:
    manifest = made.versions["omop"].manifest
    tables = {one["name"]: one for one in manifest["tables"]}
    assert {one["file"]: one["rows"] for one in manifest["withheld"]} == dict.fromkeys(WITHHELD, ROWS)
    for name, one in tables.items():
        in_file = PERSONS if name in {"person", "death"} else ROWS
        assert one["rows"] + sum(one["quarantined"].values()) == in_file, name
        assert not one["absent"]
    assert tables["concept"]["persons"] == 0
    assert tables["note_nlp"]["persons"] > 10


def test_a_note_s_terms_are_those_of_the_note_s_person(made: Loaded) -> None:
    store = made.folders.version("omop", made.versions["omop"].version)
    with duckdb.connect() as engine:
        joined = f"FROM '{store}/note_nlp.parquet' t JOIN '{store}/note.parquet' n USING (note_id)"
        found = engine.execute(f"SELECT count(*), count(*) FILTER (WHERE t.person <> n.person) {joined}").fetchone()
    assert found == (ROWS, 0)


def test_a_snapshot_of_all_tables_has_no_value_that_was_dropped(
    made: Loaded, snapshot: tuple[Path, dict[str, Any]]
) -> None:
    folder, manifest = snapshot
    assert {one["name"] for one in manifest["tables"]} == {table.name for table in OMOP.tables}
    direct: set[str] = set()
    for table in OMOP.tables:
        dropped = [
            one.source for one in table.columns if one.kind == ColumnClass.DIRECT_IDENTIFIER and one.type == "text"
        ]
        with duckdb.connect() as engine:
            for column in dropped:
                path = made.raw("omop") / f"{table.file.upper()}.csv"
                rows = engine.execute(f"SELECT DISTINCT \"{column}\"::VARCHAR FROM read_csv('{path}')").fetchall()
                direct |= {row[0] for row in rows if row[0].startswith("secret")}
    assert len(direct) > 2_000
    for table in OMOP.tables:
        rows = shown(folder, table.name)
        assert rows, table.name
        assert not direct & {value for row in rows for value in row if isinstance(value, str)}, table.name


def test_a_reference_table_lies_in_the_order_of_its_own_values(
    made: Loaded, snapshot: tuple[Path, dict[str, Any]], empty: Folders, tmp_path: Path
) -> None:
    """The same rows in another order in the raw file, loaded by another vault, come out in the same order."""
    raw = empty.inbox / "omop"
    raw.mkdir()
    shutil.copy(made.raw("omop") / "PERSON.csv", raw)
    head, *rows = (made.raw("omop") / "CONCEPT.csv").read_text().splitlines(keepends=True)
    (raw / "CONCEPT.csv").write_text(head + "".join(reversed(rows)))
    with open_vault(empty.vault) as vault:
        version = ingest(OMOP, raw, folders=empty, vault=vault, at=AT, progress=quietly)
        other = Loaded(folders=empty, vault=vault, contracts={"omop": OMOP}, versions={"omop": version})
        columns = tuple(one.name for one in OMOP.table("concept").published)
        approved = [ApprovedTable(dataset="omop", table="concept", columns=columns)]
        again, _ = other.build(other.plan(project_id="p-bbbbbb", approved=approved), snapshots=tmp_path / "snapshots")
    first, second = (shown(folder, "concept") for folder in (snapshot[0], again))
    assert len(first) == ROWS
    assert first == second


def shown(folder: Path, table: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "views.duckdb"), read_only=True) as engine:
        engine.execute(f"SET VARIABLE tre_data = '{folder}'")
        assert ("person" in [row[0] for row in engine.execute(f"DESCRIBE {table}").fetchall()]) == OMOP.table(
            table
        ).has_person
        return engine.execute(f"SELECT * FROM {table}").fetchall()


def test_keys_join_and_dates_keep_their_distance(made: Loaded, snapshot: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = snapshot
    raw = made.raw("omop") / "VISIT_OCCURRENCE.csv"
    days = "date_diff('day', visit_start_date, visit_end_date)"
    with duckdb.connect(str(folder / "views.duckdb"), read_only=True) as engine:
        engine.execute(f"SET VARIABLE tre_data = '{folder}'")
        shown = engine.execute(f"SELECT {days} FROM visit_occurrence ORDER BY 1").fetchall()
        stays = engine.execute(f"SELECT {days} FROM '{raw}' ORDER BY 1").fetchall()
        assert shown == stays
        moved = engine.execute(
            f"SELECT count(*) FROM ((SELECT visit_start_date FROM visit_occurrence) EXCEPT ALL "
            f"(SELECT visit_start_date FROM '{raw}'))"
        ).fetchone()
        assert moved is not None
        assert moved[0] > ROWS * 0.8
        before = engine.execute(
            "SELECT count(*) FROM visit_occurrence v JOIN visit_occurrence b "
            "ON v.preceding_visit_occurrence_id = b.visit_occurrence_id"
        ).fetchone()
        assert before == (ROWS,)
        sites = engine.execute("SELECT count(*) FROM provider JOIN care_site USING (care_site_id)").fetchone()
        assert sites == (ROWS,)


def test_a_file_that_the_contract_does_not_name_is_told(empty: Folders) -> None:
    raw = empty.inbox / "omop"
    raw.mkdir()
    shutil.copy(real_folder() / "PERSON.csv", raw / "person.csv")
    (raw / "devices_exposure.csv").write_text("device_exposure_id\n1\n")
    manifest = load(empty, raw).manifest
    assert manifest["not_read"] == ["devices_exposure.csv"]
    assert {one["name"] for one in manifest["tables"] if not one["absent"]} == {"person"}


def test_a_column_that_a_file_is_without_is_told(empty: Folders) -> None:
    raw = empty.inbox / "omop"
    raw.mkdir()
    with duckdb.connect() as engine:
        some = f"SELECT * EXCLUDE (ethnicity_source_value, provider_id) FROM read_csv('{real_folder()}/PERSON.csv', all_varchar=true)"
        engine.execute(f"COPY ({some}) TO '{raw}/person.csv'")
    tables = {one["name"]: one for one in load(empty, raw).manifest["tables"]}
    assert tables["person"]["lacking"] == ["provider_id", "ethnicity_source_value"]
    assert {name for name, one in tables.items() if one["lacking"]} == {"person"}
