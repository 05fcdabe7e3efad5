"""The project's state table: every state has a turn, every state can be reached."""

from pathlib import Path

from tre.projects.domain.states import MACHINE, MEANING, ON_THE_REGISTER, page

DOCS = Path(__file__).parents[3] / "docs/project-states.md"


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


def test_the_page_in_docs_is_current() -> None:
    assert set(MEANING) == MACHINE.states
    assert DOCS.read_text() == page(), "run: python -m tre.projects.domain.states > docs/project-states.md"
