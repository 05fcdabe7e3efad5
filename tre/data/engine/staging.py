"""Owns the typed rows of one table between the raw file and the store: laid, judged, and their persons enrolled.

They lie in a table of the engine that holds identifiers; what of it does not fit into memory is spilled to the vault's
scratch folder. A row's place in it is its place in the file. Must never leave a value in the quarantine: place and reason.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import FOUND, PERSON
from tre.data.domain.identifiers import NHS_NUMBER
from tre.data.engine.cleaning import IDENTIFIER, REASON, cleaned, later, read_types, stored, too_large
from tre.data.engine.duck import EngineError, literal, name
from tre.data.engine.faults import FORM_ONLY
from tre.data.engine.judging import holds, identifiers, judge
from tre.data.engine.laid import NUMBERS, PERSONS, STAGED, TableLoad
from tre.data.engine.raw import is_parquet, no_rows, relation, sources
from tre.data.engine.reasons import sentences
from tre.data.engine.wording import as_stored, words_of

__all__ = ["TableLoad", "bad_rows", "drop_rows", "enrol", "first_row", "good_rows", "lay_rows", "reasons"]
_ALL_TEXT: Mapping[str, str] = {}


def lay_rows(work: TableLoad) -> None:
    """Lay table `staged`: every row of the raw file, typed, with its identifier and the reason that speaks against it.

    Raises:
        Invalid: the file's columns are not the contract's.
        EngineError: a line cannot be read; its message repeats the line.
    """
    types = _types(work)
    if types and _lay_typed(work, types):
        judge(work, later(work.table, types))
        return
    # A value is not of its type: read as text, so that its row can be set aside and the others kept.
    _lay(work, _ALL_TEXT)
    judge(work, later(work.table))


def reasons(work: TableLoad) -> Mapping[str, int]:
    """Return reason to rows, under "" the rows that are good."""
    rows = work.engine.execute(f"SELECT {REASON}, count(*) FROM {STAGED} GROUP BY ALL ORDER BY ALL").fetchall()
    told = _sentences(work)
    return {"" if reason is None else told[reason]: int(count) for reason, count in rows}


def first_row(work: TableLoad, reason: str) -> int:
    """Return the place in the file, from 1, of the first row with a reason."""
    one = _sentences(work).index(reason)
    found = work.engine.execute(f"SELECT min(rowid) + 1 FROM {STAGED} WHERE {REASON} = {one}").fetchone()
    return int(found[0]) if found else 0


def enrol(work: TableLoad) -> int:
    """Give each person of a good row an internal number, and lay table `numbers`; return how many persons they are."""
    if not work.table.has_person:
        return 0
    counted = _Counted(identifiers(work, _of_good_rows(work)))
    work.vault.enrol_sorted(work.contract.namespace, counted.arrays())
    work.engine.register("register_now", _register(work))
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {NUMBERS} AS SELECT * FROM register_now")
    work.engine.unregister("register_now")
    return counted.total


def good_rows(work: TableLoad) -> str:
    """Return a SELECT of what the store keeps of the good rows: the internal number in place of the identifier."""
    as_laid = as_stored(work)
    columns = [f"{as_laid.get(one.name, f's.{name(one.name)}')} AS {name(one.name)}" for one in stored(work.table)]
    rows = f"{STAGED} s"
    if work.table.has_person:
        columns.insert(0, f"n.{PERSON}")
        rows += f" JOIN {NUMBERS} n USING ({IDENTIFIER})"
    return f"SELECT {', '.join(columns)} FROM {rows} WHERE s.{REASON} IS NULL"


def bad_rows(work: TableLoad) -> str:
    """Return a SELECT of what the quarantine keeps: the row's place in the file (the first below the heading is 1), and why."""
    told = ", ".join(literal(one) for one in _sentences(work))
    return f"SELECT rowid + 1 AS row, [{told}][{REASON} + 1] AS reason FROM {STAGED} WHERE {REASON} IS NOT NULL ORDER BY row"


def drop_rows(work: TableLoad) -> None:
    """Forget the typed rows, the persons and the numbers."""
    for table in (STAGED, PERSONS, NUMBERS):
        work.engine.execute(f"DROP TABLE IF EXISTS {table}")


def _sentences(work: TableLoad) -> tuple[str, ...]:
    return sentences(work.table, stored(work.table))


def _of_good_rows(work: TableLoad) -> str:
    """Return a SELECT, rising, of the persons who have a good row; only those of rows set aside are looked for again."""
    if not holds(work, f"{REASON} IS NOT NULL"):
        return f"FROM {PERSONS}"
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE aside AS SELECT DISTINCT {IDENTIFIER} FROM {STAGED} WHERE {REASON} IS NOT NULL"
    )
    kept = f"SELECT {IDENTIFIER} FROM {STAGED} SEMI JOIN aside USING ({IDENTIFIER}) WHERE {REASON} IS NULL"
    lost = f"SELECT {IDENTIFIER} FROM aside ANTI JOIN ({kept}) USING ({IDENTIFIER})"
    return f"SELECT {IDENTIFIER} FROM {PERSONS} ANTI JOIN ({lost}) USING ({IDENTIFIER}) ORDER BY 1"


class _Counted:
    """Counts what passes through."""

    def __init__(self, found: Iterator[NDArray[np.int64]]) -> None:
        self._found = found
        self.total = 0

    def arrays(self) -> Iterator[NDArray[np.int64]]:
        for one in self._found:
            self.total += len(one)
            yield one


def _register(work: TableLoad) -> pa.RecordBatchReader:
    """Return the namespace's register as a stream of batches."""
    schema = pa.schema([(IDENTIFIER, pa.int64()), (PERSON, pa.int64())])
    pieces = work.vault.persons(work.contract.namespace)
    batches = (pa.record_batch([one.identifiers, one.numbers], schema=schema) for one in pieces)
    return pa.RecordBatchReader.from_batches(schema, batches)


def _lay(work: TableLoad, types: Mapping[str, str]) -> None:
    kind = FORM_ONLY if work.contract.identifier_kind == NHS_NUMBER else work.contract.identifier_kind
    file = _rows_of_file(work, types)
    rows = cleaned(work.table, file, identifier_kind=kind, typed=types, words=words_of(work, file))
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {rows}")


def _lay_typed(work: TableLoad, types: Mapping[str, str]) -> bool:
    """Lay the rows by types, which is faster; False where a value is not of its type, or a number was too large for it."""
    try:
        _lay(work, types)
    except EngineError:
        return False
    return not any(holds(work, one) for one in too_large(work.table, types))


def _types(work: TableLoad) -> Mapping[str, str]:
    """Return the types that the raw file may be read as; none of Parquet, which has its own, nor of an absent file."""
    is_text = work.raw.has(work.table.file) and not is_parquet(work.raw.file(work.table.file).path)
    return read_types(work.table) if is_text else {}


def _rows_of_file(work: TableLoad, types: Mapping[str, str]) -> str:
    """Return SQL of the raw file's rows; no row where the file is absent and may be."""
    table = work.table
    if table.may_be_absent and not work.raw.has(table.file):
        rows = no_rows(sources(table))
    else:
        rows = relation(work.raw.file(table.file), sources(table), may_lack=table.may_lack, types=types)
    return _with_person(work, rows) if table.person_of else rows


def _with_person(work: TableLoad, rows: str) -> str:
    """Lay the person beside rows that name only another table's row; who is not found, or not one alone, is missing."""
    assert work.table.person_of is not None  # noqa: S101 - the caller asked
    table, by = work.contract.table(work.table.person_of.table), work.table.person_of.by
    parents = no_rows(sources(table))
    if work.raw.has(table.file):
        parents = relation(work.raw.file(table.file), sources(table), may_lack=table.may_lack)
    key, person = f"trim({name(table.column(by).source)})", name(table.person_column.source)
    found = (
        f"SELECT {key} AS key, min({person}) AS person FROM {parents} GROUP BY ALL HAVING count(DISTINCT {person}) = 1"
    )
    mine = f"trim({name(work.table.column(by).source)})"
    return f"(SELECT c.*, k.person AS {FOUND} FROM {rows} c LEFT JOIN ({found}) k ON {mine} = k.key)"
