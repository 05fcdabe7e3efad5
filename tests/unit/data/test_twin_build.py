"""A dataset's synthetic twin, whole: the snapshot's schema to the letter, no row and no pseudonym of the real one."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tre.data.domain.pseudonym import PSEUDONYM_PATTERN
from tre.data.engine.folders import Folders
from tre.data.engine.twin.build import build_twin

DATASETS = ("hospital", "nhanes")
Built = tuple[Path, dict[str, Any]]


def build(loaded: Loaded, dataset: str, folder: Path, *, seed: int = 3) -> Built:
    plan = replace(loaded.plan(datasets=(dataset,)), project_id=f"twin-{dataset}")
    folders = Folders(vault=folder / "vault", store=loaded.folders.store, snapshots=folder / "snapshots")
    folders.prepare()
    manifest = build_twin(plan, folders=folders, seed=seed, at=AT, progress=quietly)
    assert list(folders.scratch.glob("twin")) == [], "what it was measured on is gone"
    return folders.snapshot(plan.project_id, 1), manifest


@pytest.fixture(scope="module")
def twins(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    return {name: build(loaded, name, tmp_path_factory.mktemp(f"twin-{name}")) for name in DATASETS}


@pytest.fixture(scope="module")
def real(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    return {
        name: loaded.build(loaded.plan(datasets=(name,)), snapshots=tmp_path_factory.mktemp("real"))
        for name in DATASETS
    }


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "views.duckdb"), read_only=True) as engine:
        engine.execute(f"SET VARIABLE tre_data = '{folder}'")
        return engine.execute(sql).fetchall()


def hashes(built: Built) -> list[str]:
    return [file["sha256"] for table in built[1]["tables"] for file in table["files"]]


SCHEMA = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"


@pytest.mark.parametrize("dataset", DATASETS)
def test_names_types_and_comments_are_those_of_a_snapshot(
    twins: dict[str, Built], real: dict[str, Built], dataset: str
) -> None:
    (twin, made), (snapshot, manifest) = twins[dataset], real[dataset]
    assert query(twin, SCHEMA) == query(snapshot, SCHEMA)
    for table in manifest["tables"]:
        types = f"DESCRIBE SELECT * FROM read_parquet(getvariable('tre_data') || '/tables/{table['name']}/*.parquet')"
        assert query(twin, types) == query(snapshot, types)
    assert [one["columns"] for one in made["tables"]] == [one["columns"] for one in manifest["tables"]]


def test_it_says_that_it_is_made_up_and_keeps_no_figure_of_the_real_data(twins: dict[str, Built]) -> None:
    folder, manifest = twins["hospital"]
    assert manifest == json.loads((folder / "manifest.json").read_text())
    assert manifest["synthetic"] is True
    assert manifest["project_id"] == "practice"
    assert set(manifest) == {"project_id", "synthetic", "note", "version", "built_at", "tables", "removed"}


def test_no_pseudonym_of_a_snapshot_is_in_it(twins: dict[str, Built], real: dict[str, Built]) -> None:
    for table, column in (("persons", "person"), ("admissions", "person"), ("admissions", "admission")):
        sql = f"SELECT DISTINCT {column} FROM {table}"
        made, true = ({row[0] for row in query(one["hospital"][0], sql)} for one in (twins, real))
        assert made
        assert not made & true


def _columns(manifest: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    return [
        (table["name"], column["name"])
        for table in manifest["tables"]
        for column in table["columns"]
        if column["type"] == kind and column["name"] not in {"person", "admission"}
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_text_of_fewer_than_ten_persons_came_over(
    twins: dict[str, Built], real: dict[str, Built], dataset: str
) -> None:
    """Every rare value that the real data happens to have is looked for, in every column of text."""
    rare_in_all = 0
    for table, column in _columns(real[dataset][1], "text"):
        rare = query(
            real[dataset][0],
            f'SELECT "{column}" FROM {table} WHERE "{column}" IS NOT NULL GROUP BY 1 HAVING count(DISTINCT person) < 10',
        )
        made = query(twins[dataset][0], f'SELECT DISTINCT "{column}" FROM {table}')
        assert not {row[0] for row in rare} & {row[0] for row in made}, (table, column)
        rare_in_all += len(rare)
    assert rare_in_all > 0, "else nothing was tried"


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_number_lies_beyond_the_tenth_person_from_either_end(
    twins: dict[str, Built], real: dict[str, Built], dataset: str
) -> None:
    looked_at = 0
    for kind in ("integer", "decimal"):
        for table, column in _columns(real[dataset][1], kind):
            made = query(twins[dataset][0], f'SELECT min("{column}"), max("{column}") FROM {table}')[0]
            ends = query(
                real[dataset][0],
                f'WITH each AS (SELECT min("{column}") AS low, max("{column}") AS high FROM {table} '
                f'WHERE "{column}" IS NOT NULL GROUP BY person) '
                "SELECT (SELECT low FROM each ORDER BY low LIMIT 1 OFFSET 9), "
                "(SELECT high FROM each ORDER BY high DESC LIMIT 1 OFFSET 9)",
            )[0]
            if made[0] is None:
                continue
            step = max((ends[1] - ends[0]) / 20, 1e-9)  # what rounding may add
            assert ends[0] - step <= made[0] <= made[1] <= ends[1] + step, (table, column)
            looked_at += 1
    assert looked_at > 1


def test_keys_hold_within_the_twin(twins: dict[str, Built]) -> None:
    folder, manifest = twins["hospital"]
    strays = (
        "SELECT count(*) FROM diagnoses d LEFT JOIN admissions a ON a.admission = d.admission AND a.person = d.person "
        "WHERE a.admission IS NULL"
    )
    assert query(folder, strays) == [(0,)]
    assert query(folder, "SELECT count(*) = count(DISTINCT admission) FROM admissions") == [(True,)]
    named = query(folder, "SELECT person FROM persons")
    assert all(re.fullmatch(PSEUDONYM_PATTERN, row[0]) for row in named)
    for table in manifest["tables"]:
        others = f"SELECT count(*) FROM {table['name']} WHERE person NOT IN (SELECT person FROM persons)"
        assert query(folder, others) == [(0,)]


def test_every_account_can_read_it(twins: dict[str, Built]) -> None:
    folder, _ = twins["hospital"]
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755


def test_the_seed_decides_the_rows(loaded: Loaded, twins: dict[str, Built], tmp_path: Path) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    assert hashes(build(loaded, "hospital", again)) == hashes(twins["hospital"])
    assert not set(hashes(build(loaded, "hospital", other, seed=4))) & set(hashes(twins["hospital"]))
