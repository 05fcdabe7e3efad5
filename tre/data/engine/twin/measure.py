"""Owns how the shapes of a dataset are taken from its tables as a project would see them. Must never return a value of a few.

Each statement counts persons, not rows: one person's thousand rows are still one person's. Columns are looked at one by one,
never two together but each with the person, whom the counting is about.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON
from tre.data.domain.small_numbers import rounded
from tre.data.domain.twin import (
    FEWEST,
    Categories,
    ColumnShape,
    Nothing,
    Periods,
    Record,
    Shape,
    Spread,
    TableShape,
    share,
    weighed,
)
from tre.data.engine.duck import Connection, literal, name

MOST_MEASURED = 4_000_000
MOST_VALUES = 300
FEW_NUMBERS = 40
"""A number with no more values than this is taken for a code: its values are told, not its quantiles."""
MOST_TOLD = 0.9
_STRETCHES = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_PARTS = (0.01, *(part / 20 for part in range(1, 20)), 0.99)
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_BROKEN = ("FLOAT", "DOUBLE", "DECIMAL")


def measure_table(
    engine: Connection, folder: Path, *, records: Mapping[str, str], most_rows: int = MOST_MEASURED
) -> TableShape:
    """Return the shape of one table.

    Args:
        folder: of its Parquet files, as a project's snapshot has it; its name is the table's.
        records: its columns that hold a record's pseudonym, each with the name of the key that it is.
        most_rows: about how many are looked at; of a longer table every so many persons, chosen by chance.
    """
    read = f"read_parquet({literal(folder / '*.parquet')})"
    types = {row[0]: row[1] for row in engine.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
    has_persons = PERSON in types
    who = name(PERSON) if has_persons else "row_number() OVER ()"
    one_in = max(1, _row(engine, f"SELECT count(*) FROM {read}")[0] // most_rows)
    some = f"SELECT * FROM (SELECT {who} AS who, * FROM {read}) WHERE hash(who) % {one_in} = 0"
    engine.execute(f"CREATE OR REPLACE TEMP VIEW seen AS {some}")
    rows, persons = _row(engine, "SELECT count(*), count(DISTINCT who) FROM seen")
    shapes = tuple(
        _column(engine, column, type_, rows, key=records.get(column, ""))
        for column, type_ in types.items()
        if column != PERSON
    )
    return TableShape(
        name=folder.name,
        rows=rounded(rows * one_in),
        persons=rounded(persons * one_in),
        per_person=_per_person(engine) if has_persons else Categories(values=(), weights=()),
        columns=shapes,
        has_persons=has_persons,
    )


def _column(engine: Connection, column: str, type_: str, rows: int, *, key: str) -> ColumnShape:
    value = name(column)
    there, persons, distinct = _row(
        engine,
        f"SELECT count({value}), count(DISTINCT who) FILTER ({value} IS NOT NULL), count(DISTINCT {value}) FROM seen",
    )
    without = _row(engine, f"SELECT count(DISTINCT who) FILTER ({value} IS NULL) FROM seen")[0]
    filled = 0.0 if persons < FEWEST else 1.0 if without < FEWEST else share(there, rows)
    shape: Shape = Nothing()
    if key:
        shape = Record(key=key, is_key=there == distinct)
    elif filled:
        shape = _shape(engine, value, type_, distinct)
    return ColumnShape(name=column, type=type_, filled=0.0 if shape == Nothing() else filled, shape=shape)


def _shape(engine: Connection, value: str, type_: str, distinct: int) -> Shape:
    is_broken = type_.startswith(_BROKEN)
    if type_ == "DATE" or type_.startswith("TIMESTAMP"):
        return _periods(engine, value)
    if type_.startswith("TIME"):
        return _common(engine, f"CAST(hour({value}) AS INTEGER)")
    if (type_ in _NUMBERS or is_broken) and distinct > FEW_NUMBERS:
        return _spread(engine, value, is_whole=not is_broken)
    return _common(engine, f"CAST({value} AS DOUBLE)" if is_broken else value)


def _common(engine: Connection, value: str) -> Shape:
    """Return the values that are common enough; what is rarer is not told, and its share falls to the others."""
    found = engine.execute(
        f"SELECT {value} AS v, count(*) AS n FROM seen WHERE v IS NOT NULL GROUP BY v "
        f"HAVING count(DISTINCT who) >= {FEWEST} ORDER BY n DESC, v LIMIT {MOST_VALUES}"
    ).fetchall()
    return weighed(found) if found else Nothing()


def _periods(engine: Connection, value: str) -> Shape:
    """Return the months with ten persons or more; where that would leave out a tenth of the rows, longer stretches of time."""
    there = _row(engine, f"SELECT count({value}) FROM seen")[0]
    later = _row(engine, f"SELECT count(DISTINCT who) FILTER (day({value}) > 1) FROM seen")[0]
    best: tuple[int, Shape] = (0, Nothing())
    for stretch, months in _STRETCHES.items():
        found = engine.execute(
            f"SELECT CAST(date_trunc('{stretch}', {value}) AS DATE) AS v, count(*) AS n FROM seen WHERE v IS NOT NULL "
            f"GROUP BY v HAVING count(DISTINCT who) >= {FEWEST} ORDER BY v"
        ).fetchall()
        told = sum(rows for _, rows in found)
        if told > best[0]:
            weights = weighed([(str(start), rows) for start, rows in found]).weights
            starts = tuple(start for start, _ in found)
            best = told, Periods(starts=starts, weights=weights, months=months, to_the_day=later >= FEWEST)
        if told >= MOST_TOLD * there:
            break
    return best[1]


def _spread(engine: Connection, value: str, *, is_whole: bool) -> Shape:
    """Return the quantiles, none beyond the value that the tenth person from either end has."""
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE ends AS SELECT min(CAST({value} AS DOUBLE)) AS low, max(CAST({value} AS DOUBLE)) AS "
        f"high FROM seen WHERE {value} IS NOT NULL AND isfinite(CAST({value} AS DOUBLE)) GROUP BY who"
    )
    low, high = _row(
        engine,
        f"SELECT (SELECT low FROM ends ORDER BY low LIMIT 1 OFFSET {FEWEST - 1}), "
        f"(SELECT high FROM ends ORDER BY high DESC LIMIT 1 OFFSET {FEWEST - 1})",
    )
    if low is None or high is None or high <= low:
        return Nothing()
    step = _step(high - low, is_whole=is_whole)
    points = _row(
        engine,
        f"SELECT quantile_cont(CAST({value} AS DOUBLE), {list(_PARTS)}) FROM seen "
        f"WHERE {value} IS NOT NULL AND isfinite(CAST({value} AS DOUBLE))",
    )[0]
    cut = sorted(round(round(min(max(point, low), high) / step) * step, 12) for point in points)
    return Spread(points=tuple(cut), step=step)


def _step(width: float, *, is_whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten: about a hundredth of the width, and at least 1 for whole numbers."""
    step = 10.0**-12
    for power in range(-12, 16):
        for times in (1, 2, 5):
            step = times * 10.0**power
            if step >= width / 100 and (not is_whole or step >= 1):
                return step
    return step


def _per_person(engine: Connection) -> Categories:
    """Return how many rows a person has; above ten rounded to one digit, and rare numbers left out."""
    found = engine.execute(
        "SELECT CAST(CASE WHEN n <= 10 THEN n ELSE round(n, -CAST(floor(log10(n)) AS INTEGER)) END AS INTEGER) AS v, "
        "count(*) AS persons FROM (SELECT count(*) AS n FROM seen GROUP BY who) GROUP BY v "
        f"HAVING persons >= {FEWEST} ORDER BY v"
    ).fetchall()
    return weighed(found) if found else Categories(values=(1,), weights=(FEWEST,))


def _row(engine: Connection, sql: str) -> tuple[Any, ...]:
    return engine.execute(sql).fetchone() or (None,) * 3
