"""Owns the judging of a table: its evidence, each rule on each cell. Must never touch data itself."""

from collections.abc import Iterator

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell, Evidence
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.rules.catalogue import CELL_RULES
from output_checking.domain.checks.rules.rule import Case
from output_checking.domain.checks.specification.model import Statistic, TableSpec
from output_checking.domain.checks.suggestion import nearest

UNKNOWN_STATISTIC = "unknown_statistic"
KNOWN = [str(one) for one in Statistic if one is not Statistic.OTHER]


def judge_cells(evidence: Evidence, spec: TableSpec, appetite: Appetite) -> tuple[JudgedCell, ...]:
    """Return each cell, totals last, with what the rules found in it."""
    rules = [one for one in CELL_RULES if one.applies(spec)]

    def judged(cell: Cell) -> JudgedCell:
        case = Case(cell=cell, spec=spec, appetite=appetite)
        return JudgedCell(cell=cell, findings=tuple(found for rule in rules for found in rule.judge(case)))

    return tuple(map(judged, (*evidence.cells, *evidence.margins)))


def judge_whole(spec: TableSpec) -> Iterator[Finding]:
    """Yield what is to be said of a table as a whole."""
    if spec.statistic is Statistic.OTHER:
        yield Finding(
            rule=UNKNOWN_STATISTIC,
            weight=Weight.REVIEW,
            figures={"statistic": spec.statistic_name},
            sentence=f"'{spec.statistic_name}' is not a statistic that the engine knows; only the persons behind each cell "
            f"were judged.{nearest(spec.statistic_name, KNOWN)}",
            learns="Unknown: a function may return the value of one person.",
            remedy=f"Use one of the known statistics ({', '.join(KNOWN)}), or explain to the output checkers what it computes.",
        )
