"""Rule: the second largest person can estimate the largest within p percent, by taking away their own from the sum."""

from collections.abc import Iterator

from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import LAST_BITS, Case, Rule, Vector, example
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a measure, and one for a denominator, of which the rest is too small to hide the largest."""
    percent = case.appetite.p_percent
    for name, part in case.amounts:
        if not part.absolute > 0 or part.rest * 100 >= percent * part.largest[0] - 100 * LAST_BITS * part.absolute:
            continue
        within = part.rest / part.largest[0] * 100
        yield Finding(
            rule=RULE.id,
            figures={"within_percent": round(within, 6), "p": percent, "of": name},
            sentence=f"All but the two largest persons add {within:.1f} % of the largest to the {name}; at least {percent:g} % is needed.",
            learns=f"The second largest person, who knows their own value, can tell the largest within {within:.1f} %.",
            remedy="Merge levels so that others add more, hide the cell together with further ones, or show a median.",
        )


RULE = Rule(
    id="p_percent",
    name="The largest can be estimated: p %",
    formula="X − x1 − x2 < p/100 · x1; absolute contributions per person; of what is weighted also the weights",
    default="p = 10",
    source="SDC Handbook (2019), p % rule, preferred there to (2, k); ACRO safe_pratio_p 0.1",
    meaning="Whoever is second largest knows their own number. What is left over must be enough to hide the largest.",
    applies=lambda spec: spec.sums_amounts,
    judge=judge,
    vectors=(
        Vector(
            told="100, 50 and nine times 1",
            worked="159 − 100 − 50 = 9 < 10 % · 100 = 10",
            case=example(Statistic.SUM, amounts=(100, 50, *[1] * 9)),
            is_found=True,
        ),
        Vector(
            told="100, 50 and ten times 1",
            worked="160 − 100 − 50 = 10, not less than 10",
            case=example(Statistic.MEAN, amounts=(100, 50, *[1] * 10)),
            is_found=False,
        ),
    ),
)
