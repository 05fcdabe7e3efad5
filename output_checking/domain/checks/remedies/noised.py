"""Owns the remedies that move counts by chance: cell-key noise and Barnardisation, both drawn by the persons' keys.

Must never be offered without a key: noise drawn anew each time averages out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.differencing.members import Members, read_digests, with_totals
from output_checking.domain.checks.evidence.membership import PrivatePart
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.sheet import Sheet, set_out
from output_checking.domain.checks.remedies.barnardisation import WARNING, barnardise
from output_checking.domain.checks.remedies.cell_key import LARGEST, add_noise
from output_checking.domain.checks.remedies.loss import lost
from output_checking.domain.checks.remedies.remedy import Judge, Remedy
from output_checking.domain.checks.specification.model import TableSpec

BARNARDISED, UNSEEN = "barnardisation", "unseen_noise"


def show_noised(
    cells: Sequence[JudgedCell], spec: TableSpec, members: PrivatePart
) -> tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]:
    """Return the cells of a noised table as they are to be shown, and what is said of the whole.

    The noise is drawn here, by the key: what a specification merely says was done to a table is not taken for done.

    Args:
        cells: as they were judged, with their true counts.
        spec: says how far noise moves a count at most.
        members: the private part; empty where no key was given.
    """
    if not spec.noise:
        return tuple(cells), ()
    if not members:
        return tuple(cells), (_unseen(spec.noise),)
    sheet = set_out(one.cell for one in cells)
    counts = sheet.values.reshape(sheet.full_shape)
    noisy = add_noise(counts, _members(members, sheet), largest=spec.noise).ravel()
    return _with_values(cells, sheet, noisy), ()


def noised(answer: Answer, sheet: Sheet, judge: Judge) -> Iterator[Remedy]:
    """Yield both remedies; nothing where the answer has no private part.

    Args:
        answer: on a table of counts.
        sheet: its cells.
        judge: gives the answer on a treated specification.
    """
    if not answer.members:
        return
    counts, members = sheet.values.reshape(sheet.full_shape), _members(answer.members, sheet)
    told = f"Each cell has the noise of its persons' keys, at most {LARGEST} to either side, the same in every table; totals have their own."
    yield _made(sheet, judge({**answer.spec, "noise": LARGEST}), name="cell-key noise", how=told)
    judged = judge({**answer.spec, "noise": 1})
    cells = _with_values(judged.cells, sheet, barnardise(counts, members).ravel())
    moved = replace(judged, cells=cells, findings=(*judged.findings, _warning()))
    yield _made(sheet, moved, name=BARNARDISED, how=WARNING)


def _made(sheet: Sheet, answer: Answer, *, name: str, how: str) -> Remedy:
    shown = set_out(one.cell for one in answer.cells).values
    nothing = np.zeros(shown.size, dtype=bool)
    loss = lost(sheet.values, shown, nothing, published=sheet.published)
    return Remedy(name=name, how=how, spec=answer.spec, answer=answer, loss=loss)


def _with_values(cells: Sequence[JudgedCell], sheet: Sheet, shown: Floats) -> tuple[JudgedCell, ...]:
    place = dict(zip(sheet.keys, shown.tolist(), strict=True))
    return tuple(replace(one, cell=replace(one.cell, value=place[one.cell.row, one.cell.column])) for one in cells)


def _members(members: PrivatePart, sheet: Sheet) -> Members:
    inner = [key for key, is_inner in zip(sheet.keys, sheet.inner, strict=True) if is_inner]
    return with_totals([read_digests(members.get(key, ())) for key in inner], sheet.shape)


def _unseen(noise: int) -> Finding:
    return Finding(
        rule=UNSEEN,
        weight=Weight.REVIEW,
        figures={"noise": noise},
        sentence=f"The specification says that noise moved the counts by {noise} at most; without the key that it is drawn by, nobody can see that it did.",
        learns="The counts as they are, if it did not.",
        remedy="Give the key (`--key`): the answer then shows the counts with their noise, as they may be released.",
    )


def _warning() -> Finding:
    return Finding(
        rule=BARNARDISED,
        weight=Weight.REVIEW,
        sentence=WARNING,
        learns="A small count to within one.",
        remedy="Take it only on top of another remedy.",
    )
