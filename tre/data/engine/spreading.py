"""Owns the spreading of rows over ranges of ranks, in bounded memory: what does not fit waits in the broker's scratch.

Rows are sorted by range a batch at a time; when memory is full, the slices of each range are put into a file, one behind the
other, and read again by themselves: the file is never mapped, because pages of it would count as memory. Must never keep more
than `HELD_BYTES` of rows in memory, nor leave a file behind.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tre.data.engine.ordering import places_by

HELD_BYTES = 192 * 1024**2


class Spread:
    """Rows in `count` heaps, each a range of ranks; a context, because rows may wait in a file.

    Args:
        file: where rows wait when memory is full.
        column: that holds the rank, from 0 to below `ranks`.
    """

    def __init__(self, *, file: Path, column: str, ranks: int, count: int) -> None:
        self._file, self._column, self._ranks, self._count = file, column, max(1, ranks), count
        self._held: list[tuple[pa.RecordBatch, NDArray[np.int64]]] = []
        self._held_bytes = 0
        self._places: list[list[int]] = [[] for _ in range(count)]
        self._aside = 0
        self._one_reads = Lock()
        self._writer: pa.RecordBatchFileWriter | None = None
        self._reader: pa.RecordBatchFileReader | None = None

    def __enter__(self) -> "Spread":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what waited."""
        self._file.unlink(missing_ok=True)

    def add(self, rows: pa.RecordBatch) -> None:
        """Put each row into its heap."""
        ranks = rows.column(self._column).to_numpy().astype(np.int64)
        heap = (ranks * self._count // self._ranks).astype(np.uint16)
        order = places_by(heap)
        bounds = np.insert(np.cumsum(np.bincount(heap, minlength=self._count)), 0, 0)
        self._held.append((pc.take(rows, pa.array(order), boundscheck=False), bounds))
        self._held_bytes += rows.nbytes
        if self._held_bytes > HELD_BYTES:
            self._put_aside()

    def finish(self) -> None:
        """Say that all rows were added."""
        if self._writer:
            if self._held:
                self._put_aside()
            self._writer.close()
            self._reader = pa.ipc.open_file(pa.OSFile(str(self._file)))

    def first_rank(self, number: int) -> int:
        """Return the least rank that belongs into a heap; of the heap behind the last, how many ranks there are."""
        return -(-number * self._ranks // self._count)

    def heap(self, number: int, schema: pa.Schema) -> pa.Table:
        """Return the rows of a heap; from any thread."""
        with self._one_reads:
            aside = [self._reader.get_batch(place) for place in self._places[number]] if self._reader else []
        return pa.Table.from_batches([*aside, *self._slices(number)], schema).combine_chunks()

    def _slices(self, number: int) -> Iterator[pa.RecordBatch]:
        for batch, bounds in self._held:
            start, end = int(bounds[number]), int(bounds[number + 1])
            if end > start:
                yield batch.slice(start, end - start)

    def _put_aside(self) -> None:
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._file), self._held[0][0].schema)
        for number in range(self._count):
            slices = list(self._slices(number))
            if slices:
                self._writer.write_batch(pa.concat_batches(slices))
                self._places[number].append(self._aside)
                self._aside += 1
        self._held.clear()
        self._held_bytes = 0
        pa.default_memory_pool().release_unused()
