"""Every yes that is needed, and what follows: whatever the order in which they come."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tre.projects.domain.decisions import open_seats, outcome, seats
from tre.projects.domain.project import Answers, Made, Member, Project, Wanted

AT = datetime(2026, 11, 23, tzinfo=UTC)


def project(*decisions: Made, custodians: tuple[str, ...] = ("gwen",)) -> Project:
    return Project(
        project_id="p-aaaaaa",
        number=1,
        state="submitted",
        version=1,
        lead_id="amina",
        answers=Answers(),
        members=(Member(person_id="amina", may_download=True),),
        wanted=tuple(
            Wanted(dataset_id=f"d{one}", table="t", columns=("x",), why="w", custodian_id=one) for one in custodians
        ),
        decisions=decisions,
        drafted_at=AT,
        state_since=AT,
    )


def made(role: str, person: str, *, is_yes: bool = True) -> Made:
    return Made(role=role, person_id=person, is_yes=is_yes, reason="r", at=AT)


def test_each_distinct_custodian_has_a_seat() -> None:
    found = seats(project(custodians=("gwen", "olga", "gwen")))
    assert [(one.role, one.person_id) for one in found] == [
        ("custodian", "gwen"),
        ("custodian", "olga"),
        ("admin", ""),
        ("lay_reviewer", ""),
    ]


def test_a_yes_of_another_custodian_fills_no_seat() -> None:
    decided = project(made("custodian", "olga"), made("admin", "farah"), made("lay_reviewer", "hugo"))
    assert [one.person_id for one in open_seats(decided)] == ["gwen"]
    assert outcome(decided) == ""


ALL = [made("custodian", "gwen"), made("custodian", "olga"), made("admin", "farah"), made("lay_reviewer", "hugo")]


@given(st.permutations(ALL), st.integers(0, 4))
def test_only_all_of_them_approve_in_any_order(order: list[Made], count: int) -> None:
    decided = project(*order[:count], custodians=("gwen", "olga"))
    assert outcome(decided) == ("approve" if count == 4 else "")


@given(st.permutations(ALL), st.integers(0, 3))
def test_any_no_refuses(order: list[Made], which: int) -> None:
    no = made(order[which].role, order[which].person_id, is_yes=False)
    assert outcome(project(*order[:which], no, custodians=("gwen", "olga"))) == "refuse"
