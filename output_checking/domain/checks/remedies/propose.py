"""Owns the list of remedies for a table: each one made, judged again as any output is, and put in order of what it loses.

Must never call a remedy safe that the checks did not: every verdict is that of `check` on the treated specification.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.finding import Verdict
from output_checking.domain.checks.linked.basis import basis_of
from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.sheet import Flags, Sheet, set_out
from output_checking.domain.checks.remedies.cover import Task
from output_checking.domain.checks.remedies.loss import lost
from output_checking.domain.checks.remedies.merging import merge_until_safe
from output_checking.domain.checks.remedies.noised import noised
from output_checking.domain.checks.remedies.remedy import Judge, Remedy
from output_checking.domain.checks.remedies.rounding import Rounding, round_counts
from output_checking.domain.checks.remedies.suppression import suppress
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification


def propose(answer: Answer, judge: Judge) -> list[Remedy]:
    """Return the remedies of a table, those that make it safe first, least loss first; nothing for what is no table.

    Args:
        answer: on the table as it is.
        judge: gives the answer on a treated specification: `check` with the same data, appetite and earlier answers.
    """
    spec = read_specification(answer.spec)
    if not isinstance(spec, TableSpec) or not answer.cells:
        return []
    sheet = set_out(one.cell for one in answer.cells)
    found = [
        *_suppressed(answer, spec, sheet, judge),
        *_rounded(answer, spec, sheet, judge),
        *_merged(answer, spec, sheet),
    ]
    order = {Verdict.SAFE: 0, Verdict.REVIEW: 1, Verdict.UNSAFE: 2}
    return sorted(found, key=lambda one: (order[one.answer.verdict] if one.answer else 3, one.loss))


def _suppressed(answer: Answer, spec: TableSpec, sheet: Sheet, judge: Judge) -> Iterator[Remedy]:
    judged = {(one.cell.row, one.cell.column): one for one in answer.cells}
    unsafe = np.array([key in judged and judged[key].is_unsafe for key in sheet.keys])
    if not unsafe.any():
        return
    chosen = suppress(_task(sheet, spec, answer.appetite, unsafe))
    hidden = chosen.hidden & sheet.published
    cells = [
        {"row": list(row), "column": list(column)} for at in np.flatnonzero(hidden) for row, column in [sheet.keys[at]]
    ]
    treated = {**answer.spec, "suppressed": cells}
    why = f" ({chosen.why})" if chosen.why else ""
    further = int((hidden & ~unsafe).sum())
    yield Remedy(
        name="suppression",
        how=f"Hide {int(unsafe.sum())} unsafe cells and {further} further ones; choice: {chosen.method}{why}.",
        spec=treated,
        answer=judge(treated),
        loss=lost(sheet.persons, sheet.persons, hidden, published=sheet.published),
    )


def _task(sheet: Sheet, spec: TableSpec, appetite: Appetite, unsafe: Flags) -> Task:
    basis = basis_of(sheet, spec, appetite, unsafe=unsafe)
    return Task(
        equations=basis.equations,
        truth=basis.amounts,
        primary=unsafe | ~sheet.published,
        eligible=sheet.published & (basis.amounts > 0),
        cost=sheet.persons + 1,
        levels=basis.levels,
        floor=basis.floor,
        whole=basis.whole,
    )


def _rounded(answer: Answer, spec: TableSpec, sheet: Sheet, judge: Judge) -> Iterator[Remedy]:
    if (
        not spec.statistic.is_frequency
        or spec.normalize
        or spec.weight
        or spec.suppressed
        or spec.rounding
        or spec.noise
    ):
        return
    yield from noised(answer, sheet, judge)
    counts = sheet.persons.reshape(sheet.full_shape)
    for how in Rounding:
        treated = {**answer.spec, "rounding": str(how)}
        shown: Floats = round_counts(counts, how).shown.ravel()
        yield Remedy(
            name=f"rounding, {how}",
            how="Round each count; totals are rebuilt from the rounded cells.",
            spec=treated,
            answer=judge(treated),
            loss=lost(sheet.persons, shown, np.zeros(len(shown), dtype=bool), published=sheet.published),
        )


def _merged(answer: Answer, spec: TableSpec, sheet: Sheet) -> Iterator[Remedy]:
    if len(spec.rows) > 1 or len(spec.columns) > 1:
        return
    counts = sheet.persons.reshape(sheet.full_shape)
    ordered = tuple(bool(one.edges) for one in spec.dimensions)
    empty_is_small = answer.appetite.empty_cells == "disclosive"
    taken, _ = merge_until_safe(
        counts, threshold=answer.appetite.threshold, ordered=ordered, empty_is_small=empty_is_small
    )
    labels = [list(_labels(sheet, axis, spec)) for axis in range(len(sheet.shape))]
    told: list[str] = []
    loss = 0.0
    for one in taken:
        first, second = (labels[one.axis][at] for at in one.levels)
        labels[one.axis][one.levels[0]] = f"{first} + {second}"
        del labels[one.axis][one.levels[1]]
        told.append(f"{spec.dimensions[one.axis].column}: '{first}' with '{second}' (then {one.small} small cells)")
        loss += one.loss
        yield Remedy(
            name="merging of levels",
            how=f"A hint: merge {'; '.join(told)}. Only its author can say what belongs together; make it anew and check it.",
            spec=dict(answer.spec),
            answer=None,
            loss=min(1.0, loss),
            small=one.small,
        )


def _labels(sheet: Sheet, axis: int, spec: TableSpec) -> Iterator[str]:
    side = 0 if axis == 0 and spec.rows else 1
    seen: dict[Sequence[str], None] = dict.fromkeys(key[side] for key in sheet.keys if key[side])
    return (" / ".join(one) for one in seen)
