"""Owns the spreading of rows over ranges of ranks, in bounded memory: what does not fit waits in the broker's scratch.

Rows are sorted by range a batch at a time, and each range later takes its slice of every batch. Must never keep more than
`HELD_BYTES` of rows in memory, nor leave a file behind.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

HELD_BYTES = 64 * 1024**2


class Spread:
    """Rows in `count` heaps, each a range of ranks; a context, because rows may wait in a file.

    Args:
        file: where rows wait when memory is full.
        column: that holds the rank, from 0 to below `ranks`.
    """

    def __init__(self, *, file: Path, column: str, ranks: int, count: int) -> None:
        self._file, self._column, self._ranks, self._count = file, column, max(1, ranks), count
        self._held: list[pa.RecordBatch] = []
        self._bounds: list[NDArray[np.int64]] = []
        self._aside = 0
        self._writer: pa.RecordBatchFileWriter | None = None

    def __enter__(self) -> "Spread":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what waited."""
        self._file.unlink(missing_ok=True)

    def add(self, rows: pa.RecordBatch) -> None:
        """Put each row into its heap."""
        ranks = rows.column(self._column).to_numpy().astype(np.int64)
        heap = (ranks * self._count // self._ranks).astype(np.uint16)  # numpy sorts 16 bits by counting
        order = np.argsort(heap, kind="stable")
        self._bounds.append(np.searchsorted(heap[order], np.arange(self._count + 1)))
        self._held.append(rows.take(pa.array(order)))
        if sum(one.nbytes for one in self._held) > HELD_BYTES:
            self._put_aside()

    def finish(self) -> None:
        """Say that all rows were added."""
        if self._writer:
            self._writer.close()

    def heap(self, number: int, schema: pa.Schema) -> pa.Table:
        """Return the rows of a heap."""
        if not self._aside:
            return pa.Table.from_batches(self._slices(number, self._held, 0), schema).combine_chunks()
        # Mapped anew each time: what is read of it leaves memory with the map.
        with pa.memory_map(str(self._file)) as file:
            reader = pa.ipc.open_file(file)
            there = [reader.get_batch(place) for place in range(self._aside)]
            parts = [*self._slices(number, there, 0), *self._slices(number, self._held, self._aside)]
            return pa.concat_tables([pa.Table.from_batches(parts, schema)]).combine_chunks()

    def _slices(self, number: int, batches: list[pa.RecordBatch], first: int) -> Iterator[pa.RecordBatch]:
        for batch, bounds in zip(batches, self._bounds[first:], strict=False):
            start, end = int(bounds[number]), int(bounds[number + 1])
            if end > start:
                yield batch.slice(start, end - start)

    def _put_aside(self) -> None:
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._file), self._held[0].schema)
        for rows in self._held:
            self._writer.write_batch(rows)
        self._aside += len(self._held)
        self._held.clear()
