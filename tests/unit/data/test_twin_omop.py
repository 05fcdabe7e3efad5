"""A twin of a whole OMOP folder: tables about nobody, empty ones, keys named otherwise in other tables, no free text."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tests.factories.omop import write_omop
from tre.data.contracts import shipped_contract
from tre.data.domain.snapshot_plan import ApprovedTable
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.twin.build import build_twin
from tre.data.engine.vault import open_vault

OMOP = shipped_contract("omop")


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folders = Folders.under(tmp_path_factory.mktemp("omop"))
    folders.prepare()
    write_omop(folders.inbox / "omop")
    with open_vault(folders.vault) as vault:
        version = ingest(OMOP, folders.inbox / "omop", folders=folders, vault=vault, at=AT, progress=quietly)
        loaded = Loaded(folders=folders, vault=vault, contracts={"omop": OMOP}, versions={"omop": version})
        approved = [
            ApprovedTable(dataset="omop", table=one.name, columns=columns)
            for one in OMOP.tables
            if (columns := tuple(column.name for column in one.published if column not in one.free_text))
        ]
        plan = replace(loaded.plan(approved=approved), project_id="twin-omop")
        manifest = build_twin(plan, folders=folders, seed=1, at=AT, progress=quietly)
    return folders.snapshot("twin-omop", 1), manifest


def test_every_table_is_there_and_can_be_read(twin: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = twin
    with duckdb.connect(str(folder / "views.duckdb"), read_only=True) as engine:
        engine.execute(f"SET VARIABLE tre_data = '{folder}'")
        read = {
            one["name"]: engine.execute(f'SELECT count(*) FROM "{one["name"]}"').fetchone()
            for one in manifest["tables"]
        }
    assert {name: (one["rows"],) for name, one in ((one["name"], one) for one in manifest["tables"])} == read
    assert {one.name for one in OMOP.tables if one.published} >= set(read) > {"person", "visit_occurrence", "concept"}


def test_tables_about_nobody_have_no_person(twin: tuple[Path, dict[str, Any]]) -> None:
    about = {table["name"]: {column["name"] for column in table["columns"]} for table in twin[1]["tables"]}
    assert "person" not in about["concept"]
    assert "person" in about["visit_occurrence"]


def test_no_free_text_is_in_it(twin: tuple[Path, dict[str, Any]]) -> None:
    there = {(table["name"], column["name"]) for table in twin[1]["tables"] for column in table["columns"]}
    free = {(table.name, column.name) for table in OMOP.tables for column in table.free_text}
    assert free
    assert not there & free
