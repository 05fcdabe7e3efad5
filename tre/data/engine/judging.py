"""Owns what is asked of the typed rows once they lie: codes and ranges, check digits, keys used twice, references without an end.

Each question is asked of all rows at once, and rows are written to only where one is against it. Must never mend a value.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tre.data.domain.contract import ColumnClass, ColumnType
from tre.data.domain.identifiers import NHS_NUMBER, VALID
from tre.data.engine.cleaning import IDENTIFIER, REASON, stored
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.faults import number
from tre.data.engine.laid import BATCH, PERSONS, STAGED, TableLoad
from tre.data.engine.reasons import NOT_VALID, Fault, number_of, sentences


def judge(work: TableLoad, conditions: Iterable[tuple[int, str]]) -> None:
    """Give a reason to every row that does not fit, and lay table `persons`: whoever a right identifier names, rising.

    Args:
        conditions: reason and condition of what is asked of the values alone.
    """
    _mark(work, [one for one in conditions if holds(work, one[1])])
    if work.table.has_person:
        _lay_persons(work)
    _mark_twice_used_keys(work)
    _mark_strays(work)


def holds(work: TableLoad, condition: str) -> bool:
    """Say whether a condition is true of any row; where least and greatest values say no, no row is read."""
    return _any(work.engine, f"SELECT 1 FROM {STAGED} WHERE {condition} LIMIT 1")


def identifiers(work: TableLoad, query: str) -> Iterator[NDArray[np.int64]]:
    """Yield the one column of a query, array by array."""
    for batch in work.engine.execute(query).to_arrow_reader(BATCH):
        yield batch.column(0).to_numpy(zero_copy_only=False)


def _mark(work: TableLoad, found: list[tuple[int, str]]) -> None:
    """Give each row the first reason of those found, unless one before it speaks against the row already."""
    if found:
        which = " ".join(f"WHEN {condition} THEN {number(reason)}" for reason, condition in found)
        where = " OR ".join(f"({condition})" for _, condition in found)
        work.engine.execute(f"UPDATE {STAGED} SET {REASON} = least({REASON}, CASE {which} END) WHERE {where}")


def _lay_persons(work: TableLoad) -> None:
    """Lay the persons, each once; a check digit is reckoned once a person instead of once a row."""
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {PERSONS} AS SELECT DISTINCT {IDENTIFIER} FROM {STAGED} WHERE {IDENTIFIER} IS NOT NULL ORDER BY 1"
    )
    if work.contract.identifier_kind != NHS_NUMBER:
        return
    is_right = VALID[NHS_NUMBER]
    there = identifiers(work, f"FROM {PERSONS}")
    wrong = np.concatenate([np.empty(0, dtype=np.int64), *(one[~is_right(one)] for one in there)])
    if len(wrong):
        work.engine.register("wrong_now", pa.table({IDENTIFIER: wrong}))
        of_wrong = f"WHERE {IDENTIFIER} IN (FROM wrong_now)"
        work.engine.execute(f"UPDATE {STAGED} SET {REASON} = least({REASON}, {number(NOT_VALID)}) {of_wrong}")
        work.engine.execute(f"DELETE FROM {PERSONS} {of_wrong}")
        work.engine.unregister("wrong_now")


def _mark_twice_used_keys(work: TableLoad) -> None:
    """Give the reason to every row whose key was used by a good row before it in the file."""
    if not work.table.key or _keys_rise(work):
        return
    columns = ", ".join(_key_column(work, one) for one in work.table.key)
    good = f"FROM {STAGED} WHERE {REASON} IS NULL"
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE keys_twice AS SELECT {columns} {good} GROUP BY {columns} HAVING count(*) > 1"
    )
    later = (
        f"SELECT rowid FROM {STAGED} SEMI JOIN keys_twice USING ({columns}) WHERE {REASON} IS NULL "
        f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY rowid) > 1"
    )
    if _any(work.engine, "SELECT 1 FROM keys_twice LIMIT 1"):
        twice = len(sentences(work.table, stored(work.table))) - 1
        work.engine.execute(f"UPDATE {STAGED} SET {REASON} = {number(twice)} WHERE rowid IN ({later})")
    work.engine.execute("DROP TABLE keys_twice")


def _keys_rise(work: TableLoad) -> bool:
    """Say whether the key is one whole number that rises from row to row: then none is there twice, as a glance tells."""
    if len(work.table.key) != 1 or work.table.column(work.table.key[0]).type != ColumnType.INTEGER:
        return False
    column = _key_column(work, work.table.key[0])
    last = np.iinfo(np.int64).min
    for keys in identifiers(work, f"SELECT {column} FROM {STAGED} WHERE {REASON} IS NULL"):
        if len(keys) and (keys[0] <= last or not bool(np.all(keys[1:] > keys[:-1]))):
            return False
        last = keys[-1] if len(keys) else last
    return True


def _mark_strays(work: TableLoad) -> None:
    """Give the reason to every row whose value is not found where the contract says it is; that table is loaded before."""
    for place, column in enumerate(stored(work.table)):
        if column.reference is None:
            continue
        there = name(column.reference.column)
        file = work.part / f"{column.reference.table}.parquet"
        known = STAGED if column.reference.table == work.table.name else f"read_parquet({literal(file)})"
        mine = name(column.name)
        work.engine.execute(
            f"UPDATE {STAGED} SET {REASON} = {number(number_of(place, Fault.STRAY))} WHERE {REASON} IS NULL "
            f"AND {mine} IS NOT NULL AND {mine} NOT IN (SELECT {there} FROM {known} WHERE {there} IS NOT NULL)"
        )


def _key_column(work: TableLoad, column: str) -> str:
    return IDENTIFIER if work.table.column(column).kind == ColumnClass.PERSON_IDENTIFIER else name(column)


def _any(engine: Connection, query: str) -> bool:
    return engine.execute(query).fetchone() is not None
