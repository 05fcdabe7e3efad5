"""Columns are found by any of their words, and none is ever lost by a filter."""

from hypothesis import given
from hypothesis import strategies as st

from tre.projects.domain.picking import groups, matches
from tre.projects.ports import Column

COLUMNS = (
    Column(name="BPXSY1", meaning="Systolic: first reading", topic="Blood pressure"),
    Column(name="RIDAGEYR", meaning="Age in years", topic="Demographics"),
    Column(name="RIAGENDR", meaning="Gender", topic="Demographics"),
    Column(name="plain", meaning="No topic"),
)


def test_words_are_found_in_name_meaning_and_topic_in_any_case() -> None:
    assert [one.name for one in COLUMNS if matches(one, "PRESSURE first")] == ["BPXSY1"]
    assert [one.name for one in COLUMNS if matches(one, "ridage")] == ["RIDAGEYR"]
    assert [one.name for one in COLUMNS if matches(one, "")] == [one.name for one in COLUMNS]


def test_groups_count_what_is_chosen_out_of_sight_too() -> None:
    (group,) = groups(COLUMNS, words="gender", chosen={"RIDAGEYR"})
    assert (group.topic, [one.name for one in group.columns], group.total, group.chosen) == (
        "Demographics",
        ["RIAGENDR"],
        2,
        1,
    )


@given(st.text(max_size=8))
def test_a_filter_shows_exactly_what_matches(words: str) -> None:
    shown = [one.name for group in groups(COLUMNS, words=words, chosen=()) for one in group.columns]
    assert sorted(shown) == sorted(one.name for one in COLUMNS if matches(one, words))
