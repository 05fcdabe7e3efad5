"""What views come to, and who sees whose."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output_checking.domain.review import Outcome, View, Vote, outcome, visible

A, C, R = View.APPROVE, View.CHANGES, View.REFUSE
VIEWS = st.lists(st.sampled_from(list(View)), max_size=6)


@pytest.mark.parametrize(
    ("views", "result"),
    [((), ""), ((A,), ""), ((R,), ""), ((A, A), "release"), ((A, C), ""), ((A, R), ""), ((C, C), "return"), ((C, R), "return"), ((R, R), "refuse"), ((A, C, A), "release"), ((A, R, C), "return"), ((A, R, R), "refuse")],
)  # fmt: skip
def test_two_must_agree(views: tuple[View, ...], result: str) -> None:
    assert outcome(views, needed=2) == result


@given(VIEWS, st.integers(1, 3))
def test_never_released_with_fewer_approvals_than_needed_and_order_is_nothing(views: list[View], needed: int) -> None:
    result = outcome(views, needed=needed)
    assert (result is Outcome.RELEASE) == (views.count(A) >= needed)
    assert outcome(reversed(views), needed=needed) == result


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_it_is_always_decided_after_so_many_views(needed: int) -> None:
    for views in product(list(View), repeat=2 * needed - 1):
        assert outcome(views, needed=needed) is not Outcome.UNDECIDED


@given(st.lists(st.sampled_from(["cara", "dev", "fred", "gus"]), unique=True), st.sampled_from(["cara", "amina"]))
def test_in_an_open_round_others_are_seen_only_by_one_who_has_voted_with_all_asked_for(
    people: list[str], viewer: str
) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    votes = [Vote(person_id=one, view=A, comment="", at=at) for one in people]
    seen = {one.person_id for one in visible(votes, viewer=viewer, needed=2, is_closed=False)}
    assert seen == (set(people) if viewer in people and len(people) >= 2 else {viewer} & set(people))
    assert len(visible(votes, viewer=viewer, needed=2, is_closed=True)) == len(people)
