"""Owns how a table's cells become the grid that differencing holds against others. Must never touch data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.extent import UNKNOWN, Domains, Extent, only, stretch
from output_checking.domain.checks.differencing.members import NOBODY, Digests, Members, read_digests, with_totals
from output_checking.domain.checks.differencing.population import NO_DOMAINS, read_population
from output_checking.domain.checks.differencing.released import Axis, Floats, Released, make_axis
from output_checking.domain.checks.differencing.shown import Shown
from output_checking.domain.checks.evidence.cells import TOTAL, Cell, Key
from output_checking.domain.checks.linked.equations import inner_places
from output_checking.domain.checks.linked.reader import reader_counts, within_noise
from output_checking.domain.checks.linked.sheet import set_out
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Dimension, TableSpec

Place = tuple[int, ...]
Places = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What some cells tell as sums.

    Args:
        amounts: of each cell the sum, or of means the sum behind it; NaN where it is not known.
        tops: what its largest person adds, by absolute amount; NaN where it is not said.
    """

    amounts: Floats
    tops: Floats


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The cells of a table, totals among them, column by column.

    Args:
        keys: row levels and column levels of each.
        persons: distinct persons; NaN where the reader was not told.
        sums: what each tells as a sum; None of a table that tells none.
        members: keyed digests of each cell's persons; empty where they were not kept.
    """

    keys: Sequence[Key]
    persons: Floats
    sums: Sums | None = None
    members: Sequence[Sequence[str] | None] = ()


def lay(spec: TableSpec, cells: Cells, *, name: str, domains: Domains = NO_DOMAINS) -> Released:
    """Return a table as differencing sees it.

    Args:
        spec: what it is.
        cells: its true cells.
        name: what it is called in a finding.
        domains: what is known of the columns.

    Raises:
        CannotJudge: `earlier.malformed` where a cell does not fit the specification.
    """
    population = read_population(spec.chosen, domains=domains)
    levels = [_levels(spec, cells, place) for place in range(len(spec.dimensions))]
    axes = tuple(
        make_axis(one.column, some, population=population, domain=domains.get(one.column, UNKNOWN))
        for one, some in zip(spec.dimensions, levels, strict=True)
    )
    shape = tuple(len(axis.extents) for axis in axes)
    places = _places(spec, cells.keys, axes, name)
    least, most = np.zeros(shape), np.full(shape, np.inf)
    least.flat[places], most.flat[places] = _known(spec, cells)
    return Released(
        name=name,
        axes=axes,
        population=population,
        least=least,
        most=most,
        is_exact=not (spec.rounding or spec.noise),
        is_exclusive=_is_exclusive(cells, places, shape),
        members=_members(shape, places, cells.members),
        shown=_shown(spec, cells, places, least.size),
    )


def key_at(table: Released, spec: TableSpec, place: int) -> Key:
    """Return the row and column levels of a place of a table's grid; a total over one of several columns is called TOTAL."""
    at = dict(zip((axis.column for axis in table.axes), np.unravel_index(place, table.least.shape), strict=True))
    level = {
        axis.column: TOTAL if at[axis.column] == len(axis.extents) - 1 else axis.labels[at[axis.column]]
        for axis in table.axes
    }
    return _side(spec.rows, level), _side(spec.columns, level)


def _side(dimensions: Sequence[Dimension], level: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(level[one.column] for one in dimensions)
    return () if all(one == TOTAL for one in found) else found


def _levels(spec: TableSpec, cells: Cells, place: int) -> list[tuple[Extent, str]]:
    dimension: Dimension = spec.dimensions[place]
    if dimension.edges:
        pairs = zip(dimension.edges, dimension.edges[1:], dimension.labels, strict=False)
        return [(stretch(low, high), label) for low, high, label in pairs]
    is_row = place < len(spec.rows)
    at = place if is_row else place - len(spec.rows)
    sides = dict.fromkeys(row if is_row else column for row, column in cells.keys)
    labels = dict.fromkeys(side[at] for side in sides if side)
    return [(only(dimension.behind(label)), label) for label in labels]


def _places(spec: TableSpec, keys: Sequence[Key], axes: Sequence[Axis], name: str) -> Places:
    """Where each cell stands in the flat grid; a total stands last along all that it is summed over."""
    sizes = [len(axis.extents) for axis in axes]
    steps = [math.prod(sizes[place + 1 :]) for place in range(len(sizes))]
    count = len(spec.rows)
    at = [{label: place for place, label in enumerate(axis.labels[:-1])} for axis in axes]
    of_row = cache(lambda side: _summed(side, axes[:count], at[:count], steps[:count]))
    of_column = cache(lambda side: _summed(side, axes[count:], at[count:], steps[count:]))
    try:
        return np.array([of_row(row) + of_column(column) for row, column in keys], dtype=np.intp)
    except (KeyError, ValueError) as error:
        raise CannotJudge(
            f"A cell of the earlier answer '{name}' does not fit its specification: it has other levels, or more of them, than rows "
            "and columns say.",
            code="earlier.malformed",
        ) from error


def _summed(side: tuple[str, ...], axes: Sequence[Axis], at: Sequence[Mapping[str, int]], steps: Sequence[int]) -> int:
    """What the levels of one side add to a cell's place."""
    if not side:
        return sum((len(axis.extents) - 1) * step for axis, step in zip(axes, steps, strict=True))
    return sum(places[label] * step for places, label, step in zip(at, side, steps, strict=True))


def _known(spec: TableSpec, cells: Cells) -> tuple[Floats, Floats]:
    """The least and the most persons that a reader takes each cell for."""
    if spec.rounding:
        least, most = _rounded(spec, cells)
    else:
        least, most = within_noise(cells.persons, spec)
    hidden = np.isnan(cells.persons)
    if spec.suppressed:
        hidden |= np.array([key in spec.suppressed for key in cells.keys])
    return np.where(hidden, 0.0, least), np.where(hidden, np.inf, most)


def _rounded(spec: TableSpec, cells: Cells) -> tuple[Floats, Floats]:
    persons = np.nan_to_num(cells.persons).astype(int).tolist()
    sheet = set_out(
        Cell(row=row, column=column, persons=count, records=0, value=None)
        for (row, column), count in zip(cells.keys, persons, strict=True)
    )
    _, least, most = reader_counts(sheet, spec)
    at = {key: place for place, key in enumerate(sheet.keys)}
    places = [at[key] for key in cells.keys]
    return least[places], most[places]


def _is_exclusive(cells: Cells, places: Places, shape: Place) -> bool:
    """Whether nobody stands in two cells, as far as the totals tell."""
    persons = np.nan_to_num(cells.persons)
    total = persons[places == math.prod(shape) - 1]
    return not shape or not len(total) or bool(total[0] >= persons[~_are_totals(places, shape)].sum())


def _are_totals(places: Places, shape: Place) -> NDArray[np.bool_]:
    """Of each place, whether it is summed over any axis."""
    return ~inner_places(shape).ravel()[places]


def _members(shape: Place, places: Places, members: Sequence[Sequence[str] | None]) -> Members | None:
    """The private part of the whole grid; None unless every cell that is no total has its own."""
    is_inner = ~_are_totals(places, shape)
    if not any(one is not None for one in members):
        return None
    inner = tuple(size - 1 for size in shape)
    found: list[Digests] = [NOBODY] * math.prod(inner)
    for at in np.flatnonzero(is_inner).tolist():  # totals follow from the cells
        digests = members[at]
        if digests is None:
            return None
        levels = np.unravel_index(places[at], shape) if shape else ()
        found[int(np.ravel_multi_index(levels, inner)) if shape else 0] = read_digests(digests)
    return with_totals(found, inner)


def _shown(spec: TableSpec, cells: Cells, places: Places, size: int) -> Shown | None:
    if cells.sums is None:
        return None
    amounts, tops = np.full(size, np.nan), np.full(size, np.nan)
    amounts[places], tops[places] = cells.sums.amounts, cells.sums.tops
    hidden = [place for place, key in zip(places.tolist(), cells.keys, strict=True) if key in spec.suppressed]
    amounts[hidden] = np.nan
    return Shown(spec=spec, amounts=amounts, tops=tops)
