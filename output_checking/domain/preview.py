"""Owns what of a file is shown at a time: pages of a table or a text with the places that rules flagged. Shows all, mends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from output_checking.domain.checks.files.content import Kind, as_text
from output_checking.domain.checks.files.examine import delimiter_of
from output_checking.domain.checks.files.file_kinds import MOST_COLUMNS
from output_checking.domain.checks.files.tabular import read_table

ROWS_SHOWN = 100
LINES_SHOWN = 300


class Flag(Protocol):
    """What a preview needs of a finding."""

    @property
    def severity(self) -> str: ...  # noqa: D102 - as in the finding
    @property
    def sentence(self) -> str: ...  # noqa: D102 - as in the finding
    @property
    def row(self) -> int | None: ...  # noqa: D102 - as in the finding
    @property
    def column(self) -> str: ...  # noqa: D102 - as in the finding


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell or line: its text, and the heaviest flag on it, None where there is none."""

    text: str
    flag: Flag | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One data row or line; `number` counts from 1 through the whole file."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A page of a file.

    Args:
        columns: names, empty for a text.
        rows: what this page shows.
        page: which page, from 1.
        pages: how many there are.
        total: rows or lines in all.
        problem: why it cannot be shown, in words; empty where it can.
    """

    columns: tuple[Cell, ...] = ()
    rows: tuple[Row, ...] = ()
    page: int = 1
    pages: int = 1
    total: int = 0
    problem: str = ""


def preview(kind: Kind, body: bytes, flags: Sequence[Flag], *, page: int) -> Preview:
    """Return one page of a table or text; pictures are shown by the browser, other kinds not at all.

    Args:
        kind: what the file is.
        body: its bytes.
        flags: the findings on it.
        page: which page, from 1; the last one where there are fewer.
    """
    if kind.is_picture:
        return Preview()
    text = as_text(body)
    if not kind.is_checkable or text is None:
        return Preview(problem="A file of this kind cannot be shown, so it cannot be checked.")
    if not kind.is_table:
        return _of_text(text, flags, page=page)
    try:
        return _of_table(text, kind, flags, page=page)
    except ValueError as error:
        return Preview(problem=f"This cannot be read as a table ({error}).")


def page_of(row: int, kind: Kind) -> int:
    """Return the page on which a row or line stands."""
    return (row - 1) // (ROWS_SHOWN if kind.is_table else LINES_SHOWN) + 1


def _of_table(text: str, kind: Kind, flags: Sequence[Flag], *, page: int) -> Preview:
    table = read_table(text, delimiter=delimiter_of(kind))
    by_place = _by_place(flags)
    names = table.columns[:MOST_COLUMNS]
    number, pages = _within(page, total=len(table.rows), size=ROWS_SHOWN)
    first = (number - 1) * ROWS_SHOWN
    rows = [
        Row(
            number=place,
            cells=tuple(
                Cell(text=cell, flag=by_place.get((place, name)))
                for name, cell in zip(names, _padded(cells, len(names)), strict=False)
            ),
        )
        for place, cells in enumerate(table.rows[first : first + ROWS_SHOWN], start=first + 1)
    ]
    columns = tuple(Cell(text=name, flag=by_place.get((None, name))) for name in names)
    return Preview(columns=columns, rows=tuple(rows), page=number, pages=pages, total=len(table.rows))


def _of_text(text: str, flags: Sequence[Flag], *, page: int) -> Preview:
    lines = text.splitlines()
    by_place = _by_place(flags)
    number, pages = _within(page, total=len(lines), size=LINES_SHOWN)
    first = (number - 1) * LINES_SHOWN
    rows = [
        Row(number=place, cells=(Cell(text=line, flag=by_place.get((place, ""))),))
        for place, line in enumerate(lines[first : first + LINES_SHOWN], start=first + 1)
    ]
    return Preview(rows=tuple(rows), page=number, pages=pages, total=len(lines))


def _by_place(flags: Sequence[Flag]) -> dict[tuple[int | None, str], Flag]:
    # findings come heaviest first: the first on a place stays
    found: dict[tuple[int | None, str], Flag] = {}
    for flag in flags:
        found.setdefault((flag.row, flag.column), flag)
    return found


def _within(page: int, *, total: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return min(max(1, page), pages), pages


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))
