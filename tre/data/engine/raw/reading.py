"""Owns how a raw file becomes a relation of text columns: heading against contract, delimiter and quote by the heading.

Must never guess from the values: only the heading, whose names the contract gives, decides.
"""

import csv
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from tre.data.domain.contract import Table
from tre.data.domain.dialect import DELIMITERS, QUOTES
from tre.data.engine.duck import Connection, count_of, literal, name
from tre.data.engine.raw.faults import refuse
from tre.data.engine.raw.files import is_parquet, opened
from tre.data.engine.raw.folder import RawFile
from tre.data.engine.raw.scanning import LONGEST_LINE

Heading = list[str]
_OURSELVES = "utf-8-sig"
_ALL_TEXT: Mapping[str, str] = {}


def no_rows(columns: Sequence[str]) -> str:
    """Return SQL of a relation of text columns without a row: what a file that may be absent stands for."""
    values = ", ".join(f"CAST(NULL AS VARCHAR) AS {name(one)}" for one in columns)
    return f"(SELECT {values} WHERE false)"


def sources(table: Table) -> tuple[str, ...]:
    """Return the raw column names that a table's contract speaks of, each once."""
    return tuple(dict.fromkeys(column.source for column in table.columns))


def relation(
    raw: RawFile, columns: Sequence[str], *, may_lack: Collection[str] = (), types: Mapping[str, str] = _ALL_TEXT
) -> str:
    """Return SQL that reads the file as columns of text, or of a type that is given.

    Args:
        raw: the file, looked at.
        columns: names that it must have, no more and no fewer, in any order; capitals do not count.
        may_lack: those of them that the file may be without: they are empty then.
        types: column to the engine's type to read it as, of a text file; a value that is not of it fails the statement.

    Raises:
        Invalid: the file has no heading, or its columns differ from the contract's.
    """
    if is_parquet(raw.path):
        heading, rows = _of_parquet(raw, columns)
    else:
        delimiter, quote, heading = _heading(raw, columns)
        rows = _read_csv(raw, heading, delimiter=delimiter, quote=quote, types=types)
    _compare(raw, heading, columns, may_lack)
    lacking = [one for one in columns if one.lower() not in _lower(heading)]
    empty = "".join(f", CAST(NULL AS VARCHAR) AS {name(one)}" for one in lacking)
    return f"(SELECT *{empty} FROM {rows})" if lacking else rows


def heading_of(raw: RawFile, columns: Sequence[str]) -> Heading:
    """Return the names of the file's columns, told apart so that as many of `columns` as can be are among them."""
    return _of_parquet(raw, columns)[0] if is_parquet(raw.path) else _heading(raw, columns)[2]


def lacking(raw: RawFile, columns: Sequence[str]) -> list[str]:
    """Return those of the columns that the file is without."""
    heading = _lower(heading_of(raw, columns))
    return [one for one in columns if one.lower() not in heading]


def row_count(engine: Connection, raw: RawFile) -> int:
    """Return how many rows a file has whose columns nobody told."""
    if is_parquet(raw.path):
        rows = f"read_parquet({literal(raw.read)})"
    else:
        delimiter, quote, heading = _heading(raw, ())
        rows = _read_csv(raw, [f"column {number}" for number in range(len(heading))], delimiter=delimiter, quote=quote)
    return count_of(engine, rows)


def _read_csv(
    raw: RawFile, heading: Heading, *, delimiter: str, quote: str, types: Mapping[str, str] = _ALL_TEXT
) -> str:
    by_name = {one.lower(): kind for one, kind in types.items()}
    columns = ", ".join(f"{literal(one)}: '{by_name.get(one.lower(), 'VARCHAR')}'" for one in _different(heading))
    packed = {".gz": "gzip", ".zst": "zstd"}.get(raw.read.suffix, "none")
    return (
        f"read_csv({literal(raw.read)}, auto_detect=false, header=true, delim={literal(delimiter)}, quote={literal(quote)}, "
        f"escape={literal(quote)}, nullstr='', compression={literal(packed)}, max_line_size={LONGEST_LINE}, columns={{{columns}}})"
    )


def _of_parquet(raw: RawFile, columns: Sequence[str]) -> tuple[Heading, str]:
    try:
        schema = pq.read_schema(raw.path)
    except (OSError, ValueError):  # pyarrow's errors; the cause may repeat the file
        sentence = f"{raw.path.name} cannot be read: the Parquet file is cut off or damaged. Ask for it again."
        raise refuse(raw.path.name, sentence) from None
    wanted = set(_lower(columns))
    for field in schema:
        if field.name.lower() in wanted and _is_no_value(field.type):
            kind = str(field.type).split("<", maxsplit=1)[0]
            sentence = f"{raw.path.name}, column {field.name}: its type is {kind}, which is no single value. Give text, numbers or dates."
            raise refuse(raw.path.name, sentence)
    heading = [str(one) for one in schema.names]
    read = ", ".join(f"CAST({name(one)} AS VARCHAR) AS {name(one)}" for one in heading)
    return heading, f"(SELECT {read} FROM read_parquet({literal(raw.read)}))"


def _is_no_value(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _heading(raw: RawFile, columns: Sequence[str]) -> tuple[str, str, Heading]:
    """Return delimiter, quote and heading: of those possible the one whose heading has most of the contract's columns."""
    line = _first_line(raw)
    delimiters = (raw.dialect.delimiter,) if raw.dialect.delimiter else _usual_first(raw)
    quotes = (raw.dialect.quote,) if raw.dialect.quote else QUOTES
    wanted = set(_lower(columns))
    tried = [(one, quote, _split(line, one, quote)) for one in delimiters for quote in quotes]
    best = max(tried, key=lambda one: len(wanted & set(_lower(one[2]))) if wanted else len(one[2]))
    if len(wanted) > 1 and len(best[2]) <= 1:
        sentence = (
            f"{raw.path.name}, line 1: the columns cannot be told apart: comma, semicolon, tab and bar were tried. Have the file "
            "written with commas, or, of a dataset, say the delimiter in the contract (dialect: {delimiter: …})."
        )
        raise refuse(raw.path.name, sentence)
    return best


def _usual_first(raw: RawFile) -> tuple[str, ...]:
    return ("\t", *(one for one in DELIMITERS if one != "\t")) if ".tsv" in raw.path.suffixes else DELIMITERS


def _first_line(raw: RawFile) -> str:
    with opened(raw.read) as stream:
        text = stream.read(LONGEST_LINE).decode(_OURSELVES, errors="replace")
    if not text.strip():
        raise refuse(raw.path.name, f"{raw.path.name} is empty: line 1 must be the heading. Ask for the whole file.")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 1)[0]


def _split(line: str, delimiter: str, quote: str) -> Heading:
    try:
        return [one.strip() for one in next(csv.reader([line], delimiter=delimiter, quotechar=quote, strict=True), [])]
    except csv.Error:
        return []


def _lower(names: Sequence[str]) -> list[str]:
    return [one.lower() for one in names]


def _different(heading: Heading) -> Heading:
    """Return the heading where no two names are alike; `_compare` refuses a file that has such two."""
    lower = _lower(heading)
    return [
        one if lower.index(low) == place else f"{one} {place}"
        for place, (one, low) in enumerate(zip(heading, lower, strict=True))
    ]


def _compare(raw: RawFile, heading: Heading, columns: Sequence[str], may_lack: Collection[str]) -> None:
    file, lower, wanted = raw.path.name, _lower(heading), set(_lower(columns))
    twice = next((place for place, one in enumerate(lower) if lower.index(one) < place), None)
    missing = [one for one in columns if one.lower() not in lower and one not in may_lack]
    extra = [place for place, one in enumerate(lower, 1) if one not in wanted]
    if twice is not None:
        what = f"the column {heading[twice]}" if lower[twice] in wanted else f"the name of column {twice + 1}"
        raise refuse(file, f"{file}, line 1: {what} is there twice. Remove one.")
    if missing:
        sentence = (
            f"{file}, line 1: the column {missing[0]} is missing ({len(missing)} in all). Ask for the whole file."
        )
        raise refuse(file, sentence)
    if extra:
        raise refuse(
            file, f"{file}, line 1: column {extra[0]} is not in the contract. Add it there, or remove it here."
        )
