"""Owns the reading of the project's snapshot: what is in it, what it means, a DuckDB connection to it. Must never write it."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tre.errors import NoSuchTable

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MEMORY_SHARE = 0.6  # the rest of the session's memory is for pandas and what the result becomes
SPILL = Path("/workspace/.spill")


def connect() -> "duckdb.DuckDBPyConnection":
    """Return a DuckDB connection that knows each table of the project by name.

    The snapshot is read-only. Tables of your own are made in memory; to keep one, write it to a file of the workspace:
    `copy mine to '/workspace/mine.parquet'`.
    """
    import duckdb

    connection = duckdb.connect(config=_settings())
    connection.execute(f"attach '{_folder() / 'views.duckdb'}' as project (read_only)")
    connection.execute("set search_path = 'memory.main,project.main'")
    return connection


def tables() -> "pd.DataFrame":
    """Return one row for each table: name, meaning, number of rows and of persons, dataset."""
    import pandas as pd

    kept = ("name", "meaning", "rows", "persons", "dataset")
    return pd.DataFrame([{key: table.get(key) for key in kept} for table in _manifest()["tables"]], columns=list(kept))


def describe(table: str) -> "pd.DataFrame":
    """Return one row for each column of `table`: name, meaning, unit, coding and type.

    Raises:
        NoSuchTable: the project has no such table; the message names those it has.
    """
    import pandas as pd

    kept = ("name", "meaning", "unit", "coding", "type")
    columns = [{key: column.get(key, "") for key in kept} for column in described(table)["columns"]]
    return pd.DataFrame(columns, columns=list(kept))


def described(table: str) -> dict[str, Any]:
    """Return what the manifest says of a table.

    Raises:
        NoSuchTable: the project has no such table; the message names those it has.
    """
    known: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in _manifest()["tables"]}
    if table not in known:
        raise NoSuchTable(f"There is no table {table!r} in this project. There are: {', '.join(sorted(known))}.")
    return known[table]


def _settings() -> dict[str, str | bool | int | float | list[str]]:
    """DuckDB takes its bounds from the whole machine; here they are the session's."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        # There is nowhere to get extensions from: better a clear error than a search for a network.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(SPILL),
    }
    if "TRE_MEMORY_BYTES" in os.environ:
        settings["memory_limit"] = f"{int(int(os.environ['TRE_MEMORY_BYTES']) * MEMORY_SHARE)}B"
    if "TRE_CPUS" in os.environ:
        settings["threads"] = max(1, round(float(os.environ["TRE_CPUS"])))
    return settings


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((_folder() / "manifest.json").read_text())
    return manifest


def _folder() -> Path:
    return Path(os.environ.get("TRE_DATA", "/data"))
