"""Rule: everybody in a cell has the same value, so that a mean, a sum or a median tells it of each of them."""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example, people
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a cell of which all values are equal."""
    measure = case.cell.measure
    if measure is None or not measure.holders or not _is_same(case.cell):
        return
    yield Finding(
        rule=RULE.id,
        figures={"persons": measure.holders},
        sentence=f"All {people(measure.holders)} in this cell have the same value.",
        learns="The value of each of them, exactly.",
        remedy="Merge the level with a neighbour in which values differ, or leave the cell out.",
    )


def _is_same(cell: Cell) -> bool:
    return cell.measure is not None and cell.measure.low == cell.measure.high


RULE = Rule(
    id="all_the_same",
    name="All have the same value",
    formula="min(x) = max(x) in the cell",
    default="–",
    source="ACRO, check 'all values are same' (there never reached); SDC Handbook (2019), class disclosure",
    meaning="The mean of a hundred equal values is the value of each of the hundred.",
    applies=lambda spec: (
        bool(spec.measure)
        and not spec.statistic.is_frequency
        and spec.statistic not in {Statistic.RATIO, Statistic.OTHER}
    ),
    judge=judge,
    vectors=(
        Vector(
            told="103 times the value 7",
            worked="min = max = 7",
            case=example(Statistic.MEAN, amounts=[7] * 103),
            is_found=True,
        ),
        Vector(
            told="102 times 7 and once 8",
            worked="7 and 8 differ",
            case=example(Statistic.MEAN, amounts=[*[7] * 102, 8]),
            is_found=False,
        ),
    ),
)
