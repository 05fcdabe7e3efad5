"""The engine keeps nothing of the files that it reads: a snapshot's memory would else grow with the store."""

from pathlib import Path

import duckdb

from tre.data.engine.duck import Connection, open_engine

CACHE = "SELECT memory_usage_bytes FROM duckdb_memory() WHERE tag = 'EXTERNAL_FILE_CACHE'"


def kept_of(engine: Connection, file: Path) -> int:
    """Bytes that the engine keeps of a file after it was read."""
    engine.execute(f"SELECT sum(number) FROM '{file}'").fetchall()
    return sum(int(row[0]) for row in engine.execute(CACHE).fetchall())


def test_no_file_is_kept_in_memory_once_it_was_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    duckdb.sql("SELECT hash(i) AS number FROM range(1000000) t(i)").write_parquet(str(file))
    with open_engine(tmp_path / "scratch") as engine:
        assert kept_of(engine, file) == 0
    assert kept_of(duckdb.connect(), file) > 0, "as the engine is by itself"
