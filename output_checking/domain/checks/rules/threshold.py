"""Rule: fewer than the threshold of persons stand behind a cell.

Records are never counted for persons: sixty records of one person are one. Where the cell is made from a measure, only
persons who have a value of it count.
"""

from collections.abc import Iterator

from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example, people
from output_checking.domain.checks.specification.model import Statistic


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a cell of at least one and fewer than the threshold of persons."""
    count, least = case.cell.counted, case.appetite.threshold
    if not 0 < count < least:
        return
    verb = ("has", "is") if count == 1 else ("have", "are")
    who = f"{verb[0]} a value in it" if case.cell.measure else f"{verb[1]} in it"
    yield Finding(
        rule=RULE.id,
        figures={"persons": count, "records": case.cell.records, "threshold": least},
        sentence=f"{people(count)} {who}; at least {least} are needed.",
        learns="Somebody who knows one of them can find them in the table, and learn what else it says of them.",
        remedy="Hide the cell together with further ones, merge levels, or round.",
    )


RULE = Rule(
    id="threshold",
    name="Too few persons",
    formula="0 < N < t; N: distinct persons in the cell, of those who have a value where the cell is made from one",
    default="t = 10",
    source="SDC Handbook (2019), minimum threshold; ACRO safe_threshold 10; OpenSAFELY and ABS count persons in the same way",
    meaning="A number about very few people can be recognised as about them.",
    applies=lambda spec: True,  # noqa: ARG005 - every cell has persons
    judge=judge,
    vectors=(
        Vector(told="9 persons", worked="0 < 9 < 10", case=example(persons=9), is_found=True),
        Vector(told="10 persons", worked="10 < 10 does not hold", case=example(persons=10), is_found=False),
        Vector(
            told="A mean of 3 values, 40 persons in the cell",
            worked="N counts who has a value: 0 < 3 < 10",
            case=example(Statistic.MEAN, persons=40, amounts=(5, 6, 7)),
            is_found=True,
        ),
    ),
)
