"""Owns the typed rows of one table between the raw file and the store: laid, judged, and their persons enrolled.

They lie in a table of the engine that holds identifiers; what of it does not fit into memory is spilled to the vault's
scratch folder. A row's place in it is its place in the file. Must never leave a value in the quarantine: place and reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import FOUND, PERSON, ColumnClass, ColumnType, Contract, Table
from tre.data.domain.identifiers import NHS_NUMBER
from tre.data.engine.cleaning import IDENTIFIER, REASON, cleaned, read_types, stored
from tre.data.engine.duck import Connection, EngineError, literal, name
from tre.data.engine.faults import FORM_ONLY, KEY_TWICE, NOT_VALID, nhs_check
from tre.data.engine.raw import RawFolder, is_parquet, no_rows, relation, sources
from tre.data.engine.vault import Vault

STAGED = "staged"
NUMBERS = "numbers"
_BATCH = 1 << 18


@dataclass(frozen=True, kw_only=True)
class TableLoad:
    """What the loading of one table needs.

    Args:
        raw: the raw files, looked at.
        part: folder of the version that is being made.
    """

    engine: Connection
    contract: Contract
    table: Table
    vault: Vault
    raw: RawFolder
    part: Path


def lay_rows(work: TableLoad) -> None:
    """Lay table `staged`: every row of the raw file, typed, with its identifier and the reason that speaks against it.

    Raises:
        Invalid: the file's columns are not the contract's.
        EngineError: a line cannot be read; its message repeats the line.
    """
    kind = work.contract.identifier_kind
    judged = FORM_ONLY if kind == NHS_NUMBER else kind
    try:
        types = _types(work)
        _lay(work, cleaned(work.table, _rows_of_file(work, types), identifier_kind=judged, typed=types))
    except EngineError:
        # A value is not of its type: read as text, so that its row can be set aside and the others kept.
        _lay(work, cleaned(work.table, _rows_of_file(work, {}), identifier_kind=judged))
    if kind == NHS_NUMBER and work.table.has_person:
        _mark_wrong_check_digits(work)
    _mark_twice_used_keys(work)
    _mark_strays(work)


def reasons(work: TableLoad) -> Mapping[str, int]:
    """Return reason to rows, under "" the rows that are good."""
    rows = work.engine.execute(
        f"SELECT coalesce({REASON}, ''), count(*) FROM {STAGED} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def first_row(work: TableLoad, reason: str) -> int:
    """Return the place in the file, from 1, of the first row with a reason."""
    found = work.engine.execute(f"SELECT min(rowid) + 1 FROM {STAGED} WHERE {REASON} = ?", [reason]).fetchone()
    return int(found[0]) if found else 0


def enrol(work: TableLoad) -> int:
    """Give each person of a good row an internal number, and lay table `numbers`; return how many persons they are."""
    if not work.table.has_person:
        return 0
    rows = work.engine.execute(f"SELECT DISTINCT {IDENTIFIER} FROM {STAGED} WHERE {REASON} IS NULL ORDER BY 1")
    counted = _Counted(rows.to_arrow_reader(_BATCH))
    work.vault.enrol_sorted(work.contract.namespace, counted.identifiers())
    work.engine.register("register_now", _register(work))
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {NUMBERS} AS SELECT * FROM register_now")
    work.engine.unregister("register_now")
    return counted.total


def good_rows(work: TableLoad) -> str:
    """Return a SELECT of what the store keeps of the good rows: the internal number in place of the identifier."""
    columns = [f"s.{name(one.name)}" for one in stored(work.table)]
    rows = f"{STAGED} s"
    if work.table.has_person:
        columns.insert(0, f"n.{PERSON}")
        rows += f" JOIN {NUMBERS} n USING ({IDENTIFIER})"
    return f"SELECT {', '.join(columns)} FROM {rows} WHERE s.{REASON} IS NULL"


def bad_rows() -> str:
    """Return a SELECT of what the quarantine keeps: the row's place in the file (the first below the heading is 1), and why."""
    return f"SELECT rowid + 1 AS row, {REASON} AS reason FROM {STAGED} WHERE {REASON} IS NOT NULL ORDER BY row"


def drop_rows(work: TableLoad) -> None:
    """Forget the typed rows and the numbers."""
    for table in (STAGED, NUMBERS):
        work.engine.execute(f"DROP TABLE IF EXISTS {table}")


class _Counted:
    """Counts what passes through."""

    def __init__(self, batches: pa.RecordBatchReader) -> None:
        self._batches = batches
        self.total = 0

    def identifiers(self) -> Iterator[NDArray[np.int64]]:
        for batch in self._batches:
            self.total += batch.num_rows
            yield batch.column(0).to_numpy(zero_copy_only=False)


def _register(work: TableLoad) -> pa.RecordBatchReader:
    """Return the namespace's register as a stream of batches."""
    schema = pa.schema([(IDENTIFIER, pa.int64()), (PERSON, pa.int64())])
    pieces = work.vault.persons(work.contract.namespace)
    batches = (pa.record_batch([one.identifiers, one.numbers], schema=schema) for one in pieces)
    return pa.RecordBatchReader.from_batches(schema, batches)


def _lay(work: TableLoad, rows: str) -> None:
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {rows}")


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


def _mark_wrong_check_digits(work: TableLoad) -> None:
    """Give the reason to every row whose identifier has a wrong check digit, reckoned once a person instead of once a row."""
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE wrong_digits AS SELECT {IDENTIFIER} FROM (SELECT DISTINCT {IDENTIFIER} FROM {STAGED} "
        f"WHERE {IDENTIFIER} IS NOT NULL) WHERE NOT ({nhs_check(IDENTIFIER)})"
    )
    if _any(work, "wrong_digits"):
        work.engine.execute(
            f"UPDATE {STAGED} SET {REASON} = {literal(NOT_VALID)} WHERE {IDENTIFIER} IN (FROM wrong_digits)"
        )
    work.engine.execute("DROP TABLE wrong_digits")


def _mark_twice_used_keys(work: TableLoad) -> None:
    """Give the reason to every row whose key was used by a good row before it in the file."""
    if not work.table.key or _keys_rise(work):
        return
    columns = ", ".join(_key_column(work.table, one) for one in work.table.key)
    good = f"FROM {STAGED} WHERE {REASON} IS NULL"
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE keys_twice AS SELECT {columns} {good} GROUP BY {columns} HAVING count(*) > 1"
    )
    later = (
        f"SELECT rowid FROM {STAGED} SEMI JOIN keys_twice USING ({columns}) WHERE {REASON} IS NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY rowid) > 1"
    )
    if _any(work, "keys_twice"):
        work.engine.execute(f"UPDATE {STAGED} SET {REASON} = {literal(KEY_TWICE)} WHERE rowid IN ({later})")
    work.engine.execute("DROP TABLE keys_twice")


def _keys_rise(work: TableLoad) -> bool:
    """Say whether the key is one whole number that rises from row to row: then none is there twice, as a glance tells."""
    if len(work.table.key) != 1 or work.table.column(work.table.key[0]).type != ColumnType.INTEGER:
        return False
    column = _key_column(work.table, work.table.key[0])
    rows = work.engine.execute(f"SELECT {column} FROM {STAGED} WHERE {REASON} IS NULL")
    last = np.iinfo(np.int64).min
    for batch in rows.to_arrow_reader(_BATCH):
        keys = batch.column(0).to_numpy(zero_copy_only=False)
        if len(keys) and (keys[0] <= last or not bool(np.all(keys[1:] > keys[:-1]))):
            return False
        last = keys[-1] if len(keys) else last
    return True


def _mark_strays(work: TableLoad) -> None:
    """Give the reason to every row whose value is not found where the contract says it is; that table is loaded before."""
    for column in stored(work.table):
        if column.reference is None:
            continue
        there = name(column.reference.column)
        file = work.part / f"{column.reference.table}.parquet"
        known = STAGED if column.reference.table == work.table.name else f"read_parquet({literal(file)})"
        reason = f"{column.name}: not found in {column.reference.table}.{column.reference.column}"
        mine = name(column.name)
        work.engine.execute(
            f"UPDATE {STAGED} SET {REASON} = {literal(reason)} WHERE {REASON} IS NULL AND {mine} IS NOT NULL "
            f"AND {mine} NOT IN (SELECT {there} FROM {known} WHERE {there} IS NOT NULL)"
        )


def _key_column(table: Table, column: str) -> str:
    return IDENTIFIER if table.column(column).kind == ColumnClass.PERSON_IDENTIFIER else name(column)


def _any(work: TableLoad, table: str) -> bool:
    return work.engine.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
