"""Owns which two levels could be made one, and what the counts say would come of it. Must never say that it is safe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.remedies.cover import Flags
from output_checking.domain.checks.remedies.rounding import rebuilt


@dataclass(frozen=True)
class Merger:
    """Two levels made one.

    Args:
        axis: which dimension of the grid.
        levels: places of the two.
        small: cells that would still be under the threshold, were nobody in two cells.
        loss: as `loss.py` measures.
    """

    axis: int
    levels: tuple[int, int]
    small: int
    loss: float


def mergers(
    counts: Floats, asking: Sequence[Flags], *, threshold: int, ordered: Sequence[bool], empty_is_small: bool
) -> list[Merger]:
    """Return the pairs of levels of which one asks for it, that which leaves the fewest small cells first, then the least loss.

    Args:
        counts: persons, without totals.
        asking: of each axis, the levels that hold a cell which must not be shown.
        threshold: fewest persons in a cell.
        ordered: of each axis, whether only neighbours can be merged (bands).
        empty_is_small: an empty cell counts as under the threshold.
    """
    found: list[Merger] = []
    for axis, (flags, neighbours) in enumerate(zip(asking, ordered, strict=True)):
        for levels in _pairs(flags, neighbours):
            merged = _merge(counts, axis, *levels)
            small = int(((merged < threshold) & ((merged > 0) | empty_is_small)).sum())
            found.append(Merger(axis, levels, small, _loss(counts, axis, *levels)))
    return sorted(found, key=lambda one: (one.small, one.loss, one.axis, one.levels))


def _pairs(asking: Flags, neighbours: bool) -> Iterator[tuple[int, int]]:  # noqa: FBT001 - a property of the axis
    for first in range(len(asking)):
        for second in range(first + 1, min(first + 2, len(asking)) if neighbours else len(asking)):
            if asking[first] or asking[second]:
                yield first, second


def _merge(counts: Floats, axis: int, first: int, second: int) -> Floats:
    moved = np.moveaxis(counts, axis, 0)
    joined = moved[first] + moved[second]
    kept = np.delete(moved, second, axis=0)
    kept[first] = joined
    return np.moveaxis(kept, 0, axis)


def _loss(counts: Floats, axis: int, first: int, second: int) -> float:
    moved = np.moveaxis(counts, axis, 0)
    away = np.abs(moved[first] - moved[second]).sum()
    whole = np.abs(rebuilt(counts)).sum()
    return float(away / whole) if whole else 0.0
