"""Rule: nobody is in a cell, and that is told. What it means is the appetite's to say: structural, known, or disclosive."""

from collections.abc import Iterator

from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for a cell in which nobody is, or nobody has a value."""
    if case.cell.counted or case.appetite.empty_cells != "disclosive":
        return
    yield Finding(
        rule=RULE.id,
        figures={"persons": 0},
        sentence="Nobody is in this cell." if not case.cell.persons else "Nobody in this cell has a value.",
        learns="Of everybody in its row or column it is known that they are not in it.",
        remedy="Merge the level with a neighbour; or, if nobody can be there, let the risk appetite say so (empty_cells).",
    )


RULE = Rule(
    id="empty_cells",
    name="Nobody is in it",
    formula="N = 0, where the appetite's empty_cells is disclosive",
    default="disclosive",
    source="ACRO zeros_are_disclosive; UK LLC counts zero as small; SDC Handbook (2019), class disclosure at 0 %",
    meaning="'Nobody' is a fact about everybody: it can tell what each of a group has not.",
    applies=lambda spec: True,  # noqa: ARG005 - every cell may be empty
    judge=judge,
    vectors=(
        Vector(told="0 persons", worked="N = 0", case=example(persons=0), is_found=True),
        Vector(told="1 person", worked="N = 1", case=example(persons=1), is_found=False),
    ),
)
