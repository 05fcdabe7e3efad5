"""Owns the files of a snapshot's table: rows in the order of the project's pseudonyms, a file for each range of them.

Within a person, rows lie by the first date and then by their values; so nothing of the store's order is left, and the same
data give the same bytes. Must never need more memory for more rows: rows are spread over small ranges first, each about a row
group, and each is sorted while a core's own cache holds it.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tre.data.domain.contract import PERSON
from tre.data.engine.duck import THREADS, Connection, count_of, literal, name
from tre.data.engine.laying import Laying
from tre.data.engine.numbering import PERSONS
from tre.data.engine.ordering import Keys, order_of
from tre.data.engine.part_files import ROW_GROUP, Part, PartFile
from tre.data.engine.reading import spread_rows
from tre.data.engine.selecting import RANK
from tre.data.engine.spreading import Spread
from tre.data.engine.words import Words, spelt

VALUES_IN_PART = 8_000_000
HEAPS_IN_PART = 8
MOST_PARTS = 512
MOST_HEAPS = 4_096
Hashes = Callable[[pa.Table, NDArray[np.int64]], NDArray[np.uint64]]
"""Gives for rows at some places of a table a hash of their values."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that was written, and the ranks of the persons in it."""

    part: Part
    ranks: NDArray[np.int64]


def part_count(*, rows: int, columns: int) -> int:
    """Return how many files a table is written in: by its size alone, which its own values tell anyway."""
    return min(MOST_PARTS, 1 + rows * (columns + 1) // VALUES_IN_PART)


def write_parts(laying: Laying, selects: Sequence[str], *, count: int, rows: int | None = None) -> list[Written]:
    """Write the rows of `selects` (from `selecting.select_rows`) in `count` files; return them in order.

    Args:
        selects: each of other rows, all with the same columns; read at the same time. The first alone may read temporary tables.
            With ranks in memory, from `selecting.select_numbered`.
        count: how many; a range of pseudonyms without a row gives an empty file.
        rows: how many there are, about, where they are fewer than fill the files.
    """
    # The C library's allocator keeps freed memory for the next batch: giving it back each time took a third of the work.
    pa.set_memory_pool(pa.system_memory_pool())
    pa.default_memory_pool().release_unused()
    each = max(1, min(MOST_HEAPS // count, HEAPS_IN_PART if rows is None else -(-rows // (count * ROW_GROUP))))
    spread = Spread(folder=laying.scratch, column=RANK, ranks=_persons(laying), count=count * each, lanes=len(selects))
    laying.engine.execute("SET threads = 1")  # whoever reads or writes here is a thread already: more would take turns
    with spread, ThreadPoolExecutor(THREADS) as pool:
        schema = spread_rows(laying, selects, spread)
        pa.default_memory_pool().release_unused()
        waiting: list[Future[_Closed]] = []
        done = []
        for number in range(count):
            heaps = range(number * each, (number + 1) * each)
            waiting.append(pool.submit(_write, laying, _file(laying, spread, heaps), spread, schema))
            if len(waiting) > THREADS:
                done.append(waiting.pop(0).result().written())
        done += [one.result().written() for one in waiting]
    laying.engine.execute(f"SET threads = {THREADS}")
    return done


def keep_people(laying: Laying, ranks: NDArray[np.int64], *, table: str) -> None:
    """Lay a temporary table of the internal numbers (column `number`) of persons by their ranks."""
    if laying.ranked is not None:
        numbers = np.sort(laying.ranked.numbers(ranks))  # their order by pseudonym is nobody's to keep
        given, select = pa.table({"number": numbers}), "SELECT number FROM people_given"
    else:
        given = pa.table({"rank": ranks.astype(np.int32)})
        here = f"namespace = {literal(laying.namespace)}"
        select = f"SELECT number FROM {PERSONS} SEMI JOIN people_given USING (rank) WHERE {here}"
    laying.engine.register("people_given", given)
    laying.engine.execute(f"CREATE TEMP TABLE {name(table)} AS {select}")
    laying.engine.unregister("people_given")


def _persons(laying: Laying) -> int:
    if laying.ranked is not None:
        return max(1, len(laying.ranked))
    return max(1, count_of(laying.engine, f"{PERSONS} WHERE namespace = {literal(laying.namespace)}"))


def _names(laying: Laying, low: int, high: int) -> pa.Array:
    if laying.ranked is not None:
        return laying.ranked.names(low, high)
    wanted = (
        f"SELECT pseudonym FROM {PERSONS} WHERE namespace = {literal(laying.namespace)} "
        f"AND rank >= {low} AND rank < {high} ORDER BY rank"
    )
    return laying.engine.execute(wanted).to_arrow_table()["pseudonym"].combine_chunks().cast(pa.string())


@dataclass(frozen=True, kw_only=True)
class _File:
    """One file that is to be written: the heaps of its rows, and the names of its persons, the first of whom has the rank `low`."""

    path: Path
    heaps: range
    low: int
    names: pa.Array | None


@dataclass(frozen=True, kw_only=True)
class _Closed:
    """A file that is complete but for the disk's word: whoever writes the next one does not wait for that."""

    file: PartFile
    ranks: NDArray[np.int64]

    def written(self) -> Written:
        return Written(part=self.file.part(), ranks=self.ranks)


def _file(laying: Laying, spread: Spread, heaps: range) -> _File:
    low, high = spread.first_rank(heaps.start), spread.first_rank(heaps.stop)
    names = _names(laying, low, high) if laying.namespace else None
    path = laying.folder / f"{laying.label}{heaps.start // len(heaps):03d}.parquet"
    return _File(path=path, heaps=heaps, low=low, names=names)


def _write(laying: Laying, file: _File, spread: Spread, schema: pa.Schema) -> _Closed:
    ranks = [np.empty(0, dtype=np.int64)]
    with PartFile(file.path, words=laying.words) as target, laying.engine.cursor() as engine:
        hashes = partial(_hashes, engine, laying.words)
        for heap in file.heaps:
            rows, there = _ordered(spread.heap(heap, schema), file, hashes)
            if len(rows) or heap == file.heaps.start:  # an empty file has its columns too
                target.add(rows)
            ranks.append(there)
    return _Closed(file=target, ranks=np.concatenate(ranks))


def _ordered(rows: pa.Table, file: _File, hashes: Hashes) -> tuple[pa.Table, NDArray[np.int64]]:
    """Return the rows of a heap in their order with their persons' names, and the ranks of these."""
    ranks = rows[RANK].combine_chunks().to_numpy().astype(np.int64)
    rows = rows.drop_columns([RANK])
    person = (ranks - ranks.min(initial=ranks[0] if len(ranks) else 0)).astype(np.uint64)
    order = order_of(Keys(person=person, day=_first_day(rows), values=partial(hashes, rows)))
    rows = pc.take(rows, pa.array(order), boundscheck=False)
    if file.names is None:
        return rows, ranks[:0]
    places, there = _used(ranks.take(order))
    named = pa.DictionaryArray.from_arrays(places, file.names.take(pa.array(there - file.low)))
    return rows.add_column(0, PERSON, named), there


def _hashes(
    engine: Connection, words: Mapping[str, Words], rows: pa.Table, places: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return for rows at some places the engine's hash of their values, by which a rewritten file is ordered too."""
    if not rows.column_names:
        return np.zeros(len(places), dtype=np.uint64)
    engine.register("alike", spelt(pc.take(rows, pa.array(places), boundscheck=False), words))
    columns = ", ".join(name(one) for one in rows.column_names)
    hashes: NDArray[np.uint64] = engine.execute(f"SELECT hash({columns}) AS tie FROM alike").fetchnumpy()["tie"]
    return hashes


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
