"""Owns the judging of a table that was treated already: cells hidden, counts rounded or noised. Must never take a treatment for enough."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Key
from output_checking.domain.checks.finding import Finding, Verdict, Weight, verdict_of
from output_checking.domain.checks.linked.audit import audit, audit_roughly
from output_checking.domain.checks.linked.basis import bases_of
from output_checking.domain.checks.linked.knowledge import shown_exactly
from output_checking.domain.checks.linked.sheet import Flags, Sheet, set_out
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.remedies.rounding import Rounding, round_counts
from output_checking.domain.checks.rules.empty_cells import RULE as EMPTY
from output_checking.domain.checks.rules.threshold import RULE as THRESHOLD
from output_checking.domain.checks.specification.model import TableSpec

MOST_EXACT = 300  # hidden cells of which all bounds are told exactly
LINKED, ROUNDED, DIFFERENCING = "linked_cells", "rounded_small", "differencing"
_OF_COUNTS = {THRESHOLD.id, EMPTY.id}


class Shown(NamedTuple):
    """A figure that is shown instead of a count, and what its reader takes the count for."""

    value: float
    least: float
    most: float


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
    asking = np.array([key in judged and verdict_of([*judged[key].findings]) is not Verdict.SAFE for key in sheet.keys])
    hidden = np.array([key in spec.suppressed for key in sheet.keys]) | sheet.unseen(spec.normalize)
    told = _bounds(sheet, spec, appetite, asking & hidden & sheet.published, hidden=hidden)
    return tuple(_hidden(one, told[_key(one)]) if _key(one) in told else one for one in cells)


def _hidden(one: JudgedCell, told: tuple[Finding, ...]) -> JudgedCell:
    kept = tuple(found for found in one.findings if found.rule == DIFFERENCING)
    if not one.is_unsafe and any(found.weight is Weight.UNSAFE for found in told):
        # shown it would be left to a person, so it is no worse when it can be worked out
        told = tuple(replace(found, weight=Weight.REVIEW) for found in told)
    return replace(one, cell=replace(one.cell, value=None), findings=(*told, *kept))


def _bounds(
    sheet: Sheet, spec: TableSpec, appetite: Appetite, unsafe: Flags, *, hidden: Flags
) -> dict[Key, tuple[Finding, ...]]:
    notes: dict[Key, Finding] = {}
    exposed: dict[Key, list[Finding]] = {}
    for basis in bases_of(sheet, spec, appetite, unsafe=unsafe):
        known = shown_exactly(basis.amounts, hidden, floor=basis.floor, whole=basis.whole)
        # exact bounds of thousands of hidden cells would take hours; those that are too narrow are exact all the same
        audited = audit if hidden.sum() <= MOST_EXACT else audit_roughly
        narrow, bounds = audited(basis.equations, known, basis.levels, truth=basis.amounts)
        levels = {one.cell: one.width * basis.unit for one in narrow}
        for at in np.flatnonzero(hidden & sheet.published):
            key = sheet.keys[at]
            # a solver may answer -0.0, which no reader would write
            ends = float(bounds.known.least[at] * basis.unit) + 0.0, float(bounds.known.most[at] * basis.unit) + 0.0
            if int(at) in levels:
                exposed.setdefault(key, []).append(_exposed(ends, levels[int(at)], basis.behind))
            else:
                notes.setdefault(key, _open(ends, basis.behind))
    return {key: tuple(exposed.get(key, [notes[key]] if key in notes else [])) for key in {**notes, **exposed}}


def _key(one: JudgedCell) -> Key:
    return one.cell.row, one.cell.column


def _open(ends: tuple[float, float], behind: str) -> Finding:
    return Finding(
        rule=LINKED,
        weight=Weight.NOTE,
        figures={"least": _figure(ends[0]), "most": _figure(ends[1])},
        sentence=f"Hidden; {_between(ends, behind)}.",
        learns="No more than that it is wide enough open.",
        remedy="None is needed.",
    )


def _exposed(ends: tuple[float, float], level: float, behind: str) -> Finding:
    figures: dict[str, float | int | str] = {"least": _figure(ends[0]), "most": _figure(ends[1])}
    return Finding(
        rule=LINKED,
        figures={**figures, "protection_level": round(level, 6)},
        sentence=f"Hidden, but {_between(ends, behind)}: narrower than its protection level of {level:,.6g}.",
        learns="The hidden figure, exactly or nearly."
        if not behind
        else f"What is hidden, or of how few: its {behind}.",
        remedy="Hide further cells of its row and column (`output-checking remedy` chooses them), or leave the totals out.",
    )


def _between(ends: tuple[float, float], behind: str) -> str:
    least, most = ends
    between = f"at least {least:,.6g}" if np.isinf(most) else f"between {least:,.6g} and {most:,.6g}"
    what = {"": "it is", "sum": "the sum behind it is"}.get(
        behind, f"the {behind} behind it, if those shown were known, are"
    )
    return f"from the other cells and totals {what} {between}"


def _figure(value: float) -> float | str:
    return float(f"{value:.12g}") if np.isfinite(value) else "unbounded"


def _inexact(cells: Sequence[JudgedCell], sheet: Sheet, spec: TableSpec, appetite: Appetite) -> tuple[JudgedCell, ...]:
    # what is shown is rounded: records where records are counted
    shown, least, most = sheet.values, sheet.values, sheet.values
    if spec.rounding:
        rounded = round_counts(sheet.values.reshape(sheet.full_shape), Rounding(spec.rounding))
        shown, least, most = rounded.shown.ravel(), rounded.least.ravel(), rounded.most.ravel()
    place = {key: at for at, key in enumerate(sheet.keys)}
    return tuple(
        _told(one, Shown(float(shown[at]), float(least[at]), float(most[at])), spec, appetite)
        for one in cells
        for at in [place[_key(one)]]
    )


def _told(one: JudgedCell, shown: Shown, spec: TableSpec, appetite: Appetite) -> JudgedCell:
    value = replace(one.cell, value=shown.value)
    if one.cell.value != one.cell.counted:  # records are told, and few persons stand behind them as before
        return replace(one, cell=value)
    if spec.noise and one.cell.counted:
        shown = _worst(one.cell.counted, spec.noise)
    is_empty = shown.most == 0 and not spec.noise  # a 0 that can only be a 0
    kept = tuple(
        found for found in one.findings if found.rule not in _OF_COUNTS or (is_empty and found.rule == EMPTY.id)
    )
    if shown.least >= 1 and shown.most < appetite.threshold:
        kept = (*kept, _rounded_small(shown, appetite.threshold))
    return replace(one, cell=value, findings=kept)


def _worst(count: int, noise: int) -> Shown:
    """Return the figure that noise could make of a count of which the reader learns most: the least that cannot be nobody."""
    value = max(noise + 1, count - noise)
    return Shown(float(value), float(value - noise), float(value + noise))


def _rounded_small(shown: Shown, threshold: int) -> Finding:
    return Finding(
        rule=ROUNDED,
        weight=Weight.REVIEW,
        figures={"shown": shown.value, "least": shown.least, "most": shown.most, "threshold": threshold},
        sentence=f"{shown.value:g}, as it may be shown, stands for {shown.least:g} to {shown.most:g} persons: not exact, but surely fewer "
        f"than {threshold}.",
        learns="That the group is small, within the rounding or noise.",
        remedy=f"Round to base {threshold}, or hide counts under {threshold} as well.",
    )
