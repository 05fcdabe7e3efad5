"""Owns what a quality report says of a version: how full, which values, how much has moved since. Must never hold a count of few.

Every count is rounded and told only where ten persons or more stand behind it (`small_numbers`); ends of ranges are the first
and the ninety-ninth centile, because the smallest and the largest value are one person's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tre.data.domain.small_numbers import FEWEST, rounded

MOVED = 0.1
"""Share of the rows that would have to change their value to undo the difference: above this the page points it out."""
EMPTIER = 0.05
ROWS_CHANGED = 0.2
OTHERS = "all others"

Report = Mapping[str, Any]


def bar(label: str, rows: int, persons: int) -> dict[str, Any]:
    """Return one value's line: rows rounded, or None where fewer than ten persons stand behind it."""
    return {"label": label, "rows": rounded(rows) if min(rows, persons) >= FEWEST else None}


def bars(values: Iterable[tuple[str, int, int]], *, total: int) -> list[dict[str, Any]]:
    """Return the lines of a column's values (label, rows, persons), those of few persons gathered into one without a number."""
    told = [bar(*one) for one in values]
    shown = [one for one in told if one["rows"] is not None]
    left = total - sum(one["rows"] for one in shown)
    if len(shown) < len(told) or left >= FEWEST:
        hidden = rounded(left) if left >= FEWEST and len(shown) == len(told) else None
        shown.append({"label": OTHERS, "rows": hidden})
    return shown


def shares(lines: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return label to share of the rows that are told."""
    total = sum(one["rows"] or 0 for one in lines)
    return {one["label"]: (one["rows"] or 0) / total for one in lines} if total else {}


def moved(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> float | None:
    """Return how far two distributions are apart, 0 to 1: half the sum of the differences (total variation distance).

    None where one of them has nothing to compare.
    """
    old, new = shares(before), shares(now)
    if not old or not new:
        return None
    return round(sum(abs(new.get(one, 0.0) - old.get(one, 0.0)) for one in old.keys() | new.keys()) / 2, 3)


def compared(now: Report, before: Report) -> dict[str, Any]:
    """Return the report with what has changed since the version before: drift of each column, and sentences to look at."""
    old = {one["name"]: one for one in before.get("tables", ())}
    tables = [_table(one, old.get(one["name"])) for one in now["tables"]]
    return {**now, "tables": tables, "before": before.get("version", ""), "notices": [*_notices(tables, old)]}


def _table(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    old = {one["name"]: one for one in before["columns"]} if before else {}
    return {
        **now,
        "rows_before": before["rows"] if before else None,
        "columns": [_column(one, old.get(one["name"])) for one in now["columns"]],
    }


def _column(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    same = before is not None and before.get("kind") == now.get("kind")
    return {
        **now,
        "filled_before": before["filled"] if before else None,
        "moved": moved(before["bars"], now["bars"]) if before and same else None,
    }


def _notices(tables: Sequence[Mapping[str, Any]], before: Mapping[str, Any]) -> Iterable[str]:
    for table in tables:
        old = table["rows_before"]
        if before and old is None:
            yield f"{table['name']}: the version before had no such table."
        if old and abs(table["rows"] - old) > ROWS_CHANGED * old:
            yield f"{table['name']}: about {table['rows']:,} rows, {old:,} before."
        for column in table["columns"]:
            yield from _of_column(f"{table['name']}.{column['name']}", column)
    for gone in sorted(before.keys() - {one["name"] for one in tables}):
        yield f"{gone}: the table is gone."


def _of_column(name: str, column: Mapping[str, Any]) -> Iterable[str]:
    old = column["filled_before"]
    if old is not None and old - column["filled"] > EMPTIER:
        yield f"{name}: {column['filled']:.1%} of the rows have a value, {old:.1%} before."
    if column["filled"] == 0:
        yield f"{name}: no row has a value."
    if column["moved"] is not None and column["moved"] > MOVED:
        yield f"{name}: its values are distributed otherwise than before (moved by {column['moved']:.0%})."
