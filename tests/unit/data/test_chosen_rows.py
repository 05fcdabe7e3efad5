"""Only the rows that were approved: cohort, condition, period; each held against the same said in plain SQL."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.factories.loaded import Loaded
from tre.data.domain.contract import ColumnClass
from tre.data.domain.snapshot_plan import ApprovedTable, plan_tables
from tre.kernel.errors import Invalid

PERSONS = ApprovedTable(dataset="hospital", table="persons", columns=("sex", "year_of_birth"))
STAYS = ApprovedTable(dataset="hospital", table="admissions", columns=("admission", "admitted_month"))


def rows_of(folder: Path, table: str) -> list[tuple[Any, ...]]:
    return duckdb.sql(f"FROM read_parquet('{folder}/tables/{table}/*.parquet')").fetchall()


@pytest.fixture(scope="module")
def everybody(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, _ = loaded.build(loaded.plan(approved=(PERSONS, STAYS)), snapshots=tmp_path_factory.mktemp("all"))
    return folder


def test_choosing_rows_of_the_persons_chooses_persons_for_every_table(
    loaded: Loaded, everybody: Path, tmp_path: Path
) -> None:
    chosen = replace(PERSONS, rows="sex = 'female' and not year_of_birth between 1950 and 1990")
    folder, manifest = loaded.build(loaded.plan(approved=(chosen, STAYS)), snapshots=tmp_path)
    wanted = [row for row in rows_of(everybody, "persons") if row[2] == "female" and not 1950 <= row[1] <= 1990]
    assert 0 < len(wanted) < len(rows_of(everybody, "persons"))
    assert rows_of(folder, "persons") == wanted
    there = {row[0] for row in wanted}
    assert sorted(rows_of(folder, "admissions")) == sorted(
        row for row in rows_of(everybody, "admissions") if row[0] in there
    )
    assert manifest["tables"][0]["chosen"] == "sex = 'female' and not year_of_birth between 1950 and 1990"


def test_choosing_rows_of_a_table_of_events_leaves_the_persons(loaded: Loaded, everybody: Path, tmp_path: Path) -> None:
    chosen = replace(STAYS, rows="admitted_month >= '2020-01-01'", period=(None, date(2020, 12, 31)))
    folder, manifest = loaded.build(loaded.plan(approved=(PERSONS, chosen)), snapshots=tmp_path)
    assert rows_of(folder, "persons") == rows_of(everybody, "persons")
    months = {row[2] for row in rows_of(folder, "admissions")}
    assert months
    assert all(one.year == 2020 for one in months)
    assert len(rows_of(folder, "admissions")) == sum(row[2].year == 2020 for row in rows_of(everybody, "admissions"))
    assert manifest["tables"][1]["chosen"] == "admitted_month >= '2020-01-01'; until 2020-12-31"


@pytest.mark.parametrize(
    ("approved", "words"),
    [
        (replace(STAYS, rows="admission = 'x'"), "no column admission"),
        (replace(PERSONS, rows="date_of_birth = '1950-01-01'"), "no column date_of_birth"),
        (replace(PERSONS, rows="nhs_number = 1"), "no column nhs_number"),
        (replace(STAYS, period=(date(2020, 1, 2), date(2020, 1, 1))), "ends before it begins"),
    ],
)
def test_what_cannot_be_chosen_by_is_refused(loaded: Loaded, approved: ApprovedTable, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        plan_tables([approved], loaded.contracts, {"hospital": "x"})


def test_free_text_is_given_by_name_only(loaded: Loaded) -> None:
    contract = loaded.contracts["hospital"]
    table = contract.table("persons")
    columns = tuple(replace(one, kind=ColumnClass.FREE_TEXT) if one.name == "sex" else one for one in table.columns)
    tables = tuple(replace(table, columns=columns) if one.name == "persons" else one for one in contract.tables)
    contracts = {"hospital": replace(contract, tables=tables)}
    with pytest.raises(Invalid, match="is free text"):
        plan_tables([PERSONS], contracts, {"hospital": "x"})
    (planned,) = plan_tables([replace(PERSONS, free_text=("sex",))], contracts, {"hospital": "x"})
    assert "sex" in {one.name for one in planned.columns}
