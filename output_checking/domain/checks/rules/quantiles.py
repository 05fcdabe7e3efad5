"""Rule: fewer than the threshold of persons stand at or beyond a cut: then it is near an extreme.

A cut that is itself the value of few persons is told beside it; what that weighs is the appetite's to say.
"""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Tail
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example, people
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a quantile with too few persons at or beyond it, and one for a quantile that is somebody's value."""
    tail, least = case.cell.tail, case.appetite.threshold
    if tail is None or not tail.below:
        return
    fewest = min(tail.below, tail.above)
    if fewest < least:
        yield Finding(
            rule=RULE.id,
            figures={"at_or_below": tail.below, "at_or_above": tail.above, "threshold": least},
            sentence=f"{people(fewest)} stand at or beyond this cut; at least {least} are needed on each side.",
            learns="The cut lies among the few last in line, so it is close to the value of one of them.",
            remedy="Use a cut nearer to the middle, or larger groups.",
        )
    if 0 < tail.at < least:
        yield Finding(
            rule=RULE.id,
            weight=Weight(case.appetite.quantile_values),
            figures={"holders": tail.at, "threshold": least},
            sentence=f"The cut is exactly the value of {people(tail.at)}.",
            learns="A value that somebody in the middle has, exactly; not whose it is.",
            remedy="Round it, or interpolate between several values.",
        )


RULE = Rule(
    id="quantiles",
    name="Quantile near the end",
    formula="min(B, A) < t; B, A: distinct persons at or below, at or above the cut",
    default="t = 10 (so a median needs about 19 persons)",
    source="SDC Handbook (2019), percentiles; ABS, minimum contributors for quantiles",
    meaning="A cut with hardly anybody beyond it is almost the largest or smallest value.",
    applies=lambda spec: spec.statistic.is_quantile,
    judge=judge,
    vectors=(
        Vector(
            told="A median of 12 different values",
            worked="6 persons on each side: 6 < 10",
            case=example(Statistic.MEDIAN, amounts=range(12), tail=Tail(at=0, below=6, above=6)),
            is_found=True,
        ),
        Vector(
            told="A median of 20 different values",
            worked="10 persons on each side",
            case=example(Statistic.MEDIAN, amounts=range(20), tail=Tail(at=0, below=10, above=10)),
            is_found=False,
        ),
        Vector(
            told="The 90th percentile of 50 different values",
            worked="5 persons at or above: 5 < 10",
            case=example(Statistic.QUANTILE, amounts=range(50), tail=Tail(at=0, below=45, above=5)),
            is_found=True,
        ),
    ),
)
