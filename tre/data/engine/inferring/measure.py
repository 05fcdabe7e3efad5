"""Owns the measuring of one raw file for a draft, by rows drawn at random. Must never return a value that few rows share.

Only uniqueness is asked of the whole file: all else is a proposal that the custodian checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tre.data.domain.inferring.identifiers import is_called_person, is_person_number
from tre.data.domain.inferring.measures import FEWEST_ROWS, ColumnMeasure, FileMeasure
from tre.data.engine.duck import Connection, EngineError, name
from tre.data.engine.inferring.files import as_text
from tre.data.engine.inferring.forms import NAMES, forms
from tre.kernel.errors import Invalid

MOST_CODES = 30
"""A column of more different values is no list of codes."""
ROWS_DRAWN = 20_000
_NEARLY = 0.9
_TABLE = "drawn"


def measure_file(engine: Connection, path: Path) -> FileMeasure:
    """Measure a file.

    Args:
        engine: to read it with.
        path: text with a heading, of any delimiter that a contract may name, or Parquet.

    Raises:
        Invalid: it cannot be read as either, or its first line is no heading.
    """
    try:
        names, source = as_text(path)
        rows = _number(engine, f"SELECT count(*) FROM {source}")
        values = ", ".join(f"nullif(trim({name(one)}), '') AS {name(one)}" for one in names)
        drawn = (
            f"SELECT {values} FROM (SELECT * FROM {source} USING SAMPLE reservoir({ROWS_DRAWN} ROWS) REPEATABLE (1))"
        )
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS {drawn}")
        columns = [_column(engine, source, one, rows) for one in names]
        persons = [name(one.name) for one in columns if is_person_number(one) or is_called_person(one)]
        columns = [_with_codes(engine, one, persons) for one in columns]
    except EngineError:
        sentence = f"{path.name} cannot be read as a table: give CSV with a heading in its first line, or Parquet."
        raise Invalid({path.name: sentence}, code="data.infer.unreadable") from None  # the cause may repeat the file
    return FileMeasure(stem=path.name.split(".", 1)[0], rows=rows, columns=tuple(columns))


def _column(engine: Connection, source: str, column: str, rows: int) -> ColumnMeasure:
    value = name(column)
    told = [
        "count(*)",
        f"count({value})",
        f"count(DISTINCT {value})",
        f"coalesce(avg(length({value})), 0)",
        f"coalesce(avg(length({value}) - length(replace({value}, ' ', ''))), 0)",
    ]
    told += [f"count(*) FILTER (WHERE {condition})" for condition in forms(value).values()]
    found = engine.execute(f"SELECT {', '.join(told)} FROM {_TABLE}").fetchone() or ()
    drawn, filled, distinct = (int(one) for one in found[:3])
    fits = dict(zip(NAMES, (int(one) for one in found[5:]), strict=True))
    return ColumnMeasure(
        name=column,
        rows=drawn,
        filled=filled,
        distinct=distinct,
        is_unique=1 < drawn == distinct and _number(engine, f"SELECT count(DISTINCT {value}) FROM {source}") == rows,
        fits=fits,
        length=found[3],
        spaces=found[4],
        middle=_middle(engine, value, filled, fits),
    )


def _number(engine: Connection, question: str) -> int:
    found = engine.execute(question).fetchone()
    return int(found[0]) if found else 0


def _with_codes(engine: Connection, one: ColumnMeasure, persons: Sequence[str]) -> ColumnMeasure:
    """Add the values that enough rows share, of enough persons, and how many others there are; none of a column of many."""
    if not 0 < one.distinct <= MOST_CODES * 2:
        return one
    enough = [f"count(*) >= {FEWEST_ROWS}", *(f"count(DISTINCT {who}) >= {FEWEST_ROWS}" for who in persons)]
    shared = f"SELECT {name(one.name)} AS v FROM {_TABLE} WHERE v IS NOT NULL GROUP BY v HAVING {' AND '.join(enough)}"
    found = [str(row[0]) for row in engine.execute(f"{shared} ORDER BY v").fetchall()]
    if not 0 < len(found) <= MOST_CODES:
        return one
    return replace(one, common=tuple(found), rarer=one.distinct - len(found))


def _middle(engine: Connection, value: str, filled: int, fits: Mapping[str, int]) -> tuple[float, float] | None:
    """Return ends that at least ten values lie beyond, either way: of numbers, or of days since 1970."""
    if filled < FEWEST_ROWS * 10:
        return None
    if max(fits["integer"], fits["decimal"]) >= filled * _NEARLY:
        number = f"TRY_CAST({value} AS DOUBLE)"
    elif max(fits["date"], fits["timestamp"]) >= filled * _NEARLY:
        number = f"CAST(date_diff('day', DATE '1970-01-01', TRY_CAST({value} AS DATE)) AS DOUBLE)"
    else:
        return None
    share = max(0.01, FEWEST_ROWS / filled)
    ends = f"quantile_cont({number}, {share!r}), quantile_cont({number}, {1 - share!r})"
    found = engine.execute(f"SELECT {ends} FROM {_TABLE}").fetchone()
    return (float(found[0]), float(found[1])) if found and found[0] is not None else None
