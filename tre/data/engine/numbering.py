"""Owns the tables that turn internal numbers into the project's pseudonyms. Must never say who belongs in a snapshot.

Numbers are taken a million at a time, so that memory does not grow with the persons; what the engine keeps it can spill.
The tables are no temporary ones: more than one connection of the engine reads them.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import Column, ColumnClass, shift_bound
from tre.data.domain.date_shift import shift_days
from tre.data.domain.pseudonym import LENGTH, Space, persons_of, pseudonyms, records_of
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored
from tre.data.engine.duck import Connection, count_of, name
from tre.data.engine.folders import Folders
from tre.data.engine.ordering import order_of_texts

AT_ONCE = 1_000_000
PERSONS = "persons"


def make_persons(engine: Connection) -> None:
    """Make the table `persons`, empty."""
    engine.execute(
        f"CREATE TABLE {PERSONS} "
        "(namespace VARCHAR, number BIGINT, pseudonym VARCHAR, rank INTEGER, shift_days INTEGER)"
    )


def number_persons(engine: Connection, plan: SnapshotPlan, namespace: str, *, key: bytes, numbers: str) -> None:
    """Put the persons of the SELECT `numbers` into `persons`, ranked among themselves."""
    most = shift_bound(column for one in plan.tables if one.namespace == namespace for column in one.columns)
    space = persons_of(namespace)
    chunks = 0
    for some in _chunks(engine, numbers):
        rows = _ranked_rows(some, key, space=space, most=most)
        _insert(engine, PERSONS, rows.add_column(0, "namespace", pa.repeat(namespace, len(rows))))
        chunks += 1
    if chunks > 1:  # each was ranked by itself
        engine.execute(
            f"CREATE OR REPLACE TABLE {PERSONS} AS SELECT namespace, number, pseudonym, "
            "CAST(row_number() OVER (PARTITION BY namespace ORDER BY pseudonym) - 1 AS INTEGER) AS rank, shift_days "
            f"FROM {PERSONS} ORDER BY namespace, pseudonym"
        )


def _ranked_rows(numbers: NDArray[np.int64], key: bytes, *, space: Space, most: int) -> pa.Table:
    made = pseudonyms(numbers.astype(np.uint64), key, space=space)
    order = order_of_texts(made)
    ordered = numbers[order]
    rows = {"number": ordered, "pseudonym": _column(made[order]), "rank": np.arange(len(order), dtype=np.int32)}
    return pa.table({**rows, "shift_days": shift_days(ordered, key, space=space, most=most)})


def lay_records(engine: Connection, plan: SnapshotPlan, *, folders: Folders, key: bytes) -> None:
    """Lay a table (number, pseudonym) for each key of records; columns that are the same key share one table."""
    for table, spots in record_keys(plan).items():
        everywhere = [f"SELECT {name(column.name)} AS number FROM {stored(one, folders)}" for one, column in spots]
        found = f"SELECT DISTINCT number FROM ({' UNION ALL '.join(everywhere)}) WHERE number IS NOT NULL"
        number_records(engine, table, spots[0], key=key, numbers=found)


def number_records(
    engine: Connection, table: str, spot: tuple[PlannedTable, Column], *, key: bytes, numbers: str
) -> None:
    """Lay `table` of the records of the SELECT `numbers`."""
    lay_texts(engine, table, records_of(spot[0].dataset, spot[1].record_key), key=key, numbers=numbers)


def lay_texts(engine: Connection, table: str, space: Space, *, key: bytes, numbers: str) -> None:
    """Lay `table` (number, pseudonym) of the SELECT `numbers`; its name is quoted already."""
    engine.execute(f"CREATE OR REPLACE TABLE {table} (number BIGINT, pseudonym VARCHAR)")
    for some in _chunks(engine, numbers):
        _insert(engine, table, pa.table({"number": some, "pseudonym": _texts(some, key, space)}))


def records_table(planned: PlannedTable, column: Column) -> str:
    """Return the quoted name of the table that turns this column's numbers into pseudonyms; empty for other classes."""
    if column.kind != ColumnClass.RECORD_IDENTIFIER:
        return ""
    return name(f"records {planned.dataset} {column.record_key}")


def record_keys(plan: SnapshotPlan) -> dict[str, list[tuple[PlannedTable, Column]]]:
    """Return table of a key to the places where the key stands in the plan."""
    keys: dict[str, list[tuple[PlannedTable, Column]]] = {}
    for planned in plan.tables:
        for column in planned.columns:
            if table := records_table(planned, column):
                keys.setdefault(table, []).append((planned, column))
    return keys


def _chunks(engine: Connection, numbers: str) -> Iterator[NDArray[np.int64]]:
    """Give the numbers, at most `AT_ONCE` at a time; laid first, so that the engine may be asked meanwhile."""
    laid = f"CREATE OR REPLACE TEMP TABLE numbers_now AS SELECT CAST(number AS BIGINT) AS number FROM ({numbers})"
    engine.execute(laid)
    count = count_of(engine, "numbers_now")
    for start in range(0, count, AT_ONCE):
        window = f"SELECT number FROM numbers_now WHERE rowid >= {start} AND rowid < {start + AT_ONCE}"
        yield engine.execute(window).fetchnumpy()["number"]
    engine.execute("DROP TABLE numbers_now")


def _texts(numbers: NDArray[np.int64], key: bytes, space: Space) -> pa.LargeStringArray:
    return _column(pseudonyms(numbers.astype(np.uint64), key, space=space))


def _column(made: NDArray[np.bytes_]) -> pa.LargeStringArray:
    offsets = np.arange(len(made) + 1, dtype=np.int64) * LENGTH
    return pa.LargeStringArray.from_buffers(
        len(made), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(made).view(np.uint8))
    )


def _insert(engine: Connection, table: str, rows: pa.Table) -> None:
    engine.register("rows_now", rows)
    engine.execute(f"INSERT INTO {table} SELECT * FROM rows_now")
    engine.unregister("rows_now")
