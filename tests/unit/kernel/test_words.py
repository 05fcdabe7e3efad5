"""Ids, events, plain values and the clock: the small words that everything else is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tre.kernel.authz import plain
from tre.kernel.clock import SetClock, SystemClock, today
from tre.kernel.errors import Invalid, NotPermitted
from tre.kernel.events import Event
from tre.kernel.facts import Standing, WorkspaceFacts
from tre.kernel.ids import is_person_id, is_project_id, new_id

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_new_project_id_can_be_a_server_and_folder_name() -> None:
    assert all(is_project_id(new_id("p")) for _ in range(100))


@pytest.mark.parametrize("text", ["p-AAAAAA", "p-aaaaaa/..", "../p-aaaa", "p-aaaaa", "p-aaaaaa\n", ""])
def test_other_text_is_no_project_id(text: str) -> None:
    assert not is_project_id(text)


@pytest.mark.parametrize("text", ["Amina", "a/b", "..", "a b", "", "a" * 41, "1a", "amina\n"])
def test_a_person_id_is_a_host_name_label(text: str) -> None:
    assert not is_person_id(text)
    assert is_person_id("amina-okafor2")


def test_an_event_is_named_room_thing_happened() -> None:
    assert Event(name="outputs.request.submitted", at=NOON, person_id="amina").detail == {}
    with pytest.raises(ValueError, match=r"room\.thing\.happened"):
        Event(name="Submitted!", at=NOON, person_id="amina")


def test_facts_become_plain_values_that_json_can_hold() -> None:
    facts = WorkspaceFacts(
        project_id="p-aaaaaa",
        project_state="approved",
        members=("amina",),
        ends_on="2027-01-01",
        person_id="amina",
        snapshot_state="ready",
        standing=Standing(terms_current="1"),
    )
    given = plain(facts)
    assert given["members"] == ["amina"]
    assert given["standing"]["is_active"] is True
    assert plain({"on": date(2026, 1, 2), "who": frozenset({"b", "a"})}) == {"on": "2026-01-02", "who": ["a", "b"]}


def test_a_set_clock_moves_only_when_moved() -> None:
    clock = SetClock(NOON)
    clock.move(timedelta(days=1))
    assert today(clock) == date(2026, 11, 24)
    assert SystemClock().now().tzinfo is UTC


def test_errors_carry_a_code_and_sentences() -> None:
    refusal = NotPermitted(["people.training.expired"], sentences=["Your training has expired: renew it."])
    assert refusal.code == "people.training.expired"
    assert refusal.sentence == "Your training has expired: renew it."
    assert NotPermitted([]).reasons == ("tre.not_permitted",)
    assert Invalid({"title": "Enter a title."}).fields == {"title": "Enter a title."}
