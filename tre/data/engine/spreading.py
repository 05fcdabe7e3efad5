"""Owns the spreading of rows over ranges of ranks, in bounded memory: what does not fit waits in the broker's scratch.

Rows come in lanes, one for each thread that reads, so that none waits for another. They are sorted by range a batch at a time;
when a lane's memory is full, the slices of each range are put into its file, one behind the other, and read again by
themselves: the file is never mapped, because pages of it would count as memory. Must never keep more than `HELD_BYTES` of rows
in memory, nor leave a file behind.
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
    """Rows in `count` heaps, each a range of ranks; a context, because rows may wait in files.

    Args:
        folder: where rows wait when memory is full.
        column: that holds the rank, from 0 to below `ranks`.
        lanes: how many threads add rows.
    """

    def __init__(self, *, folder: Path, column: str, ranks: int, count: int, lanes: int) -> None:
        self._ranks, self._count = max(1, ranks), count
        self.lanes = [
            Lane(self, file=folder / f"spread-{number}.arrow", column=column, held_bytes=HELD_BYTES // lanes)
            for number in range(lanes)
        ]

    def __enter__(self) -> "Spread":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what waited."""
        for lane in self.lanes:
            lane.remove()

    def finish(self) -> None:
        """Say that all rows were added."""
        for lane in self.lanes:
            lane.finish()

    def first_rank(self, number: int) -> int:
        """Return the least rank that belongs into a heap; of the heap behind the last, how many ranks there are."""
        return -(-number * self._ranks // self._count)

    def heaps_of(self, ranks: NDArray[np.int64]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """Return the heap of each rank, and where each heap begins when they lie in order."""
        heap = (ranks * self._count // self._ranks).astype(np.uint16)
        return heap, np.insert(np.cumsum(np.bincount(heap, minlength=self._count)), 0, 0)

    def heap(self, number: int, schema: pa.Schema) -> pa.Table:
        """Return the rows of a heap; from any thread."""
        rows = [batch for lane in self.lanes for batch in lane.heap(number)]
        return pa.Table.from_batches(rows, schema).combine_chunks()


class Lane:
    """The rows that one thread adds."""

    def __init__(self, spread: Spread, *, file: Path, column: str, held_bytes: int) -> None:
        self._spread, self._file, self._column, self._most = spread, file, column, held_bytes
        self._held: list[tuple[pa.RecordBatch, NDArray[np.int64]]] = []
        self._held_bytes = 0
        self._places: dict[int, list[int]] = {}
        self._aside = 0
        self._one_reads = Lock()
        self._writer: pa.RecordBatchFileWriter | None = None
        self._reader: pa.RecordBatchFileReader | None = None

    def add(self, rows: pa.RecordBatch) -> None:
        """Put each row into its heap."""
        heap, bounds = self._spread.heaps_of(rows.column(self._column).to_numpy().astype(np.int64))
        self._held.append((pc.take(rows, pa.array(places_by(heap)), boundscheck=False), bounds))
        self._held_bytes += rows.nbytes
        if self._held_bytes > self._most:
            self._put_aside()

    def finish(self) -> None:
        """Say that all rows were added."""
        if self._writer:
            if self._held:
                self._put_aside()
            self._writer.close()
            self._reader = pa.ipc.open_file(pa.OSFile(str(self._file)))

    def heap(self, number: int) -> list[pa.RecordBatch]:
        """Return the rows of a heap; from any thread."""
        with self._one_reads:
            places = self._places.get(number, [])
            aside = [self._reader.get_batch(place) for place in places] if self._reader else []
        return [*aside, *self._slices(number)]

    def remove(self) -> None:
        """Remove what waited."""
        self._file.unlink(missing_ok=True)

    def _slices(self, number: int) -> Iterator[pa.RecordBatch]:
        for batch, bounds in self._held:
            start, end = int(bounds[number]), int(bounds[number + 1])
            if end > start:
                yield batch.slice(start, end - start)

    def _put_aside(self) -> None:
        schema, heaps = self._held[0][0].schema, len(self._held[0][1]) - 1
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._file), schema)
        for number in range(heaps):
            slices = list(self._slices(number))
            if slices:
                self._writer.write_batch(pa.concat_batches(slices))
                self._places.setdefault(number, []).append(self._aside)
                self._aside += 1
        self._held.clear()
        self._held_bytes = 0
