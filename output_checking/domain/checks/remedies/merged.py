"""Owns merging of levels as a remedy: each candidate is made and judged on the data, and the best is merged further.

A hint even where it is safe: only its author can say what belongs together. Must never call one safe that the checks did not.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.finding import Verdict
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.remedies.merging import Merger, mergers
from output_checking.domain.checks.remedies.remedy import Judge, Remedy
from output_checking.domain.checks.specification.model import Dimension, TableSpec
from output_checking.domain.checks.specification.reading import read_specification

AT_EACH_STEP = 3  # candidates that are judged before the best of them is merged further
AT_MOST = 12  # candidates that are judged in all: each is a pass over the data
_ORDER = {Verdict.SAFE: 0, Verdict.REVIEW: 1, Verdict.UNSAFE: 2}
_Levels = Sequence[Sequence[str]]


def merged(answer: Answer, judge: Judge) -> Iterator[Remedy]:
    """Yield each candidate with what the checks say of it.

    Args:
        answer: on a table that is not safe, of which no cell was hidden.
        judge: gives the answer on a treated specification.
    """
    best = Remedy(name="", how="", spec=answer.spec, answer=answer, loss=0.0)
    left = AT_MOST
    while left > 0 and best.answer.verdict is not Verdict.SAFE:
        tried = list(_step(best, judge, most=min(left, AT_EACH_STEP)))
        yield from tried
        if not tried:
            return
        left -= len(tried)
        best = min(tried, key=lambda one: (_ORDER[one.answer.verdict], _unsafe(one.answer), one.loss))


def _step(before: Remedy, judge: Judge, *, most: int) -> Iterator[Remedy]:
    spec = read_specification(before.spec)
    if not isinstance(spec, TableSpec):
        return
    levels = _levels(before.answer, spec)
    for one in _candidates(before.answer, spec, levels)[:most]:
        dimension = spec.dimensions[one.axis]
        first, second = (levels[one.axis][at] for at in one.levels)
        treated = _treated(before.spec, spec, one, (first, second))
        try:
            answer = judge(treated)
        except CannotJudge:
            continue  # such as a level that has the merged one's name already
        told = f"{before.how.removesuffix(_LAST)}; then " if before.how else "A hint: merge "
        yield Remedy(
            name="merging of levels",
            how=f"{told}{dimension.column}: '{first}' with '{second}'{_LAST}",
            spec=treated,
            answer=answer,
            loss=min(1.0, before.loss + one.loss),
        )


_LAST = ". Only its author can say what belongs together."


def _levels(answer: Answer, spec: TableSpec) -> list[list[str]]:
    """The levels of each dimension, in the table's order."""
    inner = [(*one.cell.row, *one.cell.column) for one in answer.cells if not one.cell.margin]
    return [list(dict.fromkeys(levels[place] for levels in inner)) for place in range(len(spec.dimensions))]


def _candidates(answer: Answer, spec: TableSpec, levels: _Levels) -> list[Merger]:
    places = [{level: at for at, level in enumerate(some)} for some in levels]
    counts = np.zeros([len(some) for some in levels])
    asking = [np.zeros(len(some), dtype=bool) for some in levels]
    for one in answer.cells:
        row = one.cell.row or (None,) * len(spec.rows)
        column = one.cell.column or (None,) * len(spec.columns)
        at = [place.get(level) if level else None for place, level in zip(places, (*row, *column), strict=True)]
        if None not in at:
            counts[tuple(at)] = one.cell.persons
        for flags, place in zip(asking, at, strict=True):
            if place is not None and one.is_unsafe:
                flags[place] = True
    return mergers(
        counts,
        asking,
        threshold=answer.appetite.threshold,
        ordered=[bool(one.edges) for one in spec.dimensions],
        empty_is_small=answer.appetite.empty_cells == "disclosive",
    )


def _treated(given: Mapping[str, Any], spec: TableSpec, one: Merger, names: tuple[str, str]) -> dict[str, Any]:
    side, place = ("rows", one.axis) if one.axis < len(spec.rows) else ("columns", one.axis - len(spec.rows))
    dimensions = list(given[side])
    dimensions[place] = _dimension(spec.dimensions[one.axis], one.levels, names)
    return {**given, side: dimensions}


def _dimension(before: Dimension, levels: tuple[int, int], names: tuple[str, str]) -> dict[str, Any]:
    if before.edges:
        return {"column": before.column, "bands": [edge for at, edge in enumerate(before.edges) if at != levels[1]]}
    joined = [level for name in names for level in before.behind(name)]
    others = [list(group) for group in before.merged if not set(group) & set(joined)]
    return {"column": before.column, "merge": [*others, joined]}


def _unsafe(answer: Answer) -> int:
    return sum(one.is_unsafe for one in answer.cells)
