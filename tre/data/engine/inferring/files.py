"""Owns how a file is read for a draft: by its own first line, which must be a heading. Must never take a row for one.

A draft repeats the names of columns: were a row taken for the heading, it would repeat that row's values.
"""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from tre.data.domain.dialect import DELIMITERS
from tre.data.engine.duck import literal, name
from tre.data.engine.raw.files import is_parquet, opened
from tre.kernel.errors import Invalid

_FIRST_BYTES = 256 * 1024
_NO_NAME = re.compile(r"[^A-Za-z]*|.*@.*|[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}|[A-Za-z]{2}[0-9]{6}[A-D]")
"""What a column is hardly called: nothing, numbers and dates, an e-mail address, a postcode, a National Insurance number."""


def as_text(path: Path) -> tuple[list[str], str]:
    """Return the names of the columns, and SQL of the rows as text.

    Raises:
        Invalid: it cannot be read, or has no heading.
    """
    if is_parquet(path):
        names = _of_parquet(path)
        values = ", ".join(f"CAST({name(one)} AS VARCHAR) AS {name(one)}" for one in names)
        return names, f"(SELECT {values} FROM read_parquet({literal(path)}))"
    line = _first_line(path)
    counts = Counter({one: line.count(one) for one in DELIMITERS})
    delimiter = counts.most_common(1)[0][0]
    names = [one.strip() for one in next(csv.reader(io.StringIO(line), delimiter=delimiter), [])]
    _check(path, names)
    packed = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix, "none")
    types = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in names)
    how = f"delim={literal(delimiter)}, quote='\"', escape='\"', nullstr='', compression={literal(packed)}"
    rows = f"auto_detect=false, header=true, ignore_errors=true, null_padding=true, columns={{{types}}}"
    return names, f"read_csv({literal(path)}, {how}, {rows})"


def _of_parquet(path: Path) -> list[str]:
    try:
        names = [str(one) for one in pq.read_schema(path).names]
    except (OSError, ValueError):
        sentence = f"{path.name} is no Parquet file, or a damaged one: ask for it again."
        raise Invalid({path.name: sentence}, code="data.infer.unreadable") from None  # the cause may repeat the file
    _check(path, names)
    return names


def _first_line(path: Path) -> str:
    with opened(path) as stream:
        lines = stream.read(_FIRST_BYTES).decode("utf-8-sig", errors="replace").splitlines()
    return lines[0] if lines else ""


def _check(path: Path, names: list[str]) -> None:
    lower = [one.lower() for one in names]
    if not names or len(set(lower)) < len(lower) or any(_NO_NAME.fullmatch(one) for one in names):
        sentence = (
            f"{path.name}: the first line is no heading (a name is empty, twice there, or looks like a value). "
            "Put the columns' names into the first line."
        )
        raise Invalid({path.name: sentence}, code="data.infer.no_heading")
