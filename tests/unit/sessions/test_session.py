"""A workspace session: its table of moves, its token, when it lapses."""

from datetime import UTC, date, datetime, timedelta

from tre.sessions.domain.session import MACHINE, OPEN_STATES, lapse, new_token, token_hash


def test_every_state_has_a_turn_and_what_ended_stays_ended() -> None:
    assert MACHINE.states == set(MACHINE.turn)
    assert {state for state in MACHINE.states if MACHINE.moves_from(state)} == set(OPEN_STATES)


def test_tokens_are_long_and_different_and_odd_ones_have_a_hash() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
    assert token_hash("\ud800") != token_hash("?x")


def test_it_lapses_after_its_hours_or_at_the_end_of_the_last_day() -> None:
    opened = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert lapse(opened, hours=12, lapses_on=date(2027, 1, 1)) == opened + timedelta(hours=12)
    assert lapse(opened, hours=12, lapses_on=date(2026, 11, 23)) == datetime(2026, 11, 24, tzinfo=UTC)
