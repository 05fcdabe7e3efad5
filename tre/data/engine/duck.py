"""Owns the opening of DuckDB and the quoting of names and values. Must never run a statement of its own making."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
DUCKDB_VERSION = duckdb.__version__

MEMORY_BYTES = 2 * 1024**3
THREADS = 2


@contextmanager
def open_engine(scratch: Path, *, memory_bytes: int = MEMORY_BYTES) -> Iterator[Connection]:
    """Open an in-memory DuckDB that spills to `scratch` (inside the vault: what it spills may hold identifiers).

    Args:
        scratch: folder for spilled data.
        memory_bytes: bound on what it keeps in memory.
    """
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_bytes // 1024**2}MiB",
        "threads": THREADS,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=config)
    try:
        connection.execute("SET enable_progress_bar = false")  # it would draw one on our standard output
        connection.execute(
            "SET enable_external_file_cache = false"
        )  # memory would grow with the file, which is read once
        yield connection
    finally:
        connection.close()


@contextmanager
def open_file(path: Path) -> Iterator[Connection]:
    """Open the DuckDB file at `path` for writing, made if absent; checkpointed and closed at the end."""
    connection = duckdb.connect(
        str(path), config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    try:
        yield connection
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def tell_progress(engine: Connection) -> None:
    """Have the engine know how far a statement is, without a bar of its own."""
    engine.execute("SET enable_progress_bar = true")
    engine.execute("SET enable_progress_bar_print = false")


def count_of(engine: Connection, relation: str) -> int:
    """Return how many rows a relation has: a table's quoted name, a reading of a file, or a SELECT in brackets."""
    row = engine.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def name(text: str) -> str:
    """Return `text` quoted as an SQL name."""
    return '"' + text.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Return `value` as an SQL literal: a number as it is, all else as quoted text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
