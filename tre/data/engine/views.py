"""Owns `views.duckdb`: names, types and meanings over the snapshot's Parquet. Must never hold a row: a view protects nothing.

The file works where the snapshot is mounted at /data, opened read-only with no setting. DuckDB looks for the Parquet when a
view is made, and it is not at /data then; so the views ask for a variable that is set while building only.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from tre.data.domain.contract import PERSON, Column
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import DUCKDB_VERSION, literal, name, open_file

VIEWS = "views.duckdb"
MOUNTED_AT = "/data"
_VARIABLE = "tre_data"


def mark_of(plan: SnapshotPlan) -> str:
    """Return a hash of all that is in the file of views: a snapshot with the same has the same file."""
    said = json.dumps([DUCKDB_VERSION, *statements(plan)])
    return hashlib.sha256(said.encode()).hexdigest()


def write_views(part: Path, plan: SnapshotPlan) -> None:
    """Write `part/views.duckdb` over `part/tables`."""
    with open_file(part / VIEWS) as engine:
        engine.execute(f"SET VARIABLE {_VARIABLE} = {literal(part)}")
        for one in statements(plan):
            engine.execute(one)


def statements(plan: SnapshotPlan) -> list[str]:
    """Return the statements that make the views of a plan's tables."""
    return [one for planned in plan.tables for one in _of_table(planned)]


def _of_table(planned: PlannedTable) -> Iterator[str]:
    front = [PERSON] if planned.table.has_person else []
    columns = ", ".join(name(one) for one in (*front, *(column.name for column in planned.columns)))
    root = f"coalesce(getvariable({literal(_VARIABLE)}), {literal(MOUNTED_AT)})"
    path = f"{root} || {literal(f'/tables/{planned.name}/*.parquet')}"
    view = name(planned.name)
    yield f"CREATE VIEW {view} AS SELECT {columns} FROM read_parquet({path})"
    yield f"COMMENT ON VIEW {view} IS {literal(planned.table.meaning)}"
    if front:
        yield f"COMMENT ON COLUMN {view}.{name(PERSON)} IS {literal('Person: this project’s pseudonym')}"
    for column in planned.columns:
        yield f"COMMENT ON COLUMN {view}.{name(column.name)} IS {literal(_meaning(column))}"


def _meaning(column: Column) -> str:
    extra = ", ".join(one for one in (column.unit, column.coding) if one)
    return f"{column.meaning} [{extra}]" if extra else column.meaning
