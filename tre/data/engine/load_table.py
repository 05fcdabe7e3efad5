"""Owns the loading of one table: stage, enrol the persons, find doubles, write the store's Parquet and the quarantine.

The staging file holds identifiers and lies in the vault's scratch folder until the table is written. The quarantine holds
line numbers and reasons, no values: the rows themselves stay in the raw file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tre.data.domain.contract import FOUND, PERSON, ColumnClass, Contract, Table
from tre.data.engine.cleaning import IDENTIFIER, REASON, cleaned, stored
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import sha256_of
from tre.data.engine.raw_files import all_raw, find_raw, no_rows, relation, sources
from tre.data.engine.vault import Vault
from tre.kernel.errors import Invalid

QUARANTINE = "quarantine"
_DOUBLE = "key used before"


@dataclass(frozen=True, kw_only=True)
class TableLoad:
    """What the loading of one table needs."""

    engine: Connection
    contract: Contract
    table: Table
    vault: Vault
    scratch: Path

    @property
    def staging(self) -> Path:
        """Typed rows with their identifier, until the store's file is written."""
        return self.scratch / f"{self.contract.dataset}-{self.table.name}.parquet"


def load_table(work: TableLoad, raw: Path, part: Path) -> dict[str, Any]:
    """Write `part/TABLE.parquet` and return its entry for the manifest.

    Args:
        work: the table.
        raw: folder of the raw files.
        part: folder of the version that is being made.

    Raises:
        Invalid: the file is not there or does not fit, or more rows fail than the contract allows.
    """
    is_absent = work.table.may_be_absent and not all_raw(raw, work.table.file)
    _stage(work, raw, no_rows(sources(work.table)) if is_absent else "")
    try:
        if work.table.has_person:
            _enrol(work)
        _find_doubles(work)
        counts = _counts(work)
        _check_limit(work, counts)
        path = part / f"{work.table.name}.parquet"
        _write(work, path)
        _write_quarantine(work, part)
    finally:
        work.staging.unlink(missing_ok=True)
    quarantined = {reason: rows for reason, rows in counts.items() if reason}
    return {
        "name": work.table.name,
        "file": path.name,
        "absent": is_absent,
        "rows": counts.get("", 0),
        "persons": _persons(work, path),
        "quarantined": quarantined,
        "sha256": sha256_of(path),
    }


def _stage(work: TableLoad, raw: Path, given: str) -> None:
    """Write the typed rows of the raw file, or of the relation that is `given` in its place."""
    table = work.table
    rows_of_file = given or relation(find_raw(raw, table.file), sources(table), may_lack=table.may_lack)
    if table.person_of:
        rows_of_file = _with_person(work, rows_of_file, raw)
    rows = cleaned(table, rows_of_file, identifier_kind=work.contract.identifier_kind)
    work.engine.execute(f"COPY ({rows}) TO {literal(work.staging)} (FORMAT parquet)")


def _with_person(work: TableLoad, rows: str, raw: Path) -> str:
    """Lay the person beside rows that name only another table's row; who is not found, or not one alone, is missing."""
    assert work.table.person_of is not None  # noqa: S101 - the caller asked
    table, by = work.contract.table(work.table.person_of.table), work.table.person_of.by
    there = [one for one in all_raw(raw, table.file)][:1]
    parents = relation(there[0], sources(table), may_lack=table.may_lack) if there else no_rows(sources(table))
    key, person = f"trim({name(table.column(by).source)})", name(table.person_column.source)
    found = (
        f"SELECT {key} AS key, min({person}) AS person FROM {parents} GROUP BY ALL HAVING count(DISTINCT {person}) = 1"
    )
    mine = f"trim({name(work.table.column(by).source)})"
    return f"(SELECT c.*, k.person AS {FOUND} FROM {rows} c LEFT JOIN ({found}) k ON {mine} = k.key)"


def _enrol(work: TableLoad) -> None:
    """Give every valid identifier its internal number, and lay both as table `numbers`."""
    found = work.engine.execute(
        f"SELECT DISTINCT {IDENTIFIER} AS one FROM read_parquet({literal(work.staging)}) WHERE {REASON} IS NULL"
    ).fetchnumpy()["one"]
    register = work.vault.enrol(work.contract.namespace, found)
    columns = pa.table({IDENTIFIER: register.identifiers, PERSON: register.numbers})
    work.engine.register("register_now", columns)
    work.engine.execute("CREATE OR REPLACE TEMP TABLE numbers AS SELECT * FROM register_now")
    work.engine.unregister("register_now")


def _find_doubles(work: TableLoad) -> None:
    """Lay table `doubles`: the row numbers whose key was used by a row before."""
    key = [_key_column(work.table, one) for one in work.table.key]
    staged = f"read_parquet({literal(work.staging)}, file_row_number=true)"
    work.engine.execute("CREATE OR REPLACE TEMP TABLE doubles (row BIGINT)")
    if not key:
        return
    columns = ", ".join(key)
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE keys_twice AS SELECT {columns} FROM {staged} WHERE {REASON} IS NULL "
        f"GROUP BY {columns} HAVING count(*) > 1"
    )
    work.engine.execute(
        f"INSERT INTO doubles SELECT file_row_number FROM {staged} SEMI JOIN keys_twice USING ({columns}) WHERE {REASON} IS NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY file_row_number) > 1"
    )


def _key_column(table: Table, column: str) -> str:
    return IDENTIFIER if table.column(column).kind == ColumnClass.PERSON_IDENTIFIER else name(column)


def _counts(work: TableLoad) -> Mapping[str, int]:
    """Return reason to rows, under "" the rows that are good."""
    rows = work.engine.execute(
        f"SELECT coalesce(reason, ''), count(*) FROM ({_judged(work)}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def _judged(work: TableLoad) -> str:
    staged = f"read_parquet({literal(work.staging)}, file_row_number=true)"
    return (
        f"SELECT file_row_number AS row, CASE WHEN {REASON} IS NOT NULL THEN {REASON} "
        f"WHEN file_row_number IN (SELECT row FROM doubles) THEN {literal(_DOUBLE)} END AS reason FROM {staged}"
    )


def _check_limit(work: TableLoad, counts: Mapping[str, int]) -> None:
    total, bad = sum(counts.values()), sum(rows for reason, rows in counts.items() if reason)
    if not total and not work.table.may_be_absent:
        raise Invalid(
            {work.table.file: f"The file {work.table.file} has no rows: ask for the whole file."}, code="data.raw.empty"
        )
    if bad > total * work.contract.quarantine_limit:
        worst = max((reason for reason in counts if reason), key=lambda reason: counts[reason])
        sentence = (
            f"{work.table.file}: {bad} of {total} rows do not fit, more than the contract's limit of "
            f"{work.contract.quarantine_limit:.2%}; most often: {worst}. Nothing was loaded: have the file mended."
        )
        raise Invalid({work.table.file: sentence}, code="data.raw.too_many_misfits")


def _write(work: TableLoad, path: Path) -> None:
    columns = [f"s.{name(one.name)}" for one in stored(work.table)]
    staged = f"read_parquet({literal(work.staging)}, file_row_number=true) s"
    if work.table.has_person:
        columns.insert(0, f"n.{PERSON}")
        staged += f" JOIN numbers n USING ({IDENTIFIER})"
    work.engine.execute(
        f"COPY (SELECT {', '.join(columns)} FROM {staged} WHERE s.{REASON} IS NULL AND s.file_row_number NOT IN (SELECT row FROM doubles)) TO {literal(path)} (FORMAT parquet)"
    )


def _write_quarantine(work: TableLoad, part: Path) -> None:
    """Keep which lines failed and why: 2 is the first line after the heading."""
    folder = part / QUARANTINE
    folder.mkdir(exist_ok=True)
    rows = f"SELECT row + 2 AS line, reason FROM ({_judged(work)}) WHERE reason IS NOT NULL ORDER BY line"
    work.engine.execute(f"COPY ({rows}) TO {literal(folder / f'{work.table.name}.parquet')} (FORMAT parquet)")


def _persons(work: TableLoad, path: Path) -> int:
    if not work.table.has_person:
        return 0
    found = work.engine.execute(f"SELECT count(DISTINCT {PERSON}) FROM read_parquet({literal(path)})").fetchone()
    return int(found[0]) if found else 0
