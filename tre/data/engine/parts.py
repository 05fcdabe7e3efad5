"""Owns the files of a snapshot's table: rows in the order of the project's pseudonyms, a file for each range of them.

Within a person, rows lie by the first date and then by their values; so nothing of the store's order is left, and the same
data give the same bytes. Must never need more memory for more rows: rows are spread over ranges first, then each is sorted.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tre.data.domain.contract import PERSON
from tre.data.engine.duck import THREADS, Connection, literal, name
from tre.data.engine.folders import flush, sha256_of
from tre.data.engine.numbering import PERSONS
from tre.data.engine.ordering import Keys, order_of
from tre.data.engine.selecting import RANK
from tre.data.engine.spreading import Spread

TIE = "tie of row"
ROWS_AT_ONCE = 500_000
ROW_GROUP = 122_880
VALUES_IN_PART = 8_000_000
MOST_PARTS = 512


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a table.

    Args:
        file: its name below `tables/`.
        first, last: least and greatest pseudonym in it; empty where there is none.
    """

    file: str
    rows: int
    persons: int
    first: str
    last: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that was written, and the ranks of the persons in it."""

    part: Part
    ranks: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Laying:
    """What the writing of one table needs.

    Args:
        folder: of the table's files.
        scratch: where rows wait.
        namespace: of its persons; empty where the table is about nobody.
        label: in front of the number in each file's name.
    """

    engine: Connection
    folder: Path
    scratch: Path
    namespace: str
    label: str = ""


def part_count(*, rows: int, columns: int) -> int:
    """Return how many files a table is written in: by its size alone, which its own values tell anyway."""
    return min(MOST_PARTS, 1 + rows * (columns + 1) // VALUES_IN_PART)


def write_parts(laying: Laying, select: str, *, count: int) -> list[Written]:
    """Write the rows of `select` (from `selecting.select_rows`) in `count` files; return them in order.

    Args:
        count: how many; a range of pseudonyms without a row gives an empty file.
    """
    # The C library's allocator keeps freed memory for the next batch: giving it back each time took a third of the work.
    pa.set_memory_pool(pa.system_memory_pool())
    ranks = _persons(laying)
    columns = [one[0] for one in laying.engine.execute(f"DESCRIBE {select}").fetchall() if one[0] != RANK]
    tied = f"SELECT *, {_tie(columns)} AS {name(TIE)} FROM ({select})"
    spread = Spread(file=laying.scratch / "spread.arrow", column=RANK, ranks=ranks, count=count)
    with spread, ThreadPoolExecutor(THREADS) as pool:
        schema = _spread(laying.engine.execute(_ranked(tied, laying)).to_arrow_reader(ROWS_AT_ONCE), spread)
        waiting: list[Future[Written]] = []
        done = []
        for number in range(count):
            low, high = number * ranks // count, (number + 1) * ranks // count + 1
            write = _writer(laying, number, _names(laying, low, high), low)
            waiting.append(pool.submit(write, spread.heap(number, schema)))
            if len(waiting) > THREADS:
                done.append(waiting.pop(0).result())
        return done + [one.result() for one in waiting]


def people_of(laying: Laying, ranks: NDArray[np.int64]) -> str:
    """Return a SELECT of the internal numbers (column `number`) of persons by their ranks."""
    laying.engine.execute("CREATE OR REPLACE TEMP TABLE ranks_now (rank INTEGER)")
    laying.engine.register("ranks_given", pa.table({"rank": ranks.astype(np.int32)}))
    laying.engine.execute("INSERT INTO ranks_now SELECT rank FROM ranks_given")
    laying.engine.unregister("ranks_given")
    here = literal(laying.namespace)
    return f"SELECT number FROM {PERSONS} WHERE namespace = {here} AND rank IN (SELECT rank FROM ranks_now)"


def _spread(reader: pa.RecordBatchReader, spread: Spread) -> pa.Schema:
    """Spread rows while the engine reads the next ones; one batch waits at most."""
    with ThreadPoolExecutor(1) as pool:
        at_work: Future[None] | None = None
        for rows in reader:
            if at_work:
                at_work.result()
            at_work = pool.submit(spread.add, rows)
        if at_work:
            at_work.result()
    spread.finish()
    return reader.schema


def _ranked(select: str, laying: Laying) -> str:
    """A table about nobody is one range."""
    return select if laying.namespace else f"SELECT CAST(0 AS INTEGER) AS {name(RANK)}, * FROM ({select})"


def _tie(columns: list[str]) -> str:
    """By values alone: rows that differ are told apart, rows that are equal need not be."""
    return f"hash({', '.join(name(one) for one in columns)})" if columns else "0::UBIGINT"


def _persons(laying: Laying) -> int:
    found = laying.engine.execute(f"SELECT count(*) FROM {PERSONS} WHERE namespace = {literal(laying.namespace)}")
    return max(1, int((found.fetchone() or (0,))[0]))


def _names(laying: Laying, low: int, high: int) -> pa.Array:
    wanted = (
        f"SELECT pseudonym FROM {PERSONS} WHERE namespace = {literal(laying.namespace)} "
        f"AND rank >= {low} AND rank <= {high} ORDER BY rank"
    )
    return laying.engine.execute(wanted).to_arrow_table()["pseudonym"].combine_chunks()


def _writer(laying: Laying, number: int, names: pa.Array, low: int) -> Callable[[pa.Table], Written]:
    path = laying.folder / f"{laying.label}{number:03d}.parquet"

    def write(rows: pa.Table) -> Written:
        ranks = rows[RANK].combine_chunks().to_numpy().astype(np.int64) - low
        values = rows[TIE].combine_chunks().to_numpy()
        order = order_of(Keys(person=ranks.astype(np.uint64), day=_first_day(rows), values=values))
        ranks = ranks[order]
        rows = rows.drop_columns([RANK, TIE]).take(pa.array(order))
        if not laying.namespace:
            return Written(part=write_file(path, rows), ranks=ranks[:0])
        places, there = _used(ranks)
        person = pa.DictionaryArray.from_arrays(places, names.take(pa.array(there)).cast(pa.string()))
        return Written(part=write_file(path, rows.add_column(0, PERSON, person)), ranks=there + low)

    return write


def _first_day(rows: pa.Table) -> NDArray[np.uint64]:
    """Return the first column of dates as days from its earliest, none before all: rows of a person lie in its order."""
    dates = [one.name for one in rows.schema if pa.types.is_date(one.type)]
    if not dates:
        return np.zeros(len(rows), dtype=np.uint64)
    days = rows[dates[0]].cast(pa.int32()).cast(pa.int64())
    since = pc.subtract(days, (pc.min(days).as_py() or 0) - 1)
    counted: NDArray[np.int64] = pc.fill_null(since, 0).combine_chunks().to_numpy()
    return counted.astype(np.uint64)


def _used(ranks: NDArray[np.int64]) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return each row's place among the ranks that are there, and those ranks; the rows' ranks are in rising order."""
    changes = np.empty(len(ranks), dtype=bool)
    changes[:1] = True
    np.not_equal(ranks[1:], ranks[:-1], out=changes[1:])
    return pa.array(np.cumsum(changes, dtype=np.int32) - 1), ranks[changes]


def _row_group(rows: pa.Table) -> pa.Table:
    """Return rows with those pseudonyms alone as dictionary that are among them: each row group is written with all of its own."""
    if PERSON not in rows.column_names or not len(rows):
        return rows
    person = rows[PERSON].combine_chunks()
    places = person.indices.to_numpy()
    low, high = int(places[0]), int(places[-1])
    here = pa.DictionaryArray.from_arrays(pa.array(places - low), person.dictionary.slice(low, high - low + 1))
    return rows.set_column(rows.column_names.index(PERSON), PERSON, here)


def write_file(path: Path, rows: pa.Table) -> Part:
    """Write rows that are in order, with the person as dictionary where there is one; return what the manifest says."""
    groups = [_row_group(rows.slice(at, ROW_GROUP)) for at in range(0, max(1, len(rows)), ROW_GROUP)]
    options: dict[str, Any] = {"compression": "lz4", "store_schema": False, "dictionary_pagesize_limit": 2**18}
    with pq.ParquetWriter(path, groups[0].schema, **options) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=ROW_GROUP)
    digest = sha256_of(path)
    flush(path)
    persons = rows[PERSON].combine_chunks().dictionary.to_pylist() if PERSON in rows.column_names else []
    return Part(
        file=f"{path.parent.name}/{path.name}",
        rows=len(rows),
        persons=len(persons),
        first=persons[0] if persons else "",
        last=persons[-1] if persons else "",
        sha256=digest,
    )
