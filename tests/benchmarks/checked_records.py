"""Owns the records on which the checks are measured: made once per size, the same for both sides. Must never be random."""

from pathlib import Path

import duckdb

SPEC = {"rows": ["a"], "columns": ["b"], "statistic": "sum", "measure": "x", "margins": True}


def records(folder: Path, *, count: int, rows: int, columns: int) -> Path:
    """Return a Parquet file of `count` records, five for each person on average, in rows × columns cells."""
    path = folder / f"records-{count}-{rows}-{columns}.parquet"
    if not path.exists():
        duckdb.sql(
            f"select 'P' || lpad((hash(i) % {count // 5})::varchar, 9, '0') as person, 'r' || (hash(i + 1) % {rows}) as a, "
            f"'c' || (hash(i + 2) % {columns}) as b, (hash(i + 3) % 1000) / 10.0 as x from range({count}) t(i)"
        ).write_parquet(str(path))
    return path
