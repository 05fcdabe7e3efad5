"""Rule: a cell holds all, or nearly all, of its row or column: then what it says is known of everybody there.

Rows and columns are taken as a whole, and along each dimension by itself, the others held fast.
"""

from collections.abc import Iterator

from output_checking.domain.checks.evidence.cells import Line
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.rules.rule import Case, Rule, Vector, example, people


def judge(case: Case) -> Iterator[Finding]:
    """Yield a finding for the first line through the cell that it holds all, or nearly all, of."""
    for line in case.cell.lines:
        found = list(_on(line, case))
        if found:
            yield from found
            return


def _on(line: Line, case: Case) -> Iterator[Finding]:
    persons, outside = case.cell.counted, line.persons - case.cell.counted
    if not persons:
        return
    # alone on its line only because nobody can be in the other cells: nothing is told
    is_alone_by_nature = line.others == 0 and case.appetite.empty_cells == "structural"
    is_full = outside == 0 and not is_alone_by_nature
    # how many are outside is seen only where the cells tell how many there are
    is_near = (
        _tells_counts(case)
        and 0 < outside < case.appetite.threshold
        and persons / line.persons >= case.appetite.class_share
    )
    if not (is_full or is_near):
        return
    yield Finding(
        rule=RULE.id,
        figures={
            "along": line.along,
            "persons": persons,
            "of": line.persons,
            "share": round(persons / line.persons, 6),
        },
        sentence=f"{'All' if is_full else f'{persons:,} of'} {people(line.persons)} along '{line.along}' are in this cell.",
        learns="Of anybody known to be in that row or column it is known, surely or nearly so, that they are in this cell.",
        remedy="Merge the level with a neighbour, or leave the breakdown out.",
    )


def _tells_counts(case: Case) -> bool:
    return case.spec.statistic.is_frequency


RULE = Rule(
    id="class_disclosure",
    name="All, or nearly all, of a group",
    formula="N = M, or N / M ≥ c with M − N < t; "
    "N: persons in the cell, of those who have a value where it is made from one, M: in its row, its column, or along one dimension; totals stand in lines of totals",
    default="c = 90 %, t = 10",
    source="SDC Handbook (2019), class disclosure; guidelines for the checking of output based on microdata research (90 %)",
    meaning="If all of a group share something, it is known of each of them, however many they are.",
    applies=lambda spec: True,  # noqa: ARG005 - that the others are empty is seen whatever the cells show
    judge=judge,
    vectors=(
        Vector(
            told="40 persons of a row of 40",
            worked="N = M = 40",
            case=example(persons=40, line=Line(along="row", persons=40, others=0, possible=2)),
            is_found=True,
        ),
        Vector(
            told="95 persons of a row of 100",
            worked="95 / 100 ≥ 90 % and 100 − 95 = 5 < 10",
            case=example(persons=95, line=Line(along="row", persons=100, others=1, possible=2)),
            is_found=True,
        ),
        Vector(
            told="950 persons of a row of 1,000",
            worked="95 % ≥ 90 %, but 50 persons are outside, not fewer than 10",
            case=example(persons=950, line=Line(along="row", persons=1000, others=1, possible=2)),
            is_found=False,
        ),
    ),
)
