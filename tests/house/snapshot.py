"""Small project snapshots, in the form the broker makes: Parquet tables, views with their meanings, a manifest."""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

PERSONS = 200
_BUILD = """
import json, sys, duckdb
tables, views = duckdb.connect(), duckdb.connect('/data/views.duckdb')
for name, select in json.load(sys.stdin).items():
    tables.execute(f"copy ({select}) to '/data/tables/{name}.parquet' (format parquet)")
    views.execute(f"create view {name} as from read_parquet('/data/tables/{name}.parquet')")
views.close()
"""
_PSEUDONYM = "'x' || lpad(i::varchar, 6, '0') as person"


@dataclass(frozen=True)
class Table:
    """One table: how its rows are made from `range(n) t(i)`, and name, meaning and unit of each column."""

    select: str
    rows: int
    columns: tuple[tuple[str, str, str], ...]


VISITS = {
    "visits": Table(
        f"select {_PSEUDONYM}, 20 + i % 60 as age, case when i % 2 = 0 then 'female' else 'male' end as sex, "
        f"100.0 + i % 50 as systolic from range({PERSONS}) t(i)",
        PERSONS,
        (
            ("person", "The project's pseudonym", ""),
            ("age", "Age at the examination", "years"),
            ("sex", "Sex", ""),
            ("systolic", "Systolic blood pressure", "mmHg"),
        ),
    )
}
RESPONDENTS = {
    "respondents": Table(
        f"select {_PSEUDONYM}, case when i % 2 = 0 then 'Female' else 'Male' end as RIAGENDR, 15 + i % 66 as RIDAGEYR, "
        "100 + i % 50 as BPXSY1, nullif(102 + i % 50, 110) as BPXSY2, null::integer as BPXSY3 from range(3000) t(i)",
        3000,
        tuple((name, name, "") for name in ("person", "RIAGENDR", "RIDAGEYR", "BPXSY1", "BPXSY2", "BPXSY3")),
    )
}
HOSPITAL = {
    "admissions": Table(
        "select 'x' || (i % 1000) as person, 's' || i as admission, date '2019-01-01' + to_months((i % 60)::integer) as admitted_month "
        "from range(4000) t(i)",
        4000,
        tuple((name, name, "") for name in ("person", "admission", "admitted_month")),
    ),
    "diagnoses": Table(
        "select 'x' || (i % 1000) as person, 's' || i as admission, 1 as position, 'Chapter ' || (i % 7) as chapter from range(4000) t(i)",
        4000,
        tuple((name, name, "") for name in ("person", "admission", "position", "chapter")),
    ),
}


def build_snapshot(folder: Path, environment: Path, *, project: str, tables: dict[str, Table] | None = None) -> Path:
    """Make a snapshot in `folder` with the notebook environment's DuckDB, mounted where sessions see it; return it."""
    tables = tables or VISITS
    (folder / "tables").mkdir(parents=True)
    subprocess.run(
        ["bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
         "--proc", "/proc", "--dev", "/dev", "--ro-bind", environment, environment, "--bind", folder, "/data",
         environment / "bin/python", "-c", _BUILD],
        check=True, text=True, input=json.dumps({name: table.select for name, table in tables.items()}),
    )  # fmt: skip
    manifest = {
        "project_id": project,
        "version": 1,
        "built_at": "2026-01-02T03:04:05+00:00",
        "tables": [_described(folder, name, table) for name, table in tables.items()],
        "removed": [],
        "key_version": 1,
        "policy_revision": "test",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _described(folder: Path, name: str, table: Table) -> dict[str, object]:
    columns = [
        {"name": column, "type": "", "meaning": meaning, "unit": unit, "coding": ""}
        for column, meaning, unit in table.columns
    ]
    return {
        "name": name,
        "meaning": "One examination of one person",
        "dataset": "made",
        "rows": table.rows,
        "persons": table.rows,
        "columns": columns,
        "sha256": hashlib.sha256((folder / f"tables/{name}.parquet").read_bytes()).hexdigest(),
    }
