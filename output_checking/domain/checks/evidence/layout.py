"""Owns the levels of a table and the number of each of its cells. Must never decide what an empty cell means.

A cell's number is written in mixed radix, one digit for each dimension: so a total over some dimensions is the number with
those digits at 0, and the database groups by one whole number instead of many texts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import band_code, condition, level_name
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import Every, Expression, columns_of, conjuncts
from output_checking.domain.checks.specification.model import Dimension, merged_name

MOST_CELLS = 100_000
SOME = 20_000  # records that are looked at first
Levels = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The grid of a table.

    Args:
        dimensions: rows, then columns; the first `rows` of them are the rows.
        labels: the levels of each, as text, in order.
        joins: SQL that brings each record's levels, joined to the source.
        digits: SQL of each dimension's level number.
    """

    dimensions: tuple[Dimension, ...]
    rows: int
    labels: tuple[tuple[str, ...], ...]
    joins: str
    digits: tuple[str, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Return how many levels each dimension has."""
        return tuple(map(len, self.labels))

    @property
    def size(self) -> int:
        """Return how many cells there are."""
        return math.prod(self.sizes)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """Return what one step of each digit adds to a cell's number."""
        return tuple(math.prod(self.sizes[place + 1 :]) for place in range(len(self.sizes)))

    @property
    def code(self) -> str:
        """Return the SQL of a record's cell number."""
        parts = [f"cast({digit} as integer) * {step}" for digit, step in zip(self.digits, self.strides, strict=True)]
        return " + ".join(parts) or "cast(0 as integer)"

    def summed(self, over: Sequence[int], code: str = "c") -> str:
        """Return the SQL of a cell's number with the digits at the places `over` set to 0."""
        digits = [
            f"(({code} // {self.strides[place]}) % {self.sizes[place]}) * {self.strides[place]}" for place in over
        ]
        return f"({' - '.join([code, *digits])})"

    def totals(self, over: Sequence[int]) -> NDArray[np.int64]:
        """Return of each cell the number of its total over some dimensions: its own with the digits at the places `over` set to 0."""
        codes = np.arange(self.size)
        for place in over:
            step = self.strides[place]
            codes -= (codes // step) % self.sizes[place] * step
        return codes

    @cached_property
    def grid(self) -> tuple[tuple[Levels, Levels], ...]:
        """Return each cell's row levels and column levels, in the place of its number."""
        return tuple((levels[: self.rows], levels[self.rows :]) for levels in product(*self.labels))

    @property
    def row_places(self) -> tuple[int, ...]:
        """Return the places of the dimensions of the rows."""
        return tuple(range(self.rows))

    @property
    def column_places(self) -> tuple[int, ...]:
        """Return the places of the dimensions of the columns."""
        return tuple(range(self.rows, len(self.dimensions)))


def lay_out(
    source: Source, rows: Sequence[Dimension], columns: Sequence[Dimension], *, chosen: Expression | None
) -> Layout:
    """Return the grid that the data and the specification make.

    A dimension's levels are those of the whole source, so that a level that the filter leaves empty is seen as an empty
    cell; but a part of the filter that is about that very column narrows them, since the reader knows it.

    Raises:
        CannotJudge: `table.too_large` beyond MOST_CELLS; `source.…`.
    """
    dimensions = (*rows, *columns)
    _refuse_many(source, dimensions)
    labels = tuple(_levels(source, place, one, chosen) for place, one in enumerate(dimensions))
    _refuse_over(math.prod(map(len, labels)))
    joins = [
        f"join oc_level_{place} on {quoted(one.column)} = oc_level_{place}.oc_value_{place}"
        for place, one in enumerate(dimensions)
        if not one.edges
    ]
    digits = [
        f"({band_code(one, source)})" if one.edges else f"oc_code_{place}" for place, one in enumerate(dimensions)
    ]
    return Layout(dimensions=dimensions, rows=len(rows), labels=labels, joins=" ".join(joins), digits=tuple(digits))


def _refuse_many(source: Source, dimensions: Sequence[Dimension]) -> None:
    # an estimate first: to list ten million levels only to refuse them would take long; where some records hold few, it is not asked
    raw = [quoted(source.named(one.column)) for one in dimensions if not one.edges]
    for relation, most in (
        (f"(from {source.relation} limit {SOME})", MOST_CELLS // 10),
        (source.relation, 4 * MOST_CELLS),
    ):
        estimates = (
            source.rows(f"select {', '.join(f'approx_count_distinct({one})' for one in raw)} from {relation}")
            if raw
            else []
        )
        cells = math.prod(max(1, one) for row in estimates for one in row)
        if cells <= most:
            return
    _refuse_over(cells)


def _refuse_over(cells: int) -> None:
    if cells > MOST_CELLS:
        raise CannotJudge(
            f"About {cells:,} cells are asked for; at most {MOST_CELLS:,} can be judged, and no person can check so many. "
            "Use bands, fewer levels, or fewer rows and columns.",
            code="table.too_large",
        )


def _levels(source: Source, place: int, dimension: Dimension, chosen: Expression | None) -> tuple[str, ...]:
    if dimension.edges:
        source.named(dimension.column)
        return dimension.labels
    column = quoted(dimension.column)
    own = [part for part in conjuncts(chosen) if columns_of(part) == {dimension.column}] if chosen else []
    known = condition(Every(tuple(own)) if own else None, source)
    # levels that are made one stand where the first of them stood
    source.rows(
        f"create or replace temp table oc_level_{place} as "
        f"with seen as (select distinct {column} as v from {source.relation} where {column} is not null and {known}), "
        f"named as (select v, {level_name(dimension, 'v')} as label from seen) "
        f"select v as oc_value_{place}, label as oc_label_{place}, "
        f"cast(dense_rank() over (order by first) - 1 as integer) as oc_code_{place} "
        "from (select v, label, min(v) over (partition by label) as first from named)"
    )
    found = source.rows(f"select distinct oc_code_{place}, oc_label_{place} from oc_level_{place} order by 1")
    labels = tuple(str(label) for _, label in found)
    _refuse_taken_name(source, place, dimension)
    if source.is_float(dimension.column) and {"nan", "inf", "-inf"} & {
        one for label in labels for one in dimension.behind(label)
    }:
        raise CannotJudge(
            f"The column '{dimension.column}' holds infinite values or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )
    return labels


def _refuse_taken_name(source: Source, place: int, dimension: Dimension) -> None:
    for group in dimension.merged:
        name = text(merged_name(group))
        if source.rows(f"select 1 from oc_level_{place} where cast(oc_value_{place} as varchar) = {name} limit 1"):
            raise CannotJudge(
                f"'{merged_name(group)}' is a level of '{dimension.column}' already, so others cannot be made one under that name.",
                code="specification.merge",
            )
