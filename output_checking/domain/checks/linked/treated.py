"""Owns the judging of a table that was treated already: cells hidden, counts rounded or noised. Must never take a treatment for enough."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.linked.audit import audit
from output_checking.domain.checks.linked.basis import basis_of
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.linked.reader import reader_counts
from output_checking.domain.checks.linked.sheet import Flags, Key, Sheet, set_out
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.rules.empty_cells import RULE as EMPTY
from output_checking.domain.checks.rules.threshold import RULE as THRESHOLD
from output_checking.domain.checks.specification.model import TableSpec

LINKED, ROUNDED, DIFFERENCING = "linked_cells", "rounded_small", "differencing"
_OF_COUNTS = {THRESHOLD.id, EMPTY.id}


def judge_treated(cells: Sequence[JudgedCell], spec: TableSpec, appetite: Appetite) -> tuple[JudgedCell, ...]:
    """Return the judged cells of a table as it is shown: what is hidden is judged by its bounds, what is rounded by what it tells.

    Raises:
        CannotJudge: `specification.suppressed` when a hidden cell is not one of the table's.
    """
    sheet = set_out(one.cell for one in cells)
    found = _inexact(cells, sheet, spec, appetite) if spec.rounding or spec.noise else tuple(cells)
    return _with_hidden(found, sheet, spec, appetite) if spec.suppressed else found


def _with_hidden(
    cells: Sequence[JudgedCell], sheet: Sheet, spec: TableSpec, appetite: Appetite
) -> tuple[JudgedCell, ...]:
    strangers = spec.suppressed - {key for key, cell in zip(sheet.keys, sheet.cells, strict=True) if cell}
    if strangers:
        row, column = min(strangers)
        raise CannotJudge(
            f"The suppressed cell {list(row)}, {list(column)} is not one of the table's. There are {len(strangers)} such.",
            code="specification.suppressed",
        )
    judged = {(one.cell.row, one.cell.column): one for one in cells}
    unsafe = np.array([key in judged and judged[key].is_unsafe for key in sheet.keys])
    hidden = np.array([key in spec.suppressed for key in sheet.keys]) | ~sheet.published
    told = _bounds(sheet, spec, appetite, unsafe & hidden & sheet.published, hidden=hidden)
    return tuple(
        replace(
            one,
            cell=replace(one.cell, value=None),
            findings=(*told[_key(one)], *(found for found in one.findings if found.rule == DIFFERENCING)),
        )
        if _key(one) in told
        else one
        for one in cells
    )


def _bounds(
    sheet: Sheet, spec: TableSpec, appetite: Appetite, unsafe: Flags, *, hidden: Flags
) -> dict[Key, tuple[Finding, ...]]:
    basis = basis_of(sheet, spec, appetite, unsafe=unsafe)
    known = shown_exactly(basis.amounts, hidden, floor=basis.floor, whole=basis.whole)
    narrow, bounds = audit(basis.equations, known, basis.levels, truth=basis.amounts)
    exposed = {one.cell: one.width for one in narrow}
    found: dict[Key, tuple[Finding, ...]] = {}
    for at in np.flatnonzero(hidden & sheet.published):
        ends = float(bounds.known.least[at]), float(bounds.known.most[at])
        found[sheet.keys[at]] = (_finding(ends, exposed.get(int(at))),)
    return found


def _key(one: JudgedCell) -> Key:
    return one.cell.row, one.cell.column


def _finding(ends: tuple[float, float], level: float | None) -> Finding:
    least, most = ends
    between = f"at least {least:,.6g}" if np.isinf(most) else f"between {least:,.6g} and {most:,.6g}"
    figures: dict[str, float | int | str] = {"least": _figure(least), "most": _figure(most)}
    if level is None:
        return Finding(
            rule=LINKED,
            weight=Weight.NOTE,
            figures=figures,
            sentence=f"Hidden; from the other cells and totals it is {between}.",
            learns="No more than these bounds.",
            remedy="None is needed.",
        )
    return Finding(
        rule=LINKED,
        figures={**figures, "protection_level": round(level, 6)},
        sentence=f"Hidden, but from the other cells and totals it is {between}: narrower than its protection level of {level:,.6g}.",
        learns="The hidden figure, exactly or nearly.",
        remedy="Hide further cells of its row and column (`output-checking remedy` chooses them), or leave the totals out.",
    )


def _figure(value: float) -> float | str:
    return value if np.isfinite(value) else "unbounded"


def _inexact(cells: Sequence[JudgedCell], sheet: Sheet, spec: TableSpec, appetite: Appetite) -> tuple[JudgedCell, ...]:
    shown, least, most = reader_counts(sheet, spec)
    place = {key: at for at, key in enumerate(sheet.keys)}
    return tuple(_told(one, shown[at], (least[at], most[at]), appetite) for one in cells for at in [place[_key(one)]])


def _told(one: JudgedCell, shown: float, ends: tuple[float, float], appetite: Appetite) -> JudgedCell:
    counts_persons = one.cell.value == one.cell.persons
    is_small = ends[0] >= 1 and ends[1] < appetite.threshold
    kept = tuple(found for found in one.findings if found.rule not in _OF_COUNTS or not counts_persons)
    if is_small and counts_persons:
        kept = (*kept, _rounded_small(shown, ends, appetite.threshold))
    return replace(one, cell=replace(one.cell, value=shown), findings=kept)


def _rounded_small(shown: float, ends: tuple[float, float], threshold: int) -> Finding:
    return Finding(
        rule=ROUNDED,
        weight=Weight.REVIEW,
        figures={"shown": shown, "least": ends[0], "most": ends[1], "threshold": threshold},
        sentence=f"The {shown:g} shown stands for {ends[0]:g} to {ends[1]:g} persons: not exact, but surely fewer than {threshold}.",
        learns="That the group is small, within the rounding.",
        remedy=f"Round to base {threshold}, or hide counts under {threshold} as well.",
    )
