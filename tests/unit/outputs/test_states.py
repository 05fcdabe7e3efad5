"""The state table is total, ends, and the page made of it is current."""

from pathlib import Path

import pytest

from output_checking.domain.states import MEANING, OPEN_FOR_VOTES, REQUEST, State, Turn, page
from tre.kernel.errors import IllegalMove

DOCS = Path(__file__).parents[3] / "docs/request-states.md"


def test_every_state_has_a_turn_a_meaning_and_can_be_reached() -> None:
    assert set(REQUEST.turn) == set(State) == set(MEANING) == REQUEST.states
    assert set(REQUEST.turn.values()) <= set(Turn)


def test_a_state_is_nobodys_turn_exactly_when_no_person_can_move_it_on() -> None:
    for state in State:
        by_people = [move for move in REQUEST.moves_from(state) if move != "block"]
        if REQUEST.turn[state] == Turn.NOBODY:
            assert by_people == [], state
        else:
            assert by_people, state


def test_from_every_state_with_a_turn_an_end_can_be_reached() -> None:
    ends = {state for state in State if all(move == "block" for move in REQUEST.moves_from(state))}
    assert ends == {State.RELEASED, State.REFUSED, State.WITHDRAWN}
    for state in State:
        assert _reached_from(state) & ends


def test_only_a_review_can_release() -> None:
    assert [state for (state, move) in REQUEST.moves if move == "release"] == [State.IN_REVIEW]
    assert frozenset({State.SUBMITTED, State.IN_REVIEW}) == OPEN_FOR_VOTES


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_from_the_last_states_nothing_moves(state: State) -> None:
    for move in {move for _, move in REQUEST.moves}:
        with pytest.raises(IllegalMove):
            REQUEST.after(state, move)


def test_the_page_in_docs_is_made_of_the_table() -> None:
    assert DOCS.read_text() == page(), "run: python -m output_checking.domain.states > docs/request-states.md"


def _reached_from(state: str) -> set[str]:
    reached, waiting = {state}, [state]
    while waiting:
        one = waiting.pop()
        for move in REQUEST.moves_from(one):
            after = REQUEST.after(one, move)
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    return reached
