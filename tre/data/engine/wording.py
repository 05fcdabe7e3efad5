"""Owns the laying of texts with few different words as places in a list of them: a byte or two a row, and no hash when written.

The list is taken from the first rows. Must never lose a word: one that the list lacks is laid beside it. Must never have a
word written to the store that is in no good row: a row set aside may hold in one column what belongs into another.
"""

from collections.abc import Mapping

import pyarrow.compute as pc

from tre.data.domain.contract import Column, ColumnType, Table
from tre.data.engine.cleaning import BESIDE, Words, stored
from tre.data.engine.duck import Connection, name
from tre.data.engine.laid import STAGED, TableLoad
from tre.data.engine.reasons import REASON

SAMPLE = 50_000
"""Rows looked at; a file with fewer is as fast without."""
MOST = 1000
"""Different words in them at most: as many as a dictionary of the store's files has."""


def words_of(work: TableLoad, rows: str) -> Words:
    """Return raw column to its words, of those columns that have few.

    Args:
        rows: SQL of the raw file's rows.

    Raises:
        EngineError: a line cannot be read.
    """
    sources = {one.source: name(one.source) for one in stored(work.table) if _is_only_kept(work.table, one)}
    if not sources:
        return {}
    first = work.engine.execute(f"SELECT {', '.join(sources.values())} FROM {rows} LIMIT {SAMPLE}").to_arrow_table()
    if first.num_rows < SAMPLE:
        return {}
    found = {}
    for source, values in zip(sources, first.columns, strict=True):
        words = [one for one in pc.unique(values).to_pylist() if one and one == one.strip()]
        if 0 < len(words) <= MOST:
            found[source] = tuple(words)
    return found


def as_stored(work: TableLoad) -> Mapping[str, str]:
    """Return column to SQL of its value in the store, of the columns that were laid as words."""
    there = [str(row[0]) for row in work.engine.execute(f"DESCRIBE {STAGED}").fetchall()]
    laid = [one.removeprefix(BESIDE) for one in there if one.startswith(BESIDE)]
    return {one: _value(work.engine, one) for one in laid}


def _is_only_kept(table: Table, column: Column) -> bool:
    """Say whether a text is kept as it is, and nothing else of the load looks at it."""
    is_changed = column.extract or column.missing or column.recode
    is_asked = column.codes or column.range or column.reference or column.name in table.key
    named = {one.reference.column for one in table.columns if one.reference and one.reference.table == table.name}
    return column.type == ColumnType.TEXT and not is_changed and not is_asked and column.name not in named


def _value(engine: Connection, column: str) -> str:
    """Return the column itself where its list is whole and each word of it is in a good row, else its text."""
    mine, beside = name(column), name(BESIDE + column)
    row = engine.execute(
        f"SELECT count(DISTINCT {mine}) = len(enum_range(any_value({mine}))), count({beside}) = 0 FROM {STAGED} WHERE {REASON} IS NULL"
    ).fetchone()
    return f"s.{mine}" if row and all(row) else f"coalesce(CAST(s.{mine} AS VARCHAR), s.{beside})"
