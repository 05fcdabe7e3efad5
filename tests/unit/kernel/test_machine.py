"""State tables say whether a move exists, and tell people what could be done instead."""

import pytest

from tre.kernel.errors import IllegalMove
from tre.kernel.machine import Machine, mermaid

DOOR = Machine(
    noun="garden door",
    first="closed",
    moves={("closed", "open"): "open", ("open", "close"): "closed", ("closed", "brick_up"): "gone"},
    turn={"closed": "guest", "open": "guest", "gone": "nobody"},
)


def test_a_move_that_exists_leads_to_the_next_state() -> None:
    assert DOOR.after("closed", "open") == "open"
    assert DOOR.may_move("closed", "open")
    assert not DOOR.may_move("open", "brick_up")


def test_a_move_that_does_not_exist_names_what_could_be_done() -> None:
    with pytest.raises(IllegalMove) as error:
        DOOR.after("open", "brick_up")
    assert error.value.sentence == "This garden door is open, so it cannot brick up. From here it can only: close."
    assert error.value.code == "garden_door.illegal_move"


def test_nothing_can_be_done_with_a_last_state() -> None:
    with pytest.raises(IllegalMove, match="Nothing more can be done"):
        DOOR.after("gone", "open")


def test_the_diagram_holds_every_move() -> None:
    drawn = mermaid(DOOR)
    assert "[*] --> closed" in drawn
    assert "closed --> gone: brick up" in drawn
    assert "gone --> [*]" in drawn
    assert set(DOOR.turn) == DOOR.states
