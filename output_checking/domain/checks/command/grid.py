"""Owns how cells are set out in rows and columns for people, and what each is called. Must never leave a cell out, nor two be one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.command.plain import plain

TOTAL = "Total"
LONGEST = 80  # of a name in a sentence; the table has it whole


class Heading(NamedTuple):
    """What stands before a row or above a column."""

    is_total: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells by their row's and their column's heading.

    Args:
        corner: what the rows' headings are levels of.
        single: what the one column is called where nothing splits the columns.
        hidden: cells that the output does not show.
    """

    corner: str
    single: str
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: Mapping[tuple[Heading, Heading], JudgedCell]
    hidden: frozenset[tuple[tuple[str, ...], tuple[str, ...]]]

    def column(self, heading: Heading) -> str:
        """Return what a column is called."""
        return named(heading) or self.single

    def shown(self, one: JudgedCell) -> str:
        """Return what the output shows in a cell."""
        if one.cell.value is None and (one.cell.row, one.cell.column) in self.hidden:
            return "hidden"
        return shown(one.cell.value)


def set_out(answer: Answer) -> Grid:
    """Return the cells of an answer by their headings."""
    cells = {_place(one, answer): one for one in answer.cells}
    hidden = answer.spec.get("suppressed", ())
    return Grid(
        corner=_names(answer.spec.get("rows", answer.spec.get("by", ()))),
        single=statistic(answer.spec),
        rows=tuple(dict.fromkeys(row for row, _ in cells)),
        columns=tuple(dict.fromkeys(column for _, column in cells)),
        cells=cells,
        hidden=frozenset((tuple(one["row"]), tuple(one["column"])) for one in hidden),
    )


def place_of(one: JudgedCell, answer: Answer) -> str:
    """Return where a cell stands, in words: `North × F`, `North × Total`."""
    parts = [named(heading) for heading in _place(one, answer)]
    return " × ".join(_short(part) for part in parts if part) or "the one cell"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 2]}…{name[-LONGEST // 2 :]}"


def _place(one: JudgedCell, answer: Answer) -> tuple[Heading, Heading]:
    # a total over what nothing splits is no heading of its own
    has_rows, has_columns = (bool(answer.spec.get(name)) for name in ("rows", "columns"))
    margin = one.cell.margin
    return (
        Heading(has_rows and margin in {"column", "total"}, one.cell.row),
        Heading(has_columns and margin in {"row", "total"}, one.cell.column),
    )


def named(heading: Heading) -> str:
    """Return what a heading is called; nothing where nothing splits there."""
    return TOTAL if heading.is_total else " / ".join(map(_level, heading.levels))


def _level(name: str) -> str:
    """Return a level's name; between quotes where it could be taken for nothing, for several levels or for a total."""
    if not name:
        return "(empty)"
    is_unclear = name != name.strip() or name in {TOTAL, "(empty)"} or " / " in name
    return f'"{plain(name)}"' if is_unclear else plain(name)


def statistic(spec: Mapping[str, Any]) -> str:
    """Return what stands in the cells: `mean of cost`."""
    kinds = {"histogram": "count", "box": "median", "survival": "share without the event"}
    name = kinds.get(spec.get("kind", "table"), spec.get("statistic", "count"))
    measure = spec.get("measure", "")
    over = f" / {spec['denominator']}" if "denominator" in spec else ""
    at = f" {spec['quantile']:g}" if "quantile" in spec else ""
    of = f" of {measure}{over}" if measure else ""
    share = f", as a share of its {spec['normalize']}".replace("its all", "all") if "normalize" in spec else ""
    return plain(f"{name}{at}{of}{share}")


def described(spec: Mapping[str, Any]) -> str:
    """Return what the output is, in one line: `count by region × sex, where age > 18`."""
    if spec.get("kind", "table") not in {"table", "histogram", "box", "survival"}:
        return plain(f"{spec['kind']}{_where(spec)}")
    parts = [_names(spec.get(name, ())) for name in ("rows", "columns", "by")]
    by = " × ".join(part for part in parts if part)
    return f"{statistic(spec)}{f' by {by}' if by else ''}{plain(_where(spec))}"


def _where(spec: Mapping[str, Any]) -> str:
    return f", where {spec['filter']}" if spec.get("filter", "").strip() else ""


def _names(dimensions: Iterable[str | Mapping[str, Any]]) -> str:
    return plain(" / ".join(one if isinstance(one, str) else one["column"] for one in dimensions))


def shown(value: float | str | None) -> str:
    """Return a value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return plain(value)
    if abs(value) >= 1e15:  # noqa: PLR2004 - beyond it floats are not exact
        return f"{value:,.4g}"
    is_whole = float(value).is_integer() or abs(value) >= 1000  # noqa: PLR2004 - four figures are enough for people
    return f"{value:,.0f}" if is_whole else f"{value:,.4g}"
