"""Owns how an answer, new or earlier, becomes a table that differencing can hold against others. Must never touch data."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from output_checking.domain.checks.differencing.extent import UNKNOWN, Domains, Extent, only, stretch
from output_checking.domain.checks.differencing.members import Members, make_members
from output_checking.domain.checks.differencing.population import NO_DOMAINS, read_population
from output_checking.domain.checks.differencing.released import Axis, Released, make_axis
from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.linked.reader import reader_counts
from output_checking.domain.checks.linked.sheet import set_out
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Dimension, TableSpec
from output_checking.domain.checks.specification.reading import read_specification

Place = tuple[int, ...]


def read_earlier(given: Mapping[str, Any], name: str, *, domains: Domains = NO_DOMAINS) -> Released | None:
    """Return an earlier answer as a table; None where it is none (a model, a curve).

    Args:
        given: at least `spec` and `cells`, each with `row`, `column` and `persons`; a cell without `persons` was hidden. Where the
            answer kept its private part, each cell has `members`: keyed digests as hexadecimal text.
        name: what it is called in a finding.
        domains: what is known of the columns.

    Raises:
        CannotJudge: `earlier.malformed`, or the specification's own codes.
    """
    try:
        spec = read_specification(given["spec"])
        if not isinstance(spec, TableSpec):
            return None
        cells = [_cell(one) for one in given["cells"]]
        members = [one.get("members") for one in given["cells"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CannotJudge(
            f"The earlier answer '{name}' is not right: it needs 'spec' and 'cells', each with row, column and persons.",
            code="earlier.malformed",
        ) from error
    hidden = {(one.row, one.column) for one in cells if one.persons < 0}
    return released(spec, cells, name=name, domains=domains, hidden=frozenset(hidden), members=members)


def released(
    spec: TableSpec,
    cells: Sequence[Cell],
    *,
    name: str,
    domains: Domains = NO_DOMAINS,
    hidden: frozenset[tuple[tuple[str, ...], tuple[str, ...]]] = frozenset(),
    members: Sequence[Sequence[str] | None] = (),
) -> Released:
    """Return a table as differencing sees it.

    Args:
        spec: what it is.
        cells: its true cells, totals among them.
        name: what it is called in a finding.
        domains: what is known of the columns.
        hidden: cells whose persons are not known, beside those that the specification says are suppressed.
        members: keyed digests of each cell's persons, in the order of `cells`; empty where they were not kept.
    """
    population = read_population(spec.chosen, domains=domains)
    levels = [_levels(spec, cells, place) for place in range(len(spec.dimensions))]
    axes = tuple(
        make_axis(one.column, some, population=population, domain=domains.get(one.column, UNKNOWN))
        for one, some in zip(spec.dimensions, levels, strict=True)
    )
    places = [_place(spec, one, axes) for one in cells]
    shape = tuple(len(axis.extents) for axis in axes)
    least, most = np.zeros(shape), np.full(shape, np.inf)
    known = dict(zip(*_known(spec, cells), strict=True))
    for place, cell in zip(places, cells, strict=True):
        if (cell.row, cell.column) not in hidden:
            least[place], most[place] = known[cell.row, cell.column]
    return Released(
        name=name,
        axes=axes,
        population=population,
        least=least,
        most=most,
        is_exact=not (spec.rounding or spec.noise),
        is_exclusive=_is_exclusive(spec, cells),
        members=_members(shape, places, members),
    )


def _known(
    spec: TableSpec, cells: Sequence[Cell]
) -> tuple[list[tuple[tuple[str, ...], tuple[str, ...]]], list[tuple[float, float]]]:
    sheet = set_out(cells)
    _, least, most = reader_counts(sheet, spec)
    return list(sheet.keys), list(zip(least.tolist(), most.tolist(), strict=True))


def _levels(spec: TableSpec, cells: Sequence[Cell], place: int) -> list[tuple[Extent, str]]:
    dimension: Dimension = spec.dimensions[place]
    if dimension.edges:
        pairs = zip(dimension.edges, dimension.edges[1:], dimension.labels, strict=False)
        return [(stretch(low, high), label) for low, high, label in pairs]
    is_row = place < len(spec.rows)
    at = place if is_row else place - len(spec.rows)
    sides = (one.row if is_row else one.column for one in cells)
    labels = dict.fromkeys(side[at] for side in sides if side)
    return [(only(dimension.behind(label)), label) for label in labels]


def _place(spec: TableSpec, cell: Cell, axes: Sequence[Axis]) -> Place:
    """Where a cell stands in the grid; a total stands last along all that it is summed over."""
    row = cell.row or (None,) * len(spec.rows)
    column = cell.column or (None,) * len(spec.columns)
    try:
        return tuple(
            len(axis.extents) - 1 if label is None else axis.labels.index(label)
            for axis, label in zip(axes, (*row, *column), strict=True)
        )
    except ValueError as error:
        raise CannotJudge(
            f"A cell of an earlier answer does not fit its specification: {list(cell.row)}, {list(cell.column)}.",
            code="earlier.malformed",
        ) from error


def _is_exclusive(spec: TableSpec, cells: Sequence[Cell]) -> bool:
    """Whether nobody stands in two cells, as far as the totals tell."""
    if not spec.dimensions:
        return True
    whole = len(spec.rows), len(spec.columns)
    inner = sum(one.persons for one in cells if (len(one.row), len(one.column)) == whole and one.persons > 0)
    total = next((one.persons for one in cells if not one.row and not one.column), None)
    return total is None or total >= inner


def _members(shape: Place, places: Sequence[Place], members: Sequence[Sequence[str] | None]) -> Members | None:
    """The private part of the whole grid; None unless every cell that is no total has its own."""
    ends = [size - 1 for size in shape]
    grid: list[list[int]] = [[] for _ in range(int(np.prod(shape)))]
    if not members:
        return None
    for place, digests in zip(places, members, strict=True):
        if shape and any(at == end for at, end in zip(place, ends, strict=True)):
            continue  # totals follow from the cells
        if digests is None:
            return None
        read = [int(one, 16) for one in digests]
        for total in product(*({at, end} for at, end in zip(place, ends, strict=True))):
            grid[int(np.ravel_multi_index(total, shape)) if shape else 0] += read
    return make_members([np.array(one, dtype=np.uint64) for one in grid])


def _cell(given: Mapping[str, Any]) -> Cell:
    persons = given.get("persons")
    row, column = tuple(map(str, given["row"])), tuple(map(str, given["column"]))
    return Cell(
        row=row, column=column, persons=-1 if persons is None else int(persons), records=0, value=given.get("value")
    )
