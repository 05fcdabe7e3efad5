"""Owns which persons a snapshot holds, and the tables that turn internal numbers into the project's pseudonyms.

Must never leave a person in who is on an opt-out list that applies.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import Column, ColumnClass
from tre.data.domain.pseudonym import LENGTH, Space, persons_of, pseudonyms, records_of
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import lay_candidates
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders


def lay_persons(engine: Connection, plan: SnapshotPlan, *, folders: Folders, key: bytes) -> list[dict[str, Any]]:
    """Lay table `persons` (namespace, number, pseudonym, rank in the pseudonyms' order); return who was left out, by rule."""
    engine.execute("CREATE TEMP TABLE persons (namespace VARCHAR, number BIGINT, pseudonym VARCHAR, rank INTEGER)")
    removed = []
    for namespace in sorted({one.namespace for one in plan.tables if one.table.has_person}):
        removed += lay_candidates(engine, plan, namespace, folders)
        numbers = engine.execute("SELECT number FROM candidates").fetchnumpy()["number"]
        _insert(engine, "persons", _rows(numbers, key, persons_of(namespace)), front=literal(namespace) + ", ")
    return removed


def lay_records(engine: Connection, plan: SnapshotPlan, *, folders: Folders, key: bytes) -> None:
    """Lay a table (number, pseudonym, rank) for each record identifier; the same key in two tables is one table."""
    for table, spots in _record_columns(plan).items():
        dataset, record = spots[0][0].dataset, spots[0][1].record_key
        everywhere = [
            f"SELECT {name(column.name)} AS number FROM read_parquet({literal(_stored(planned, folders))})"
            for planned, column in spots
        ]
        found = f"SELECT DISTINCT number FROM ({' UNION ALL '.join(everywhere)}) WHERE number IS NOT NULL"
        numbers = engine.execute(found).fetchnumpy()["number"]
        engine.execute(f"CREATE TEMP TABLE {table} (number BIGINT, pseudonym VARCHAR, rank INTEGER)")
        _insert(engine, table, _rows(numbers, key, records_of(dataset, record)))


def records_table(planned: PlannedTable, column: Column) -> str:
    """Return the quoted name of the table that turns this column's numbers into pseudonyms; empty for other classes."""
    if column.kind != ColumnClass.RECORD_IDENTIFIER:
        return ""
    return name(f"records {planned.dataset} {column.record_key}")


def _record_columns(plan: SnapshotPlan) -> dict[str, list[tuple[PlannedTable, Column]]]:
    """Return, by the name of the table to be laid, every column that holds that key."""
    found: dict[str, list[tuple[PlannedTable, Column]]] = {}
    for planned, column in _columns(plan):
        if table := records_table(planned, column):
            found.setdefault(table, []).append((planned, column))
    return found


def _columns(plan: SnapshotPlan) -> Iterator[tuple[PlannedTable, Column]]:
    for planned in plan.tables:
        for column in planned.columns:
            yield planned, column


def _rows(numbers: NDArray[np.int64], key: bytes, space: Space) -> Any:
    """Return an Arrow table of number, pseudonym and rank, in the pseudonyms' order."""
    made = pseudonyms(numbers.astype(np.uint64), key, space=space)
    order = np.argsort(made)
    made = np.ascontiguousarray(made[order])
    offsets = np.arange(len(made) + 1, dtype=np.int64) * LENGTH
    text = pa.LargeStringArray.from_buffers(len(made), pa.py_buffer(offsets), pa.py_buffer(made.tobytes()))
    return pa.table({"number": numbers[order], "pseudonym": text, "rank": np.arange(len(made), dtype=np.int32)})


def _insert(engine: Connection, table: str, rows: Any, *, front: str = "") -> None:
    engine.register("rows_now", rows)
    engine.execute(f"INSERT INTO {table} SELECT {front}number, pseudonym, rank FROM rows_now")
    engine.unregister("rows_now")


def _stored(planned: PlannedTable, folders: Folders) -> Path:
    return folders.version(planned.dataset, planned.dataset_version) / f"{planned.table.name}.parquet"
