"""Owns what a table's measure comes to in each of its cells, of the records alone. Must never judge it, nor tell persons apart."""

from output_checking.domain.checks.evidence.cells import Key
from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import amount, band_code, condition, level_name
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Dimension, TableSpec

MOST_CELLS = 100_000


def cell_sums(source: Source, spec: TableSpec) -> dict[Key, float]:
    """Return what the measure comes to in each cell that is no total, by the cell's row and column levels as answers write them.

    Of the records that the filter chooses, each value times its weight where there is one; where nothing is measured,
    records count as 1. A cell without any value, or with one that is no finite number, is left out.

    Raises:
        CannotJudge: `source.…` where the data have not what the table is made of; `table.too_large` beyond MOST_CELLS.
    """
    parts = [_part(source, one) for one in spec.dimensions]
    places = [f"v{place}" for place in range(len(parts))]
    # where a column of the source is called as anything that is named here, it is the column that is meant inside
    raw = [f"{one} as {place}" for one, place in zip(parts, places, strict=True)]
    each = ", ".join(map(str, range(1, len(parts) + 1)))
    group = f" group by {each}" if parts else ""
    sums = f"select {', '.join([*raw, f'sum({amount(source, spec)}) as t'])} from {source.relation} where {condition(spec.chosen, source)}{group}"
    named = [_name(one, place) for one, place in zip(spec.dimensions, places, strict=True)]
    # several values may have one level
    # asked of the sums: asked of the levels alone, it would be worked out for each record
    nowhere = " or ".join(["false", *(f"{place} is null" for place in places)])
    inside = f"isfinite(case when {nowhere} then null else t end)"
    found = source.rows(
        f"select {', '.join([*named, 'sum(t)'])} from ({sums}) where {inside}{group} limit {MOST_CELLS + 1}"
    )
    _refuse_many(len(found))
    rows = len(spec.rows)
    return {(tuple(one[:rows]), tuple(one[rows:-1])): one[-1] for one in found}


def _part(source: Source, dimension: Dimension) -> str:
    return f"({band_code(dimension, source)})" if dimension.edges else quoted(source.named(dimension.column))


def _name(dimension: Dimension, place: str) -> str:
    if dimension.edges:
        cases = [f"when {number} then {text(label)}" for number, label in enumerate(dimension.labels)]
        return f"case {place} {' '.join(cases)} end"
    return level_name(dimension, place)


def _refuse_many(cells: int) -> None:
    if cells > MOST_CELLS:
        raise CannotJudge(
            f"There are more than {MOST_CELLS:,} cells; no more are looked at. Use bands, or fewer levels.",
            code="table.too_large",
        )
