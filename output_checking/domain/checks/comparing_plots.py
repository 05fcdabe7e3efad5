"""Owns outputs that are no tables beside earlier answers: a histogram is held against them as its table, of others it is said that
they are not. Must never be silent where nothing was compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.comparing import Judged, judge_beside
from output_checking.domain.checks.differencing.findings import RULE
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.kinds.bins import table_named
from output_checking.domain.checks.specification.model import HistogramSpec


def judge_bins_beside(
    judged: Sequence[JudgedCell], spec: HistogramSpec, earlier: EarlierAnswers, *, appetite: Appetite
) -> Judged:
    """Return a histogram's bins with what a reader learns who also has the earlier answers, and what is said of the whole."""
    table, labels = table_named(spec, [one.cell.column[0] for one in judged])
    cells = [replace(one, cell=replace(one.cell, column=(labels[one.cell.column[0]],))) for one in judged]
    found, whole = judge_beside(cells, table, earlier, appetite=appetite)
    return tuple(replace(one, cell=old.cell) for one, old in zip(found, judged, strict=True)), whole


def say_not_compared(
    spec: Mapping[str, Any], persons: int, earlier: EarlierAnswers, *, appetite: Appetite
) -> tuple[Finding, ...]:
    """Return what is said of a model, a curve or a plot beside earlier answers: it is not compared; but totals are looked at."""
    if not len(earlier):
        return ()
    told = Finding(
        rule=RULE,
        weight=Weight.NOTE,
        figures={"earlier": len(earlier)},
        sentence=f"This output is no table; it was not compared with the {len(earlier)} earlier answers.",
        learns="Not followed.",
        remedy="None is needed unless one of them is of nearly the same persons.",
    )
    near = [
        (one.name, abs(persons - one.persons))
        for one in earlier.others
        if one.kind == spec.get("kind")
        and one.persons is not None
        and 0 < abs(persons - one.persons) < appetite.threshold
    ]
    return (told, *(_near(name, apart, appetite) for name, apart in near))


def _near(name: str, apart: int, appetite: Appetite) -> Finding:
    return Finding(
        rule=RULE,
        weight=Weight.REVIEW,
        figures={"earlier": name, "difference": apart, "threshold": appetite.threshold},
        sentence=f"This output and {name}, of the same kind, differ by {apart} in their persons; what can be told from both was not worked out.",
        learns="If one is about the persons of the other and a few more, their difference is about these few.",
        remedy="Use the same persons for both, or persons of whom at least the threshold differ.",
    )
