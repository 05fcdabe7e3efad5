"""Owns how a raw file becomes a relation of text columns. Must never repeat a line of the file in an error."""

import csv
import gzip
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TextIO, cast

import pyarrow.parquet as pq

from tre.data.domain.contract import Table
from tre.data.engine.duck import literal, name
from tre.kernel.errors import Invalid

ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet")


def find_raw(folder: Path, stem: str) -> Path:
    """Return the one file in `folder` called `stem` with a known ending; raise `Invalid` if there is none or more than one.

    Capitals do not count: OMOP's own tools write `PERSON.csv` and `person.csv`.
    """
    found = all_raw(folder, stem)
    if len(found) != 1:
        many = "is missing" if not found else "is there more than once"
        raise _refuse(stem, f"The file {stem} {many}: give one of {', '.join(stem + ending for ending in ENDINGS)}.")
    return found[0]


def all_raw(folder: Path, stem: str) -> list[Path]:
    """Return the files in `folder` that are called `stem`, with any known ending, in order."""
    wanted = {f"{stem}{ending}".lower() for ending in ENDINGS}
    named = (path for path in folder.iterdir() if path.name.lower() in wanted and path.name.endswith(ENDINGS))
    return sorted(path for path in named if path.is_file())


def no_rows(columns: Sequence[str]) -> str:
    """Return SQL of a relation of text columns without a row: what a file that may be absent stands for."""
    values = ", ".join(f"CAST(NULL AS VARCHAR) AS {name(one)}" for one in columns)
    return f"(SELECT {values} WHERE false)"


def relation(path: Path, columns: Sequence[str], *, may_lack: Collection[str] = ()) -> str:
    """Return SQL that reads the file as text columns.

    Args:
        path: raw file.
        columns: names that it must have, no more and no fewer, in any order; capitals do not count.
        may_lack: those of `columns` that it may be without: they are NULL then.

    Raises:
        Invalid: the file is empty, is no such file, or its columns differ from the contract's.
    """
    header = {one.lower() for one in _header(path)}
    lacking = [one for one in columns if one in may_lack and one.lower() not in header]
    _compare(path, _header(path), [one for one in columns if one not in lacking])
    if not lacking:
        return as_text(path)
    empty = "".join(f", CAST(NULL AS VARCHAR) AS {name(one)}" for one in lacking)
    return f"(SELECT *{empty} FROM {as_text(path)})"


def as_text(path: Path) -> str:
    """Return SQL that reads the file as text columns, whatever they are; raise `Invalid` if it is no such file."""
    header = _header(path)
    if path.suffix == ".parquet":
        read = ", ".join(f"CAST({name(one)} AS VARCHAR) AS {name(one)}" for one in header)
        return f"(SELECT {read} FROM read_parquet({literal(path)}))"
    types = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in header)
    delimiter = literal(_delimiter(path))
    return (
        f"read_csv({literal(path)}, auto_detect=false, header=true, delim={delimiter}, quote='\"', escape='\"', "
        f"nullstr='', columns={{{types}}})"
    )


def sources(table: Table) -> tuple[str, ...]:
    """Return the raw column names that a table's contract speaks of, each once."""
    return tuple(dict.fromkeys(column.source for column in table.columns))


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in path.suffixes else ","


def _header(path: Path) -> list[str]:
    try:
        if path.suffix == ".parquet":
            return [str(one) for one in pq.read_schema(path).names]
        with _open_text(path) as file:
            return [one.strip() for one in next(csv.reader(file, delimiter=_delimiter(path)), [])]
    except (OSError, ValueError, csv.Error):  # pyarrow's errors are OSError and ValueError
        sentence = f"{path.name} cannot be read: it is not what its ending says, or it is damaged. Ask for it again."
        raise _refuse(path.name, sentence) from None  # the cause may repeat the file


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline=""))
    return path.open(encoding="utf-8-sig", errors="replace", newline="")  # the engine judges the bytes


def _compare(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    lower, wanted = [one.lower() for one in header], {one.lower() for one in columns}
    twice = [one for one in header if lower.count(one.lower()) > 1]
    missing = [one for one in columns if one.lower() not in lower]
    extra = [one for one in header if one.lower() not in wanted]
    if twice:
        raise _refuse(path.name, f"{path.name}, line 1: the column {twice[0]} is there twice. Remove one.")
    if missing:
        sentence = (
            f"{path.name}, line 1: the column {missing[0]} is missing ({len(missing)} in all). Ask for the whole file."
        )
        raise _refuse(path.name, sentence)
    if extra:
        sentence = f"{path.name}, line 1: column {header.index(extra[0]) + 1} is not in the contract. Add it there, or remove it here."
        raise _refuse(path.name, sentence)


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid({field: sentence}, code="data.raw.invalid")
