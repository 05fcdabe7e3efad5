"""Owns how cells are set out in rows and columns for people. Must never leave a cell out."""

from dataclasses import dataclass

from output_checking.domain.checks.answer import Answer, JudgedCell

TOTAL = "Total"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells by row and column heading."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], JudgedCell]


def set_out(answer: Answer) -> Grid:
    """Return the cells of an answer by their headings, totals last."""
    cells: dict[tuple[str, str], JudgedCell] = {}
    for one in answer.cells:
        row = _heading(one.cell.row, is_total=one.cell.margin in {"column", "total"})
        column = _heading(one.cell.column, is_total=one.cell.margin in {"row", "total"}) or "value"
        cells[row, column] = one
    return Grid(
        rows=tuple(dict.fromkeys(row for row, _ in cells)),
        columns=tuple(dict.fromkeys(column for _, column in cells)),
        cells=cells,
    )


def shown(value: float | str | None) -> str:
    """Return a value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:,.4g}"  # noqa: PLR2004 - beyond it floats are not exact


def _heading(levels: tuple[str, ...], *, is_total: bool) -> str:
    return TOTAL if is_total and not levels else " / ".join(levels)
