"""Owns `views.duckdb`: names, types and meanings over the snapshot's Parquet. Must never hold a row: a view protects nothing.

The file works where the snapshot is mounted at /data, opened read-only with no setting. DuckDB looks for the Parquet when a
view is made, and it is not at /data then; so the views ask for a variable that is set while building only.
"""

from pathlib import Path

from tre.data.domain.contract import PERSON, Column
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import Connection, literal, name, open_file

MOUNTED_AT = "/data"
_VARIABLE = "tre_data"


def write_views(part: Path, plan: SnapshotPlan) -> None:
    """Write `part/views.duckdb` over `part/tables`."""
    with open_file(part / "views.duckdb") as engine:
        engine.execute(f"SET VARIABLE {_VARIABLE} = {literal(part)}")
        for planned in plan.tables:
            _view(engine, planned)


def _view(engine: Connection, planned: PlannedTable) -> None:
    front = [PERSON] if planned.table.has_person else []
    columns = ", ".join(name(one) for one in (*front, *(column.name for column in planned.columns)))
    root = f"coalesce(getvariable({literal(_VARIABLE)}), {literal(MOUNTED_AT)})"
    path = f"{root} || {literal(f'/tables/{planned.name}/*.parquet')}"
    view = name(planned.name)
    engine.execute(f"CREATE VIEW {view} AS SELECT {columns} FROM read_parquet({path})")
    engine.execute(f"COMMENT ON VIEW {view} IS {literal(planned.table.meaning)}")
    if front:
        engine.execute(f"COMMENT ON COLUMN {view}.{name(PERSON)} IS {literal('Person: this project’s pseudonym')}")
    for column in planned.columns:
        engine.execute(f"COMMENT ON COLUMN {view}.{name(column.name)} IS {literal(_meaning(column))}")


def _meaning(column: Column) -> str:
    extra = ", ".join(one for one in (column.unit, column.coding) if one)
    return f"{column.meaning} [{extra}]" if extra else column.meaning
