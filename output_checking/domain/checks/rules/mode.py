"""Rule: the most frequent value is held by few persons."""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Tail
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.held_by_few import held_by_few
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a mode that fewer than the threshold of persons have."""
    yield from held_by_few(
        case,
        rule=RULE.id,
        what="the most frequent value",
        learns="The value of a few persons, exactly.",
        remedy="Use bands, so that more persons share the most frequent value.",
    )


RULE = Rule(
    id="mode",
    name="Mode held by few",
    formula="0 < H < t; H: distinct persons who have the most frequent value",
    default="t = 10",
    source="SDC Handbook (2019), mode; statbarns class 'Mode'",
    meaning="The most frequent value is safe only if many people share it.",
    applies=lambda spec: spec.statistic is Statistic.MODE,
    judge=judge,
    vectors=(
        Vector(
            told="30 persons, the most frequent value held by 2",
            worked="0 < 2 < 10",
            case=example(Statistic.MODE, amounts=(5, *range(29)), tail=Tail(at=2, below=8, above=25)),
            is_found=True,
        ),
        Vector(
            told="30 persons, the most frequent value held by 12",
            worked="12 is not fewer than 10",
            case=example(Statistic.MODE, amounts=(*[5] * 12, *range(18)), tail=Tail(at=12, below=18, above=25)),
            is_found=False,
        ),
    ),
)
