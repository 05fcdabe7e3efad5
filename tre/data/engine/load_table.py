"""Owns the loading of one table: its rows laid and judged, the good ones into the store's Parquet, the others' places aside.

A table that is whole leaves a mark beside it, so that a load that was killed goes on with the next one. Must never enrol a
person of a table that is refused.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, ColumnType
from tre.data.engine import staging
from tre.data.engine.cleaning import IDENTIFIER
from tre.data.engine.duck import EngineError, literal
from tre.data.engine.folders import PEOPLE, flush, sha256_of, write_whole
from tre.data.engine.laid import NUMBERS, PERSONS
from tre.data.engine.raw import lacking, unreadable
from tre.data.engine.staging import TableLoad
from tre.kernel.errors import Invalid

QUARANTINE = "quarantine"
MARKS = ".loaded"
_DICTIONARY = "dictionary_size_limit 1000"
"""Different values up to which a column is written by dictionary: looking for more takes as long as all the rest of it."""


def load_table(work: TableLoad) -> dict[str, Any]:
    """Write `TABLE.parquet` and its quarantine into the version's folder; return its entry for the manifest.

    Raises:
        Invalid: the file is not there or does not fit, or more rows fail than the contract allows.
    """
    done = _loaded_before(work)
    if done:
        return done
    try:
        entry = _load(work)
    except EngineError as error:
        raise unreadable(_file_name(work), error) from None  # the engine's message repeats the line: never keep it
    finally:
        staging.drop_rows(work)
    mark = _mark(work)
    mark.parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(mark, json.dumps(entry).encode())
    return entry


def _load(work: TableLoad) -> dict[str, Any]:
    staging.lay_rows(work)
    counts = staging.reasons(work)
    _check_limit(work, counts)
    persons = staging.enrol(work)
    path = work.part / f"{work.table.name}.parquet"
    aside = work.part / QUARANTINE / path.name
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    work.engine.execute(f"COPY ({staging.good_rows(work)}) TO {literal(path)} (FORMAT parquet, {_DICTIONARY})")
    work.engine.execute(f"COPY ({staging.bad_rows(work)}) TO {literal(aside)} (FORMAT parquet)")
    sha256 = _kept(path)
    flush(aside)
    people = _list_people(work, whole=set(counts) == {""}) if work.table.has_person else None
    return {
        "name": work.table.name,
        "file": path.name,
        "absent": not work.raw.has(work.table.file),
        "lacking": _lacking(work),
        "rows": counts.get("", 0),
        "persons": persons,
        "quarantined": {reason: rows for reason, rows in counts.items() if reason},
        "sha256": sha256,
        "people_sha256": people,
    }


def _list_people(work: TableLoad, *, whole: bool) -> str:
    """Keep who is in the table, each once; return the file's hash. With `whole`, no row was set aside: they are those who were named."""
    people = work.part / PEOPLE / f"{work.table.name}.parquet"
    people.parent.mkdir(mode=0o700, exist_ok=True)
    rows = f"read_parquet({literal(work.part / people.name)})"
    named = f"SELECT {PERSON} AS number FROM {NUMBERS} SEMI JOIN {PERSONS} USING ({IDENTIFIER})"
    select = named if whole else f"SELECT DISTINCT {PERSON} AS number FROM {rows}"
    work.engine.execute(
        f"COPY ({select} ORDER BY number) TO {literal(people)} (FORMAT parquet, COMPRESSION uncompressed)"
    )
    return _kept(people)


def _kept(path: Path) -> str:
    """Have the disk keep a file; return its hash, reckoned while the disk works."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        flushed = pool.submit(flush, path)
        sha256 = sha256_of(path)
        flushed.result()
    return sha256


def _loaded_before(work: TableLoad) -> dict[str, Any]:
    """Return the entry that a load that was killed left of this table; empty where it left none, or its file is another."""
    mark, path = _mark(work), work.part / f"{work.table.name}.parquet"
    people = work.part / PEOPLE / path.name
    if not (mark.exists() and path.exists() and (people.exists() or not work.table.has_person)):
        return {}
    entry: dict[str, Any] = json.loads(mark.read_text())
    return entry if sha256_of(path) == entry["sha256"] else {}


def _mark(work: TableLoad) -> Path:
    return work.part / MARKS / f"{work.table.name}.json"


def _lacking(work: TableLoad) -> list[str]:
    """Return the columns, as researchers see them, that the raw file is without, and may be."""
    if not work.table.may_lack or not work.raw.has(work.table.file):
        return []
    gone = set(lacking(work.raw.file(work.table.file), sorted(work.table.may_lack)))
    return [one.name for one in work.table.columns if one.source in gone]


def _file_name(work: TableLoad) -> str:
    return work.raw.file(work.table.file).path.name


def _check_limit(work: TableLoad, counts: Mapping[str, int]) -> None:
    total, bad = sum(counts.values()), sum(rows for reason, rows in counts.items() if reason)
    if not total and not work.table.may_be_absent:
        file = _file_name(work)
        sentence = f"{file} has no rows: there is nothing below the heading in line 1. Ask for the whole file."
        raise Invalid({work.table.file: sentence}, code="data.raw.empty")
    if bad > total * work.contract.quarantine_limit:
        worst = max((reason for reason in counts if reason), key=lambda reason: counts[reason])
        sentence = (
            f"{_file_name(work)}: {bad:,} of {total:,} rows do not fit, more than the contract's limit of "
            f"{work.contract.quarantine_limit:.2%}; most often: {worst}, first in row {staging.first_row(work, worst):,} "
            f"below the heading.{_hint(work, worst)} Nothing was loaded: have the file mended."
        )
        raise Invalid({work.table.file: sentence}, code="data.raw.too_many_misfits")


def _hint(work: TableLoad, reason: str) -> str:
    """Return what may lie behind it: only the contract can say whether 1,5 is one and a half."""
    decimals = [one.name for one in work.table.columns if one.type == ColumnType.DECIMAL]
    if work.table.dialect.decimal == "." and any(reason.startswith(f"{one}: not a value") for one in decimals):
        return " If the numbers have a decimal comma, say so in the contract (dialect: {decimal: ','})."
    return ""
