"""Rule: the n largest persons make up more than the share k of a cell.

Absolute contributions are taken, so that what is negative hides nothing, and a negative value in one cell leaves the rule in
force in all others.
"""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Contributions
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import LAST_BITS, Case, Rule, Vector, example
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a measure, and one for a denominator, that few persons dominate."""
    for name, part in case.amounts:
        if part.absolute > 0:
            yield from _of(name, part, case)


def _of(name: str, part: Contributions, case: Case) -> Iterator[Finding]:
    several, most = case.appetite.dominance_persons, case.appetite.dominance_share
    share = min(1.0, sum(part.largest[:several]) / part.absolute)
    if share > most + LAST_BITS:
        yield Finding(
            rule=RULE.id,
            figures={"share": round(share, 6), "n": several, "k": most, "of": name},
            sentence=f"The {several} largest persons make up {share:.1%} of the {name}; at most {most:.0%} is allowed.",
            learns="The largest person's value is nearly the whole, so a reader comes close to it.",
            remedy="Merge levels so that others add more, hide the cell together with further ones, or show a median.",
        )


RULE = Rule(
    id="dominance",
    name="Few persons make up most of it: (n, k)",
    formula="(x1 + … + xn) > k · X; x1 ≥ x2 ≥ …: absolute contributions per person, X: their sum; of what is weighted also the weights",
    default="n = 2, k = 90 %",
    source="SDC Handbook (2019), dominance; ACRO safe_nk_n 2, safe_nk_k 0.9; absolute values: ABS, GaussSuppression",
    meaning="When a sum or mean comes almost wholly from one or two people, it is their value.",
    applies=lambda spec: spec.sums_amounts,
    judge=judge,
    vectors=(
        Vector(
            told="90, 5 and eight times 0.5",
            worked="(90 + 5) / 99 = 96.0 % > 90 %",
            case=example(Statistic.SUM, amounts=(90, 5, *[0.5] * 8)),
            is_found=True,
        ),
        Vector(
            told="50, 40 and ten times 1",
            worked="(50 + 40) / 100 = 90 %, not more than 90 %",
            case=example(Statistic.SUM, amounts=(50, 40, *[1] * 10)),
            is_found=False,
        ),
        Vector(
            told="−1,000 and eleven times 1",
            worked="(1000 + 1) / 1011 = 99.0 % > 90 %",
            case=example(Statistic.SUM, amounts=(-1000, *[1] * 11)),
            is_found=True,
        ),
    ),
)
