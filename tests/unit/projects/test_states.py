"""The project's state table: every state has a turn, every state can be reached."""

from tre.projects.domain.states import MACHINE, ON_THE_REGISTER


def test_every_state_has_a_turn() -> None:
    assert MACHINE.states == set(MACHINE.turn)


def test_every_state_is_reached() -> None:
    reached = {MACHINE.first}
    while more := {then for (state, _), then in MACHINE.moves.items() if state in reached} - reached:
        reached |= more
    assert reached == MACHINE.states


def test_the_last_states_are_nobodys_turn() -> None:
    assert {state for state in MACHINE.states if not MACHINE.moves_from(state)} == {"refused", "closed"}
    assert all(MACHINE.turn[state] == "nobody" for state in ("refused", "closed"))


def test_what_was_not_decided_on_is_not_published() -> None:
    assert set(ON_THE_REGISTER) == MACHINE.states - {"draft", "submitted"}
