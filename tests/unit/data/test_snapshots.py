"""A project's snapshot: approved columns only, nobody who opted out, pseudonyms of its own, nothing to find in its bytes."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.factories.loaded import PERSONS, Loaded
from tre.data.contracts import shipped_contract
from tre.data.domain.opt_outs import NATIONAL, rules_for
from tre.data.domain.pseudonym import PSEUDONYM_PATTERN, internal_number, persons_of
from tre.data.domain.small_numbers import rounded, told
from tre.data.domain.snapshot_plan import ApprovedTable, plan_tables
from tre.data.engine.folders import sha256_of
from tre.kernel.errors import Conflict, Invalid

Snapshot = tuple[Path, dict[str, Any]]
HOSPITAL = ("persons", "gp_registrations", "admissions", "diagnoses", "prescriptions", "deaths")
SMALL = (
    ApprovedTable(dataset="hospital", table="persons", columns=("sex", "year_of_birth")),
    ApprovedTable(dataset="hospital", table="admissions", columns=("admission", "admitted_month")),
    ApprovedTable(dataset="hospital", table="diagnoses", columns=("admission", "position", "chapter")),
)


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "views.duckdb"), read_only=True) as engine:
        engine.execute(f"SET VARIABLE tre_data = '{folder}'")
        return engine.execute(sql).fetchall()


def numbers_behind(loaded: Loaded, folder: Path, table: str, *, project: str = "p-aaaaaa") -> set[int]:
    """The NHS numbers behind a table's pseudonyms, as only the broker can find them."""
    key = loaded.vault.project_key(project, key_version=1)
    register = loaded.vault.register("nhs-number")
    behind = dict(zip(register.numbers.tolist(), register.identifiers.tolist(), strict=True))
    rows = query(folder, f"SELECT DISTINCT person FROM {table}")
    return {behind[internal_number(row[0], key, space=persons_of("nhs-number"))] for row in rows}


def opted_out(loaded: Loaded, on: str = "2026-11-23") -> set[int]:
    with duckdb.connect() as engine:
        path = loaded.raw("hospital") / "opt_outs.csv"
        return {
            row[0]
            for row in engine.execute(f"SELECT nhs_number FROM '{path}' WHERE effective_from <= '{on}'").fetchall()
        }


@pytest.mark.parametrize("table", HOSPITAL)
def test_nobody_who_opted_out_is_in_any_table(loaded: Loaded, whole_snapshot: Snapshot, table: str) -> None:
    """The proof query: pseudonyms turned back in the vault, met with the raw list."""
    refused = opted_out(loaded)
    assert len(refused) > PERSONS * 0.04
    there = numbers_behind(loaded, whole_snapshot[0], table)
    assert there
    assert not there & refused
    raw = f"{loaded.raw('hospital')}/{table}.csv"
    with duckdb.connect() as engine:
        expected = {row[0] for row in engine.execute(f"SELECT DISTINCT nhs_number FROM '{raw}'").fetchall()} - refused
        valid = {
            row[0]
            for row in engine.execute(f"SELECT nhs_number FROM '{loaded.raw('hospital')}/persons.csv'").fetchall()
        }
    assert there == expected & valid


def test_an_opt_out_counts_from_its_day(loaded: Loaded, tmp_path: Path) -> None:
    folder, manifest = loaded.build(loaded.plan(approved=SMALL, on=date(2019, 6, 1)), snapshots=tmp_path)
    early = opted_out(loaded, "2019-06-01")
    assert 0 < len(early) < len(opted_out(loaded))
    assert not numbers_behind(loaded, folder, "persons") & early
    assert len(numbers_behind(loaded, folder, "persons")) == PERSONS - len(early)
    assert manifest["removed"] == [{"rule": NATIONAL, "persons": rounded(len(early)), "note": told(len(early))}]


def test_without_the_list_no_snapshot_can_be_planned() -> None:
    contract = shipped_contract("hospital")
    with pytest.raises(Invalid, match="no list of it was loaded"):
        rules_for([contract], {}, on=date(2026, 1, 1))
    assert rules_for([shipped_contract("nhanes")], {}, on=date(2026, 1, 1)) == ()


def test_only_approved_tables_and_columns_are_there(loaded: Loaded, tmp_path: Path) -> None:
    folder, manifest = loaded.build(loaded.plan(approved=SMALL), snapshots=tmp_path)
    assert sorted(path.name for path in (folder / "tables").iterdir()) == [
        "admissions",
        "diagnoses",
        "persons",
    ]
    for one in SMALL:
        names = [row[0] for row in query(folder, f"SELECT column_name FROM (DESCRIBE {one.table})")]
        assert names == [
            "person",
            *[c.name for c in loaded.contracts["hospital"].table(one.table).published if c.name in one.columns],
        ]
        with duckdb.connect() as engine:
            path = folder / f"tables/{one.table}/000.parquet"
            found = engine.execute(f"SELECT name FROM parquet_schema('{path}')").fetchall()
            assert [row[0] for row in found][1:] == names
    assert [len(one["columns"]) for one in manifest["tables"]] == [3, 3, 4]


@pytest.mark.parametrize(
    ("approved", "words"),
    [
        (
            ApprovedTable(dataset="hospital", table="persons", columns=("nhs_number",)),
            "no column that a project can have",
        ),
        (
            ApprovedTable(dataset="hospital", table="persons", columns=("family_name",)),
            "no column that a project can have",
        ),
        (
            ApprovedTable(dataset="hospital", table="persons", columns=("date_of_birth",)),
            "no column that a project can have",
        ),
        (ApprovedTable(dataset="hospital", table="secrets", columns=()), "no table secrets"),
        (ApprovedTable(dataset="other", table="persons", columns=()), "other is not loaded"),
    ],
)
def test_what_nobody_may_have_is_refused(loaded: Loaded, approved: ApprovedTable, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        plan_tables([approved], loaded.contracts, {"hospital": "x"})


def test_an_approval_of_nothing_is_refused(loaded: Loaded) -> None:
    with pytest.raises(Invalid, match="names no table"):
        plan_tables([], loaded.contracts, {"hospital": "x"})


def test_tables_of_one_name_from_two_datasets_stay_apart(loaded: Loaded) -> None:
    contracts = {"one": loaded.contracts["nhanes"], "two": loaded.contracts["nhanes"]}
    approved = [ApprovedTable(dataset=name, table="respondents", columns=("RIDAGEYR",)) for name in contracts]
    planned = plan_tables(approved, contracts, {"one": "x", "two": "y"})
    assert [one.name for one in planned] == ["one_respondents", "two_respondents"]


def test_the_same_project_sees_the_same_persons_and_another_sees_none_of_them(loaded: Loaded, tmp_path: Path) -> None:
    first, _ = loaded.build(loaded.plan(approved=SMALL), snapshots=tmp_path)
    second, _ = loaded.build(loaded.plan(approved=SMALL, version=2), snapshots=tmp_path)
    other, _ = loaded.build(loaded.plan(approved=SMALL, project_id="p-bbbbbb"), snapshots=tmp_path)
    for column in ("person", "admission"):
        here, again, there = (
            {row[0] for row in query(folder, f"SELECT {column} FROM admissions")} for folder in (first, second, other)
        )
        assert here == again
        assert len(here) == len(there)
        assert not here & there
    assert numbers_behind(loaded, first, "persons") == numbers_behind(loaded, other, "persons", project="p-bbbbbb")
    assert (first / "tables/admissions/000.parquet").read_bytes() == (
        second / "tables/admissions/000.parquet"
    ).read_bytes()


def test_rows_lie_in_the_order_of_the_projects_own_pseudonyms(loaded: Loaded, tmp_path: Path) -> None:
    orders = []
    for project in ("p-aaaaaa", "p-bbbbbb"):
        folder, _ = loaded.build(loaded.plan(approved=SMALL, project_id=project), snapshots=tmp_path)
        rows = [row[0] for row in query(folder, "SELECT person FROM persons")]
        assert rows == sorted(rows)
        key = loaded.vault.project_key(project, key_version=1)
        orders.append([internal_number(row, key, space=persons_of("nhs-number")) for row in rows])
    matches = sum(one == two for one, two in zip(*orders, strict=True))
    assert matches < 10  # by chance about one


def test_joins_by_person_and_by_stay_hold(loaded: Loaded, whole_snapshot: Snapshot) -> None:
    folder, _ = whole_snapshot
    lost = query(folder, "SELECT count(*) FROM diagnoses d ANTI JOIN admissions a USING (person, admission)")
    assert lost == [(0,)]
    found = query(folder, "SELECT count(*) FROM admissions a JOIN persons USING (person)")
    assert found == query(folder, "SELECT count(*) FROM admissions")


def test_dates_births_and_postcodes_are_coarse(loaded: Loaded, whole_snapshot: Snapshot) -> None:
    folder, _ = whole_snapshot
    for table, month in (("admissions", "admitted_month"), ("deaths", "died_month"), ("prescriptions", "issued_month")):
        assert query(folder, f"SELECT DISTINCT day({month}) FROM {table}") == [(1,)]
    assert query(
        folder, r"SELECT count(*) FROM persons WHERE NOT regexp_full_match(postcode_district, '[A-Z]{1,2}\d{1,2}')"
    ) == [(0,)]
    with duckdb.connect() as engine:
        raw = f"{loaded.raw('hospital')}/persons.csv"
        expected = engine.execute(
            f"SELECT year(date_of_birth), split_part(postcode, ' ', 1), date_sub('year', date_of_birth, DATE '2026-11-23') "
            f"FROM '{raw}' ANTI JOIN (SELECT nhs_number FROM '{loaded.raw('hospital')}/opt_outs.csv') USING (nhs_number)"
        ).fetchall()
    bands = sorted(
        (year, place, "90+" if age >= 90 else f"{age // 5 * 5:02}-{age // 5 * 5 + 4:02}")
        for year, place, age in expected
    )
    assert query(folder, "SELECT year_of_birth, postcode_district, age_band FROM persons ORDER BY ALL") == bands


def test_nothing_of_a_person_can_be_found_in_its_bytes(loaded: Loaded, whole_snapshot: Snapshot) -> None:
    """Each identifier, name, address, birth date and postcode, in files as they are and unpacked; and internal numbers."""
    folder, _ = whole_snapshot
    bodies = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    with duckdb.connect() as engine:
        for path in (folder / "tables").rglob("*.parquet"):
            rows = engine.execute(f"SELECT DISTINCT COLUMNS(*)::VARCHAR FROM '{path}'").fetchall()
            bodies.append("\n".join(value or "" for row in rows for value in row).encode())
        raw = loaded.raw("hospital") / "persons.csv"
        persons = engine.execute(
            f"SELECT nhs_number, family_name, address, date_of_birth, postcode FROM '{raw}'"
        ).fetchall()
    whole = b"\n".join(bodies)
    words = set(re.findall(rb"[A-Za-z0-9][A-Za-z0-9 -]+[A-Za-z0-9]", whole))
    register = loaded.vault.register("nhs-number")
    # a birth on the first of a month is the same text as the month of some event
    wanted = {str(value).encode() for person in persons for value in person if not str(value).endswith("-01")}
    assert wanted & words == set()
    numbers = np.concatenate([register.identifiers, register.numbers])
    digits = {int(one) for one in re.findall(rb"[0-9]{9,19}", whole)}
    assert digits & set(numbers.tolist()) == set()
    for start in range(8):
        binary = np.frombuffer(whole[start : start + (len(whole) - start) // 8 * 8], dtype="<i8")
        assert not np.isin(binary, numbers).any()
    assert str(loaded.folders.store).encode() not in whole


def test_every_pseudonym_has_the_shape_that_is_looked_for(whole_snapshot: Snapshot) -> None:
    folder, _ = whole_snapshot
    for sql in ("SELECT person FROM respondents", "SELECT DISTINCT admission FROM admissions"):
        assert all(re.fullmatch(PSEUDONYM_PATTERN, row[0]) for row in query(folder, sql))


def test_the_manifest_tells_what_is_there(whole_snapshot: Snapshot) -> None:
    folder, manifest = whole_snapshot
    assert json.loads((folder / "manifest.json").read_text()) == manifest
    assert (manifest["project_id"], manifest["version"], manifest["key_version"]) == ("p-aaaaaa", 1, 1)
    for table in manifest["tables"]:
        files = table["files"]
        assert [sha256_of(folder / "tables" / one["file"]) for one in files] == [one["sha256"] for one in files]
        there = sorted((folder / f"tables/{table['name']}").iterdir())
        assert there == [folder / "tables" / one["file"] for one in files]
        counts = query(folder, f"SELECT count(*), count(DISTINCT person) FROM {table['name']}")
        assert counts == [(table["rows"], table["persons"])]
        assert [one["name"] for one in table["columns"]] == [
            row[0] for row in query(folder, f"SELECT column_name FROM (DESCRIBE {table['name']})")
        ]
        assert all(one["meaning"] for one in table["columns"])
    (removed,) = manifest["removed"]
    assert removed["rule"] == NATIONAL


def test_views_carry_meanings(whole_snapshot: Snapshot) -> None:
    folder, _ = whole_snapshot
    comments = dict(query(folder, "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'respondents'"))
    assert comments["BPXSY1"].endswith("[mmHg]")
    assert len(comments) == 198
    views = query(folder, "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL")
    assert [name for name, _ in views] == sorted([*HOSPITAL, "respondents"])
    assert all(comment for _, comment in views)


def test_the_views_work_where_sessions_mount_them_with_no_setting(whole_snapshot: Snapshot) -> None:
    """In a sandbox with the folder read-only at /data, as a session has it."""
    folder, manifest = whole_snapshot
    persons = next(one for one in manifest["tables"] if one["name"] == "persons")["rows"]
    program = (
        "import duckdb; con = duckdb.connect('/data/views.duckdb', read_only=True); "
        "print(con.execute('SELECT count(*) FROM persons').fetchone()[0])"
    )
    python = Path(shutil.which("python3", path=str(Path(duckdb.__file__).parents[4] / "bin")) or "")
    environment = python.parents[1]
    done = subprocess.run(
        ["bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
         "--proc", "/proc", "--dev", "/dev", "--ro-bind", environment, environment, "--ro-bind", folder, "/data",
         python, "-c", program],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == (str(persons), 0), done.stderr


def test_a_version_that_is_there_is_never_changed(loaded: Loaded, tmp_path: Path) -> None:
    folder, _ = loaded.build(loaded.plan(approved=SMALL), snapshots=tmp_path)
    before = (folder / "manifest.json").stat().st_mtime_ns
    with pytest.raises(Conflict, match="order the next one"):
        loaded.build(loaded.plan(approved=SMALL), snapshots=tmp_path)
    assert (folder / "manifest.json").stat().st_mtime_ns == before


def test_few_who_were_left_out_are_not_counted_out(loaded: Loaded, tmp_path: Path) -> None:
    """The first opt-outs of the list, one person or a few: the snapshot's readers see no exact figure."""
    with duckdb.connect() as engine:
        path = loaded.raw("hospital") / "opt_outs.csv"
        third = f"SELECT effective_from FROM '{path}' ORDER BY ALL LIMIT 1 OFFSET 2"
        (first,) = engine.execute(third).fetchone() or ("",)
    _, manifest = loaded.build(loaded.plan(approved=SMALL, on=first), snapshots=tmp_path)
    assert manifest["removed"] == [{"rule": NATIONAL, "persons": None, "note": "fewer than 10"}]
