"""Owns the measuring of a loaded version for its quality report. Must never return a row, nor a value of fewer than ten persons.

Reads the version's files in the store, one column after the other, so that its memory is bounded by one column's values.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, Column, ColumnClass, ColumnType, Contract, Table
from tre.data.domain.quality import bars, compared
from tre.data.domain.small_numbers import FEWEST, rounded
from tre.data.engine.cleaning import stored
from tre.data.engine.duck import Connection, literal, name, open_engine
from tre.data.engine.folders import Folders

MOST_VALUES = 12
FEW_NUMBERS = 20
"""Whole numbers with no more values than this are told value by value."""
MOST_DIFFERENT = 20_000
"""Texts with more different values are not counted by value: they are names of things, not kinds of them."""
STRETCHES = 10
_LONG_YEARS = 25
_MOMENTS = (ColumnType.DATE, ColumnType.TIMESTAMP)
_SILENT = {ColumnClass.RECORD_IDENTIFIER, ColumnClass.FREE_TEXT}
"""Classes whose values say nothing to count, or too much."""


def quality_report(
    contract: Contract,
    manifest: Mapping[str, Any],
    *,
    folders: Folders,
    before: Mapping[str, Any],
    progress: Callable[[float, str], None],
) -> dict[str, Any]:
    """Return the quality report of a version in the store, compared with the one before.

    Args:
        manifest: of the version.
        before: report of the version in use, empty where there is none.
        progress: told before each table.
    """
    folder = folders.version(contract.dataset, manifest["version"])
    entries = {one["name"]: one for one in manifest["tables"]}
    edges = _edges_of(before)
    tables = []
    with open_engine(folders.scratch) as engine:
        for number, table in enumerate(contract.tables):
            progress(number / len(contract.tables), f"measuring {table.name}")
            tables.append(_table(engine, folder, table, entry=entries[table.name], edges=edges))
    return compared({"version": manifest["version"], "tables": tables}, before)


def _table(
    engine: Connection, folder: Path, table: Table, *, entry: Mapping[str, Any], edges: Mapping[str, Sequence[float]]
) -> dict[str, Any]:
    who = PERSON if table.has_person else "file_row_number"
    file = literal(folder / f"{table.name}.parquet")
    engine.execute(
        f"CREATE OR REPLACE TEMP VIEW seen AS SELECT {who} AS __who, * FROM read_parquet({file}, file_row_number=true)"
    )
    bad = sum(entry["quarantined"].values())
    return {
        "name": table.name,
        "meaning": table.meaning,
        "rows": rounded(entry["rows"]),
        "persons": rounded(entry["persons"]),
        "absent": entry["absent"],
        "quarantined": [
            {"reason": reason, "rows": rounded(rows) or None} for reason, rows in sorted(entry["quarantined"].items())
        ],
        "aside": bad / (bad + entry["rows"]) if bad else 0.0,
        "columns": [
            _column(engine, one, rows=entry["rows"], edges=edges.get(f"{table.name}.{one.name}", ()))
            for one in stored(table)
        ],
    }


def _column(engine: Connection, column: Column, *, rows: int, edges: Sequence[float]) -> dict[str, Any]:
    value = name(column.name)
    there, different = _row(engine, f"SELECT count({value}), approx_count_distinct({value}) FROM seen")
    found: dict[str, Any] = {
        "name": column.name,
        "meaning": column.meaning,
        "type": str(column.type),
        "filled": round(there / rows, 3) if rows else 0.0,
        "kind": "",
        "bars": [],
        "low": "",
        "high": "",
        "edges": [],
    }
    if column.kind in _SILENT or there < FEWEST or column.type == ColumnType.TIME:
        return found
    if column.type in _MOMENTS:
        return found | _years(engine, value, there)
    if column.type == ColumnType.DECIMAL or (column.type == ColumnType.INTEGER and different > FEW_NUMBERS):
        return found | _stretches(engine, value, there, edges)
    if different > MOST_DIFFERENT:
        return found
    return found | {"kind": "values", "bars": _values(engine, f"CAST({value} AS VARCHAR)", there)}


def _values(engine: Connection, value: str, there: int, *, by_label: bool = False) -> list[dict[str, Any]]:
    order = "1" if by_label else "2 DESC, 1"
    most = 2 * _LONG_YEARS if by_label else MOST_VALUES
    counted = engine.execute(
        f"SELECT {value} AS one, count(*), count(DISTINCT __who) FROM seen WHERE one IS NOT NULL GROUP BY one ORDER BY {order} LIMIT {most}"
    ).fetchall()
    return bars([(str(label), int(rows), int(persons)) for label, rows, persons in counted], total=there)


def _years(engine: Connection, value: str, there: int) -> dict[str, Any]:
    first, last = _row(
        engine, f"SELECT {_centile('year(one)', 0.01)}, {_centile('year(one)', 0.99)} FROM ({_there(value)})"
    )
    step = 10 if last - first > _LONG_YEARS else 1
    label = f"(year({value}) // {step} * {step})"
    lines = _values(engine, label, there, by_label=True)
    return {"kind": f"years by {step}", "bars": lines, "low": str(first), "high": str(last)}


def _stretches(engine: Connection, value: str, there: int, edges: Sequence[float]) -> dict[str, Any]:
    """Return counts by stretches of a number; by the stretches of the version before, so that both can be compared."""
    low, high = _row(engine, f"SELECT {_centile('one', 0.01)}, {_centile('one', 0.99)} FROM ({_there(value)})")
    lines = list(edges) or _cut(float(low), float(high))
    arms = " ".join(f"WHEN {value} < {edge!r} THEN {place}" for place, edge in enumerate(lines))
    counted = {
        int(place): (int(rows), int(persons))
        for place, rows, persons in engine.execute(
            f"SELECT CASE {arms} ELSE {len(lines)} END AS place, count(*), count(DISTINCT __who) FROM seen WHERE {value} IS NOT NULL GROUP BY place"
        ).fetchall()
    }
    told = [(_label(lines, place), *counted[place]) for place in sorted(counted)]
    return {"kind": "stretches", "bars": bars(told, total=there), "low": _say(low), "high": _say(high), "edges": lines}


def _cut(low: float, high: float) -> list[float]:
    """Return the lines between stretches of one width, at round numbers."""
    if high <= low:
        return [low]
    width = (high - low) / STRETCHES
    return sorted({float(f"{low + width * place:.3g}") for place in range(1, STRETCHES)})


def _label(lines: Sequence[float], place: int) -> str:
    if place == 0:
        return f"under {_say(lines[0])}"
    if place == len(lines):
        return f"{_say(lines[-1])} and over"
    return f"{_say(lines[place - 1])} to under {_say(lines[place])}"


def _say(number: float) -> str:
    return f"{float(number):.4g}"


def _there(value: str) -> str:
    return f"SELECT {value} AS one FROM seen WHERE {value} IS NOT NULL"


def _centile(value: str, part: float) -> str:
    return f"quantile_disc({value}, {part})"


def _edges_of(report: Mapping[str, Any]) -> dict[str, list[float]]:
    return {
        f"{table['name']}.{column['name']}": column["edges"]
        for table in report.get("tables", ())
        for column in table["columns"]
        if column["edges"]
    }


def _row(engine: Connection, query: str) -> tuple[Any, ...]:
    found = engine.execute(query).fetchone()
    return found if found else ()
