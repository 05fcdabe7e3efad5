"""Owns the reading of a table's rows, each share by a thread of its own, on the way into heaps by ranges of ranks.

The engine gives columns; persons become ranks and words become numbers here. Must never let through the row of a person who
has no rank.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from tre.data.engine.duck import Connection, name
from tre.data.engine.laying import Laying
from tre.data.engine.ranking import Ranked
from tre.data.engine.selecting import NUMBER, RANK
from tre.data.engine.spreading import Lane, Spread

ROWS_AT_ONCE = 250_000


def spread_rows(laying: Laying, selects: Sequence[str], spread: Spread) -> pa.Schema:
    """Spread the rows of each SELECT into a lane of its own; return how they look now.

    Args:
        selects: of rows with the person's rank or number first, where the table is about persons.
    """
    engines = [laying.engine, *(laying.engine.cursor() for _ in selects[1:])]
    with ThreadPoolExecutor(len(selects)) as reading:
        at_work = [
            reading.submit(_read, laying, select, engine, lane)
            for select, engine, lane in zip(selects, engines, spread.lanes, strict=True)
        ]
        schema = [one.result() for one in at_work][-1]
    spread.finish()
    return schema


def _read(laying: Laying, select: str, engine: Connection, lane: Lane) -> pa.Schema:
    reader = engine.execute(_hashed(laying, engine, select)).to_arrow_reader(ROWS_AT_ONCE)
    for rows in reader:
        lane.add(_with_numbers(laying, rows))
    return _with_numbers(laying, pa.RecordBatch.from_pylist([], reader.schema)).schema


def _hashed(laying: Laying, engine: Connection, select: str) -> str:
    """Return the SELECT with hashes for texts that are few words; a table about nobody is one range."""
    columns = [one[0] for one in engine.execute(f"DESCRIBE {select}").fetchall()]
    values = [f"hash({name(one)}) AS {name(one)}" if one in laying.words else name(one) for one in columns]
    front = [] if laying.namespace else [f"CAST(0 AS INTEGER) AS {name(RANK)}"]
    return f"SELECT {', '.join([*front, *values])} FROM ({select})"


def _with_numbers(laying: Laying, rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows with the rank of each person, and with the number of each text that the engine gave as hash."""
    if laying.ranked is not None:
        rows = _with_ranks(laying.ranked, rows)
    for at, column in enumerate(rows.schema.names):
        if words := laying.words.get(column):
            rows = rows.set_column(at, column, pa.array(words.numbers(rows.column(at).to_numpy())))
    return rows


def _with_ranks(ranked: Ranked, rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return the rows of those who have a rank, with it in place of the internal number."""
    at = rows.schema.get_field_index(NUMBER)
    numbers = rows.column(at)
    known = numbers.fill_null(-1) if numbers.null_count else numbers
    ranks = ranked.ranks(known.to_numpy())
    there = ranks >= 0
    rows = rows.set_column(at, RANK, pa.array(ranks))
    return rows if there.all() else rows.filter(pa.array(there))
