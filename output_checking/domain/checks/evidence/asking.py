"""Owns what a cell asks of a record, column by column: to be of some levels, to lie between some numbers, or to meet a condition.

What many cells ask of one column is told from one look at it: a comparison in a filter is asked as a band is. Must never read data.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from output_checking.domain.checks.evidence.cells import TOTAL, Key
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.sql import condition
from output_checking.domain.checks.specification.expression import (
    Column,
    Compare,
    Expression,
    Literal,
    columns_of,
    conjuncts,
)
from output_checking.domain.checks.specification.model import Dimension, TableSpec

Cell = tuple[TableSpec, Key]
Ends = tuple[float | None, float | None]
# compared as DOUBLE these are what they are as themselves, beside a number of no more digits than a DOUBLE holds
_COMPARED = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "DOUBLE"}
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class OfLevels:
    """To be one of some levels of a column, as text; any at all where there are none."""

    column: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Within:
    """To have a number in a column that is in one of some spans, each with its lower end and without its upper; None is open."""

    column: str
    spans: tuple[Ends, ...]


@dataclass(frozen=True, slots=True)
class Meets:
    """To meet a condition of SQL on some columns: where that is not known, it is not met."""

    columns: frozenset[str]
    condition: str


Asked = OfLevels | Within | Meets


def asked_of(source: Source, cell: Cell) -> Iterator[Asked]:
    """Yield what a cell asks of a record: all of it is so of those that are in it, and of no others.

    Args:
        cell: a table, and the levels of the cell's row and column; none where it is summed over, nor where a level is TOTAL.

    Raises:
        CannotJudge: `source.column_missing`, `specification.filter`.
    """
    spec, (row, column) = cell
    for part in conjuncts(spec.chosen) if spec.chosen else ():
        yield _compared(source, part) or Meets(frozenset(columns_of(part)), condition(part, source))
    levels = (*(row or (TOTAL,) * len(spec.rows)), *(column or (TOTAL,) * len(spec.columns)))
    for dimension, level in zip(spec.dimensions, levels, strict=True):
        yield _level(source, dimension, level)


def _level(source: Source, dimension: Dimension, level: str) -> Asked:
    column, edges = source.named(dimension.column), dimension.edges
    if not edges:
        return OfLevels(column, () if level == TOTAL else dimension.behind(level))
    return Within(column, (_bands(dimension)[level],))


@lru_cache(maxsize=64)
def _bands(dimension: Dimension) -> dict[str, Ends]:
    edges = dimension.edges
    return {TOTAL: (edges[0], edges[-1]), **dict(zip(dimension.labels, pairwise(edges), strict=True))}


def _compared(source: Source, part: Expression) -> Within | None:
    if not (isinstance(part, Compare) and isinstance(part.left, Column) and not isinstance(part.right, Column)):
        return None
    if source.types.get(part.left.name) not in _COMPARED or not _is_short(part.right):
        return None
    number = float(part.right)
    above = math.nextafter(number, math.inf)
    spans: dict[str, tuple[Ends, ...]] = {
        "=": ((number, above),),
        "!=": ((None, number), (above, None)),
        "<": ((None, number),),
        "<=": ((None, above),),
        ">": ((above, None),),
        ">=": ((number, None),),
    }
    return Within(part.left.name, spans[part.sign])


def _is_short(value: Literal) -> bool:
    if isinstance(value, bool | str):
        return False
    written = repr(value)
    return len(written) <= _DIGITS and not set(written) & set("einf")
