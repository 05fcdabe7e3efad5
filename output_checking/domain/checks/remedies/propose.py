"""Owns the list of remedies for a table: each one made, judged again as any output is, and put in order of what it loses.

Must never call a remedy safe that the checks did not: every verdict is that of `check` on the treated specification.
"""

from collections.abc import Iterator

import numpy as np

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.finding import Verdict
from output_checking.domain.checks.linked.basis import Basis, bases_of
from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.sheet import Flags, Sheet, set_out
from output_checking.domain.checks.remedies.cover import Task
from output_checking.domain.checks.remedies.loss import lost
from output_checking.domain.checks.remedies.merged import merged
from output_checking.domain.checks.remedies.noised import noised
from output_checking.domain.checks.remedies.remedy import Judge, Remedy
from output_checking.domain.checks.remedies.rounding import Rounding, round_counts
from output_checking.domain.checks.remedies.suppression import suppress_all
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
        *(() if spec.suppressed else merged(answer, judge)),
    ]
    order = {Verdict.SAFE: 0, Verdict.REVIEW: 1, Verdict.UNSAFE: 2}
    return sorted(found, key=lambda one: (order[one.answer.verdict], one.loss))


def _suppressed(answer: Answer, spec: TableSpec, sheet: Sheet, judge: Judge) -> Iterator[Remedy]:
    judged = {(one.cell.row, one.cell.column): one for one in answer.cells}
    unsafe = np.array([key in judged and judged[key].is_unsafe for key in sheet.keys])
    if not unsafe.any():
        return
    hidden_already = unsafe | sheet.unseen(spec.normalize)
    bases = bases_of(sheet, spec, answer.appetite, unsafe=unsafe)
    chosen = suppress_all([_task(sheet, one, hidden_already) for one in bases])
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


def _task(sheet: Sheet, basis: Basis, primary: Flags) -> Task:
    return Task(
        equations=basis.equations,
        truth=basis.amounts,
        primary=primary,
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
    counts = sheet.values.reshape(sheet.full_shape)
    for how in Rounding:
        treated = {**answer.spec, "rounding": str(how)}
        shown: Floats = round_counts(counts, how).shown.ravel()
        yield Remedy(
            name=f"rounding, {how}",
            how="Round each count; totals are rebuilt from the rounded cells.",
            spec=treated,
            answer=judge(treated),
            loss=lost(sheet.values, shown, np.zeros(len(shown), dtype=bool), published=sheet.published),
        )
