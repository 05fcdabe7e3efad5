"""Rule: the least or greatest value is held by few persons: then it is theirs."""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Tail
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.held_by_few import held_by_few
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a minimum or maximum that fewer than the threshold of persons have."""
    yield from held_by_few(
        case,
        rule=RULE.id,
        what="exactly this value",
        learns="The value of whoever is last in line, exactly; the oldest or the costliest is often known.",
        remedy="Show a quantile with enough persons beyond it, or a bound that is known anyway.",
    )


RULE = Rule(
    id="extremes",
    name="Extreme held by few",
    formula="0 < H < t; H: distinct persons whose value is the minimum (maximum) shown",
    default="t = 10",
    source="SDC Handbook (2019), minima and maxima; sdcLog, sdc_min_max; OpenSAFELY",
    meaning="A minimum or maximum is usually one person's own value.",
    applies=lambda spec: spec.statistic.is_extreme,
    judge=judge,
    vectors=(
        Vector(
            told="A maximum that 1 of 50 persons has",
            worked="0 < 1 < 10",
            case=example(Statistic.MAX, amounts=(100, *range(49)), tail=Tail(at=1, below=50, above=1)),
            is_found=True,
        ),
        Vector(
            told="A minimum of 0 that 20 of 50 persons have",
            worked="20 is not fewer than 10",
            case=example(Statistic.MIN, amounts=(*[0] * 20, *range(1, 31)), tail=Tail(at=20, below=20, above=50)),
            is_found=False,
        ),
    ),
)
