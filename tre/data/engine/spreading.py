"""Owns the spreading of rows over ranges of ranks, in bounded memory: what does not fit waits in the broker's scratch.

Must never keep more than `HELD_BYTES` of rows in memory, nor leave a file behind.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

HELD_BYTES = 96 * 1024**2
_DIGIT = 16
"""Bits that are sorted at once: numpy sorts 16-bit numbers by counting, several times faster than wider ones."""


class Spread:
    """Rows in `count` heaps, each a range of ranks; heaps wait in `folder` when memory is full.

    Args:
        column: that holds the rank, from 0 to below `ranks`.
    """

    def __init__(self, *, folder: Path, column: str, ranks: int, count: int) -> None:
        self._folder, self._column, self._ranks, self._count = folder, column, max(1, ranks), count
        self._heaps: list[list[pa.RecordBatch]] = [[] for _ in range(count)]
        self._waiting: dict[int, pa.RecordBatchStreamWriter] = {}
        self._held = 0

    def add(self, rows: pa.RecordBatch) -> None:
        """Put each row into its heap."""
        if not len(rows):
            return
        heap = (rows.column(self._column).to_numpy().astype(np.int64) * self._count // self._ranks).astype(np.uint16)
        order = np.argsort(heap, kind="stable")
        sorted_rows = rows.take(pa.array(order))
        bounds = np.searchsorted(heap[order], np.arange(self._count + 1))
        for number in np.flatnonzero(np.diff(bounds)):
            start = int(bounds[number])
            self._heaps[number].append(sorted_rows.slice(start, int(bounds[number + 1]) - start))
        self._held += sorted_rows.nbytes
        if self._held > HELD_BYTES:
            self._put_aside()

    def take(self, number: int, schema: pa.Schema) -> pa.Table:
        """Return the rows of a heap and forget them."""
        held, self._heaps[number] = self._heaps[number], []
        tables = [pa.Table.from_batches(held, schema)]
        if number in self._waiting:
            self._waiting.pop(number).close()
            with pa.OSFile(str(self._path(number))) as file:
                tables.insert(0, pa.ipc.open_stream(file).read_all())
            self._path(number).unlink()
        return pa.concat_tables(tables).combine_chunks()

    def _put_aside(self) -> None:
        for number, heap in enumerate(self._heaps):
            if not heap:
                continue
            if number not in self._waiting:
                self._waiting[number] = pa.ipc.new_stream(str(self._path(number)), heap[0].schema)
            self._waiting[number].write_table(pa.Table.from_batches(heap).combine_chunks())
            heap.clear()
        self._held = 0

    def _path(self, number: int) -> Path:
        return self._folder / f"heap-{number:04d}.arrow"


def order_by(keys: Sequence[NDArray[np.unsignedinteger]]) -> NDArray[np.intp]:
    """Return the order of rows by `keys`, the weightiest last; rows equal in all stay as they are."""
    order: NDArray[np.intp] | None = None
    for key in keys:
        top = int(key.max()) if len(key) else 0
        for shift in range(0, max(1, top.bit_length()), _DIGIT):
            digit = ((key >> shift) & 0xFFFF).astype(np.uint16)
            order = (
                np.argsort(digit, kind="stable") if order is None else order[np.argsort(digit[order], kind="stable")]
            )
    return np.empty(0, dtype=np.intp) if order is None else order
