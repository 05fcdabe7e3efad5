"""Rule: a ratio is judged by the persons behind its numerator and behind its denominator, a proportion as the two groups it tells of.

The sum or mean of a column of zeros and ones is a proportion too, whatever it is called.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example, people
from output_checking.domain.checks.specification.model import Statistic


@dataclass(frozen=True)
class _Parts:
    above: int
    below: int
    is_proportion: bool
    share: float  # what is shown: where a person has several records, less than that of the persons


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a part with too few persons, or for a proportion of none, all, or nearly all."""
    parts = _parts(case)
    if parts is None:
        return
    least, outside = case.appetite.threshold, parts.below - parts.above
    for name, count in (("numerator", parts.above), ("denominator", parts.below)):
        if 0 < count < least:
            yield _found(
                parts,
                f"{people(count)} stand behind the {name}; at least {least} are needed.",
                "They can be found among those counted.",
                least,
            )
            return
    if parts.above == 0 and parts.below and case.appetite.empty_cells == "disclosive":
        yield _found(
            parts,
            "Nobody stands behind the numerator.",
            "Of everybody in the denominator it is known that they have not got it.",
            least,
        )
    is_near = 0 <= outside < least and parts.share >= case.appetite.class_share
    if parts.is_proportion and parts.above and is_near:
        yield _found(parts, f"{parts.above:,} of {people(parts.below)} have it.", "Of anybody in the denominator it is known, surely or nearly so, that they have it.", least)  # fmt: skip


def _parts(case: Case) -> _Parts | None:
    measure, denominator = case.cell.measure, case.cell.denominator
    if measure is None:
        return None
    above = measure.holders - measure.zeros
    if case.spec.statistic is Statistic.RATIO:
        if denominator is None:
            return None
        share = measure.total / denominator.total if denominator.total else 0.0
        is_proportion = measure.is_indicator and denominator.is_indicator
        return _Parts(above, denominator.holders - denominator.zeros, is_proportion, share)
    if not (measure.holders and measure.is_indicator):
        return None
    share = measure.total / measure.weight if measure.weight else 0.0
    return _Parts(above, measure.holders, is_proportion=True, share=share)


def _found(parts: _Parts, sentence: str, learns: str, least: int) -> Finding:
    return Finding(
        rule=RULE.id,
        figures={"numerator": parts.above, "denominator": parts.below, "threshold": least},
        sentence=sentence,
        learns=learns,
        remedy="Use larger groups, or compute the ratio from rounded counts.",
    )


RULE = Rule(
    id="ratios",
    name="Numerator or denominator of few",
    formula="0 < n < t or 0 < d < t; or n = 0; for proportions that are shown as c or more, d − n < t; "
    "n, d: persons who add other than 0 to numerator and denominator",
    default="t = 10, c = 90 %",
    source="OpenSAFELY, rates and ratios; statbarns class 'CalculatedRatios'",
    meaning="A rate of 3 in 1,000 is about three people; a rate of 100 % is about everybody.",
    applies=lambda spec: spec.statistic in {Statistic.RATIO, Statistic.MEAN, Statistic.SUM},
    judge=judge,
    vectors=(
        Vector(
            told="3 of 100 persons have it",
            worked="0 < 3 < 10",
            case=example(Statistic.RATIO, amounts=[1] * 3 + [0] * 97, below=[1] * 100),
            is_found=True,
        ),
        Vector(
            told="30 of 100 persons have it",
            worked="30 and 100 are not fewer than 10; 30 % is not near 100 %",
            case=example(Statistic.RATIO, amounts=[1] * 30 + [0] * 70, below=[1] * 100),
            is_found=False,
        ),
        Vector(
            told="The mean of 0/1, where 95 of 100 have 1",
            worked="95 / 100 ≥ 90 % and 100 − 95 = 5 < 10",
            case=example(Statistic.MEAN, amounts=[1] * 95 + [0] * 5),
            is_found=True,
        ),
    ),
)
