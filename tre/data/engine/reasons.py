"""Owns the reasons for which a row is set aside: each a small number in the engine and a sentence outside it.

A lower number is told before a higher one where several speak against a row. Must never hold a value of a row.
"""

from collections.abc import Iterable
from enum import IntEnum

from tre.data.domain.contract import Column, Table

REASON = "__reason"
KIND = "USMALLINT"
"""The engine's type of a reason's number: two bytes a row instead of the sixteen of a text."""
MISSING, NOT_VALID = 0, 1
_OF_IDENTIFIER = ("identifier missing", "identifier not valid")
_KEY_TWICE = "key used before"


class Fault(IntEnum):
    """What can be wrong with one column's value, in the order of telling."""

    TYPE = 0
    CODE = 1
    RANGE = 2
    STRAY = 3


def number_of(place: int, fault: Fault) -> int:
    """Return the number of a fault of the stored column at `place` (from 0)."""
    return len(_OF_IDENTIFIER) + place * len(Fault) + fault


def sentences(table: Table, columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the sentence of each number; the last is the key's.

    Args:
        columns: those that the store keeps, in order.
    """
    of_columns = (sentence for column in columns for sentence in _of_column(table, column))
    return (*_OF_IDENTIFIER, *of_columns, _KEY_TWICE)


def _of_column(table: Table, column: Column) -> tuple[str, ...]:
    one, is_key = column.name, column.name in table.key
    there = f"{column.reference.table}.{column.reference.column}" if column.reference else ""
    by_fault = {
        Fault.TYPE: f"part of the key is missing or no {column.type}"
        if is_key
        else f"not a value of type {column.type}",
        Fault.CODE: "code not in the contract",
        Fault.RANGE: "outside the range in the contract",
        Fault.STRAY: f"not found in {there}",
    }
    return tuple(f"{one}: {by_fault[fault]}" for fault in Fault)
