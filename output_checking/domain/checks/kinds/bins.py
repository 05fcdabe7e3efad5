"""Owns a histogram as the table of its bins: what differencing and the rules see of it. Must never look at records."""

import math
from collections.abc import Sequence
from itertools import pairwise

from output_checking.domain.checks.specification.model import (
    Dimension,
    HistogramSpec,
    Statistic,
    TableSpec,
    number_name,
)


def names_of(edges: Sequence[float]) -> tuple[str, ...]:
    """Return what the bins are called: `0 to 10`."""
    return tuple(f"{number_name(start)} to {number_name(end)}" for start, end in pairwise(edges))


def edges_in(names: Sequence[str]) -> tuple[float, ...]:
    """Return the edges of bins that are called so, in their order.

    Raises:
        ValueError: these are no names of bins.
    """
    read = [tuple(map(float, one.split(" to "))) for one in names]
    return tuple(sorted({edge for one in read for edge in one}))


def table_named(spec: HistogramSpec, names: Sequence[str]) -> tuple[TableSpec, dict[str, str]]:
    """Return the table that a histogram is whose bins are called so, and the level that each of them is there.

    Raises:
        ValueError: these are no names of its bins.
    """
    edges = spec.edges or edges_in(names)
    table = table_of(spec, edges)
    return table, dict(zip(names_of(edges), table.columns[0].labels, strict=True))


def table_of(spec: HistogramSpec, edges: Sequence[float]) -> TableSpec:
    """Return the table of persons that a histogram with these edges is; its last bin holds its upper edge too."""
    closed = (*edges[:-1], math.nextafter(edges[-1], math.inf))
    return TableSpec(
        chosen=spec.chosen,
        rows=spec.by,
        columns=(Dimension(column=spec.measure, edges=closed),),
        statistic=Statistic.PERSONS,
    )
