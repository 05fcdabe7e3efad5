"""A small project snapshot, in the form the broker makes: Parquet tables, views with their meanings, a manifest."""

import hashlib
import json
import subprocess
from pathlib import Path

PERSONS = 200
_BUILD = """
import duckdb
tables = duckdb.connect()
tables.execute("create table visits as select 'x' || lpad(i::varchar, 6, '0') as person, 20 + i %% 60 as age, "
               "case when i %% 2 = 0 then 'female' else 'male' end as sex, 100.0 + i %% 50 as systolic from range(%d) t(i)")
tables.execute("copy visits to '/data/tables/visits.parquet' (format parquet)")
views = duckdb.connect('/data/views.duckdb')
views.execute("create view visits as from read_parquet('/data/tables/visits.parquet')")
views.execute("comment on view visits is 'One examination of one person'")
views.execute("comment on column visits.systolic is 'Systolic blood pressure, mmHg'")
views.close()
"""
_COLUMNS = (
    {"name": "person", "type": "VARCHAR", "meaning": "The project's pseudonym", "unit": ""},
    {"name": "age", "type": "BIGINT", "meaning": "Age at the examination", "unit": "years"},
    {"name": "sex", "type": "VARCHAR", "meaning": "Sex", "unit": ""},
    {"name": "systolic", "type": "DECIMAL", "meaning": "Systolic blood pressure", "unit": "mmHg"},
)


def build_snapshot(folder: Path, environment: Path, *, project: str) -> Path:
    """Make a snapshot in `folder` with the notebook environment's DuckDB, mounted where sessions see it; return it."""
    (folder / "tables").mkdir(parents=True)
    subprocess.run(
        ["bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
         "--proc", "/proc", "--dev", "/dev", "--ro-bind", environment, environment, "--bind", folder, "/data",
         environment / "bin/python", "-c", _BUILD % PERSONS],
        check=True,
    )  # fmt: skip
    body = (folder / "tables/visits.parquet").read_bytes()
    table = {
        "name": "visits",
        "meaning": "One examination of one person",
        "dataset": "made",
        "rows": PERSONS,
        "persons": PERSONS,
        "columns": _COLUMNS,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    manifest = {
        "project_id": project,
        "version": 1,
        "built_at": "2026-01-02T03:04:05+00:00",
        "tables": [table],
        "removed": [],
        "key_version": 1,
        "policy_revision": "test",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
