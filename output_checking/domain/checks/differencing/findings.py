"""Owns how what differencing found is said. Must never find anything itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.differencing.compare import Differences
from output_checking.domain.checks.differencing.gap import Gap, Unsettled, Way
from output_checking.domain.checks.evidence.cells import Key
from output_checking.domain.checks.finding import Finding, Weight

RULE = "differencing"
MOST_TOLD = 20
_HOW = {
    Way.WITHIN: "{this} lies within '{cell}' of {earlier}, which has only {group} more",
    Way.AROUND: "'{cell}' of {earlier} lies within {this}, which has only {group} more",
    Way.SAME: "'{cell}' of {earlier} is the same as {this}, with another count: {group} apart",
    Way.TOGETHER: "together with '{cell}' of {earlier}, which was rounded or noised otherwise, {this} is known to be {group}",
    Way.MOVED: "'{cell}' of {earlier} is the same as {this}, but {group} came or left in between",
    Way.SUMS: "sums and differences with {earlier} leave at most {most} persons for '{cell}'",
}
CELL, TOTAL = "this cell", "this total, which a reader can add up,"


def with_differences(
    cells: Sequence[JudgedCell], found: Differences, key_of: Callable[[int], Key]
) -> tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]:
    """Return the cells with what differencing found in each, and what is said of the whole table.

    Args:
        cells: as they were judged before.
        found: gaps by place in the new table's grid.
        key_of: gives the row and column levels of a place of that grid; of a place that the output does not show, those of no cell.
    """
    told: dict[Key, list[Finding]] = {}
    elsewhere: list[Finding] = []
    there = {(one.cell.row, one.cell.column) for one in cells}
    key_at = cache(key_of)
    for gap in (*found.gaps, *found.blurred):
        key = key_at(gap.cell)
        place = told.setdefault(key, []) if key in there else elsewhere
        if len(place) < MOST_TOLD:
            place.append(say_gap(gap, of=CELL if key in there else TOTAL))
    judged = tuple(
        replace(one, findings=(*one.findings, *told.get((one.cell.row, one.cell.column), ()))) for one in cells
    )
    return judged, (*elsewhere, *map(say_unsettled, found.unsettled))


def say_gap(gap: Gap, *, of: str = CELL) -> Finding:
    """Return the finding on one small group of a cell, or of a total that the output does not show."""
    group = f"{gap.least}" if gap.least == gap.most else f"{gap.least} to {gap.most}"
    earlier = " and ".join(gap.earlier) or "the earlier answers"
    told = f"{group} {'person' if group == '1' else 'persons'}"
    sentence = _HOW[gap.way].format(cell=gap.earlier_cell, earlier=earlier, group=told, most=gap.most, this=of)
    return Finding(
        rule=RULE,
        weight=Weight.REVIEW if gap.is_blurred else Weight.UNSAFE,
        figures={"way": str(gap.way), "earlier": earlier, "least": gap.least, "most": gap.most},
        sentence=f"{sentence[0].upper()}{sentence[1:]}{'' if of is CELL else f' ({gap.where})'}.",
        learns="The figures of that small group, by subtraction.",
        remedy="Use the same population, bands and filter as the earlier answer, or hide or round this table so that the difference is not known.",
    )


def say_unsettled(one: Unsettled) -> Finding:
    """Return the finding on what was not followed."""
    return Finding(
        rule=RULE,
        weight=Weight.REVIEW,
        figures={"code": one.code, **one.figures},
        sentence=one.sentence,
        learns="Perhaps a small group, by sums over several tables.",
        remedy="An output checker compares it with the earlier answers.",
    )
