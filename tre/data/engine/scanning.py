"""Owns the scanned copies of tables with free text that a project was granted: a snapshot is written from these alone.

A copy lies in the broker's scratch while the snapshot is built, its free text under other names (`scanned_name`): the plan
asks for those, so that no build can read a text that was not scanned. Must never leave a copy behind.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tre.data.domain.contract import PERSON, Column, ColumnClass
from tre.data.domain.free_text import NOTHING_KNOWN, Known, TextFigures, scanned, scanned_name, shown
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders
from tre.data.engine.knowing import People, Registers
from tre.kernel.errors import Unavailable

_ROWS_AT_ONCE = 4_096
Kept = Callable[[str], str]
"""Gives a SELECT (column `number`) of the persons of a namespace whom the snapshot holds."""
Figures = Mapping[str, TextFigures]


@dataclass(frozen=True, kw_only=True)
class Scans:
    """The scanned copies of a plan's tables, and what was found in each; by the tables' names."""

    files: dict[str, Path] = field(default_factory=dict)
    found: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def relation(self, planned: PlannedTable, folders: Folders) -> str:
        """Return what the snapshot's rows of a table are read from: the scanned copy where there is one."""
        file = self.files.get(planned.name)
        return f"read_parquet({literal(file)})" if file else stored(planned, folders)


def texts_of(planned: PlannedTable) -> tuple[Column, ...]:
    """Return the columns of free text that the project was granted."""
    return tuple(one for one in planned.columns if one.kind == ColumnClass.FREE_TEXT)


@contextmanager
def scanned_copies(
    engine: Connection, plan: SnapshotPlan, *, folders: Folders, registers: Registers | None, kept: Kept
) -> Iterator[Scans]:
    """Scan the plan's tables of free text, a few thousand rows at a time; forget the copies at the end.

    Args:
        registers: by which the persons of the rows are known.
        kept: whose rows are scanned; of the others there is none in the copy.

    Raises:
        Unavailable: free text was granted, and there are no registers.
    """
    scans = Scans()
    try:
        for planned in plan.tables:
            if texts_of(planned):
                if registers is None:
                    sentence = "Free text is scanned with the vault open: have the honest broker build this."
                    raise Unavailable(sentence, code="data.free_text.no_registers")
                scans.files[planned.name] = folders.scratch / f"scanned-{secrets.token_hex(8)}.parquet"
                scan = _Scan(engine=engine, planned=planned, folders=folders, registers=registers, kept=kept)
                scans.found[planned.name] = scan.write(scans.files[planned.name])
        yield scans
    finally:
        for file in scans.files.values():
            file.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class _Scan:
    """The scan of one table."""

    engine: Connection
    planned: PlannedTable
    folders: Folders
    registers: Registers
    kept: Kept

    def write(self, file: Path) -> list[dict[str, Any]]:
        """Write the copy; return what was found, as figures that may be shown."""
        people = self._people()
        figures = {one.name: TextFigures() for one in texts_of(self.planned)}
        reader = self.engine.execute(f"SELECT s.* FROM {self._rows()}").to_arrow_reader(_ROWS_AT_ONCE)
        with pq.ParquetWriter(file, self._rows_scanned(reader.schema.empty_table(), figures, None).schema) as writer:
            for batch in reader:
                writer.write_table(self._rows_scanned(pa.Table.from_batches([batch]), figures, people))
        return [shown(one.name, one.when_found, figures[one.name]) | _names_known(people) for one in self._texts()]

    def _texts(self) -> tuple[Column, ...]:
        return texts_of(self.planned)

    def _rows(self) -> str:
        rows = f"{stored(self.planned, self.folders)} s"
        if not self.planned.table.has_person:
            return rows
        return f"{rows} SEMI JOIN ({self.kept(self.planned.namespace)}) k ON k.number = s.{PERSON}"

    def _people(self) -> People | None:
        """Return what is known of those who have a text; None of a table that is about nobody."""
        if not self.planned.table.has_person:
            return None
        some = " OR ".join(f"s.{name(one.name)} IS NOT NULL" for one in self._texts())
        wanted = f"SELECT DISTINCT s.{PERSON} AS number FROM {self._rows()} WHERE {some} ORDER BY 1"
        numbers = self.engine.execute(wanted).fetchnumpy()["number"]
        return People(numbers.astype("int64"), self.registers, self.planned.namespace)

    def _rows_scanned(self, rows: pa.Table, figures: Figures, people: People | None) -> pa.Table:
        for column in self._texts():
            texts = rows[column.name].to_pylist()
            known = _known(rows, texts, people)
            done = [
                scanned(text, of, treatment=column.when_found, figures=figures[column.name]) if text else text
                for text, of in zip(texts, known, strict=True)
            ]
            at = rows.column_names.index(column.name)
            rows = rows.set_column(at, scanned_name(column.name), pa.array(done, type=pa.string()))
        return rows


def _known(rows: pa.Table, texts: list[str | None], people: People | None) -> Iterable[Known]:
    """Return what is known of the person of each row that has a text."""
    if people is None:
        return (NOTHING_KNOWN for _ in texts)
    numbers = rows[PERSON].combine_chunks().to_numpy(zero_copy_only=False)
    found = people.known(numbers[[text is not None for text in texts]])
    return (NOTHING_KNOWN if text is None else next(found) for text in texts)


def _names_known(people: People | None) -> dict[str, Any]:
    """Return the share of persons with a text whose name is known, in per cent; to the nearest ten, so that it tells of nobody."""
    if not people:
        return {}
    return {"names_known_percent": round(10 * people.named / len(people)) * 10}
