"""Owns the remedies that move counts by chance: cell-key noise and Barnardisation, both drawn by the persons' keys.

Must never be offered without a key: noise drawn anew each time averages out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.differencing.members import Members, with_totals
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.sheet import Sheet
from output_checking.domain.checks.remedies.barnardisation import WARNING, barnardise
from output_checking.domain.checks.remedies.cell_key import LARGEST, add_noise
from output_checking.domain.checks.remedies.loss import lost
from output_checking.domain.checks.remedies.remedy import Judge, Remedy

BARNARDISED = "barnardisation"


def noised(answer: Answer, sheet: Sheet, judge: Judge) -> Iterator[Remedy]:
    """Yield both remedies; nothing where the answer has no private part.

    Args:
        answer: on a table of counts.
        sheet: its cells.
        judge: gives the answer on a treated specification.
    """
    if not answer.members:
        return
    counts, members = sheet.values.reshape(sheet.full_shape), _members(answer, sheet)
    told = f"Each cell has the noise of its persons' keys, at most {LARGEST} to either side, the same in every table; totals have their own."
    yield _made(answer, sheet, judge, name="cell-key noise", how=told, noise=LARGEST, shown=add_noise(counts, members))
    moved = barnardise(counts, members)
    made = _made(answer, sheet, judge, name=BARNARDISED, how=WARNING, noise=1, shown=moved)
    if made.answer:
        yield replace(made, answer=replace(made.answer, findings=(*made.answer.findings, _warning())))


def _made(answer: Answer, sheet: Sheet, judge: Judge, *, name: str, how: str, noise: int, shown: Floats) -> Remedy:
    spec: Mapping[str, Any] = {**answer.spec, "noise": noise}
    place = {key: float(value) for key, value in zip(sheet.keys, shown.ravel(), strict=True)}
    judged = judge(spec)
    cells = tuple(
        replace(one, cell=replace(one.cell, value=place[one.cell.row, one.cell.column])) for one in judged.cells
    )
    nothing = np.zeros(shown.size, dtype=bool)
    loss = lost(sheet.values, shown.ravel(), nothing, published=sheet.published)
    return Remedy(name=name, how=how, spec=spec, answer=replace(judged, cells=cells), loss=loss)


def _members(answer: Answer, sheet: Sheet) -> Members:
    inner = [key for key, is_inner in zip(sheet.keys, sheet.inner, strict=True) if is_inner]
    return with_totals([[int(one, 16) for one in answer.members.get(key, ())] for key in inner], sheet.shape)


def _warning() -> Finding:
    return Finding(
        rule=BARNARDISED,
        weight=Weight.REVIEW,
        sentence=WARNING,
        learns="A small count to within one.",
        remedy="Take it only on top of another remedy.",
    )
