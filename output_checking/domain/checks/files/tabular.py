"""Owns reading a delimited text into rows and columns, exactly as it will be shown. Must never drop or mend a cell."""

import csv
import io
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"[+-]?[\d,]{0,30}\.?\d{1,30}([eE][+-]?\d+)?%?")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A delimited file.

    Args:
        columns: one name per column of the widest row; `column 3` where the file gives none.
        rows: data rows as text; a short row has fewer cells than there are columns.
        width: cells of the first row of the file; other rows may have fewer or more.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int

    def column(self, place: int) -> tuple[str, ...]:
        """Return the cells of the column at `place` (0 is the first), empty where a row is too short."""
        return tuple(row[place].strip() if place < len(row) else "" for row in self.rows)


def read_table(text: str, *, delimiter: str) -> Table:
    """Return the table in `text`.

    Raises:
        ValueError: the text is not well-formed (a quote that never ends, a cell of more than 128 KiB).
    """
    try:
        rows = [
            tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row
        ]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not rows:
        return Table(columns=(), rows=(), width=0)
    width = max(len(row) for row in rows)
    header = rows[0] if _is_header(rows[0]) else ()
    names = tuple(_name(header, place) for place in range(width))
    return Table(columns=names, rows=tuple(rows[1:] if header else rows), width=len(rows[0]))


def is_number(cell: str) -> bool:
    """Say whether a cell is written as a number."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def _is_header(row: tuple[str, ...]) -> bool:
    # a row of numbers only may be a header of years, but to look at it as data misses nothing
    return not all(is_number(cell) for cell in row)


def _name(header: tuple[str, ...], place: int) -> str:
    written = header[place].strip() if place < len(header) else ""
    return written or f"column {place + 1}"
