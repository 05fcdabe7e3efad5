"""How a typed date is understood, and how dates and moments are said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.plumbing.dates import date_or_sentence, say_day, say_distance, say_moment

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLED = "the end date"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("27", "mar", "2026"), date(2026, 3, 27)),
        (("27", "March", "2026"), date(2026, 3, 27)),
        (("", "", ""), "Enter the end date."),
        (("27", "", "2026"), "The end date must include a month."),
        (("", "", "2026"), "The end date must include a day and a month."),
        (("31", "2", "2026"), "The end date must be a real date, for example 27 3 2026."),
        (("29", "2", "2026"), "The end date must be a real date, for example 27 3 2026."),
        (("x", "2", "2026"), "The end date must be a real date, for example 27 3 2026."),
        (("1", "13", "2026"), "The end date must be a real date, for example 27 3 2026."),
        (("1", "1", "26"), "The end date must have a year of four digits, between 1900 and 2200."),
        (("１", "1", "2026"), "The end date must be a real date, for example 27 3 2026."),
        (("1" * 5000, "1", "2026"), "The end date must be a real date, for example 27 3 2026."),
    ],
)
def test_typed_dates(typed: tuple[str, str, str], found: date | str) -> None:
    assert date_or_sentence(*typed, called=CALLED) == found


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_anything_typed_is_a_date_or_a_sentence(day: str, month: str, year: str) -> None:
    assert isinstance(date_or_sentence(day, month, year, called=CALLED), date | str)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_every_real_date_is_understood(day: date) -> None:
    assert date_or_sentence(str(day.day), str(day.month), str(day.year), called=CALLED) == day


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=-30), "30 seconds ago"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=119), "in 119 days"),
        (timedelta(days=200), "in 6 months"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_distance_of_a_moment(gap: timedelta, said: str) -> None:
    assert say_distance(NOW + gap, now=NOW) == said


def test_distance_of_today() -> None:
    assert say_distance(NOW.date(), now=NOW) == "today"


def test_words() -> None:
    assert say_day(date(2026, 3, 7)) == "7 March 2026"
    assert say_moment(datetime(2026, 7, 1, 11, 5, tzinfo=UTC)) == "1 July 2026 at 12:05pm"
