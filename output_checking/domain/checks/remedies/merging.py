"""Owns merging of levels: each pair that could be one, and what would come of it. A hint: only its author can say what belongs together."""

from collections.abc import Iterator
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
        counts: the new grid with totals; the merged level stands where the first stood.
        small: cells that are still under the threshold.
        loss: as `loss.py` measures.
    """

    axis: int
    levels: tuple[int, int]
    counts: Floats
    small: int
    loss: float


def mergers(counts: Floats, *, threshold: int, ordered: tuple[bool, ...], empty_is_small: bool) -> Iterator[Merger]:
    """Yield every pair of levels that holds a small cell, with what merging it gives.

    Args:
        counts: persons, totals last along each axis; nobody in two cells.
        threshold: fewest persons in a cell.
        ordered: of each axis, whether only neighbours can be merged (bands).
        empty_is_small: an empty cell counts as under the threshold.
    """
    inner = counts[tuple(slice(0, -1) for _ in counts.shape)]
    small = _is_small(inner, threshold, empty_is_small)
    for axis in range(inner.ndim):
        others = tuple(one for one in range(inner.ndim) if one != axis)
        asking = np.atleast_1d(small.any(axis=others))
        for first in range(inner.shape[axis]):
            last = min(first + 2, inner.shape[axis]) if ordered[axis] else inner.shape[axis]
            for second in range(first + 1, last):
                if asking[first] or asking[second]:
                    merged = _merge(inner, axis, first, second)
                    left = int(_is_small(merged, threshold, empty_is_small).sum())
                    yield Merger(axis, (first, second), rebuilt(merged), left, _loss(inner, axis, first, second))


def merge_until_safe(
    counts: Floats, *, threshold: int, ordered: tuple[bool, ...], empty_is_small: bool
) -> tuple[list[Merger], Floats]:
    """Return the mergers, one after another, that leave no small cell (or as few as merging can), and the last grid.

    Each step takes the pair that leaves the fewest small cells, then the least loss.
    """
    taken: list[Merger] = []
    while True:
        options = list(mergers(counts, threshold=threshold, ordered=ordered, empty_is_small=empty_is_small))
        if not options:
            return taken, counts
        best = min(options, key=lambda one: (one.small, one.loss, one.axis, one.levels))
        taken.append(best)
        counts = best.counts


def _is_small(inner: Floats, threshold: int, empty_is_small: bool) -> Flags:  # noqa: FBT001 - a setting
    return np.asarray((inner < threshold) & ((inner > 0) | empty_is_small))


def _merge(inner: Floats, axis: int, first: int, second: int) -> Floats:
    moved = np.moveaxis(inner, axis, 0)
    joined = moved[first] + moved[second]
    kept = np.delete(moved, second, axis=0)
    kept[first] = joined
    return np.moveaxis(kept, 0, axis)


def _loss(inner: Floats, axis: int, first: int, second: int) -> float:
    moved = np.moveaxis(inner, axis, 0)
    away = np.abs(moved[first] - moved[second]).sum()
    whole = np.abs(rebuilt(inner)).sum()
    return float(away / whole) if whole else 0.0
