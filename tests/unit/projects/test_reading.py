"""What is typed becomes an answer, or a sentence in the words of its field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.kernel.errors import Invalid
from tre.projects.domain import tabs
from tre.projects.domain.reading import clean

TODAY = date(2026, 11, 23)


@given(st.text())
def test_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


def test_a_lone_surrogate_and_a_nul_are_left_out() -> None:
    assert clean("a\ud800b\0c\r\nd") == "abc\nd"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_on": "2027-02-31"}, "must be a real date"),
        ({"ends_on": "soon"}, "must be a real date"),
        ({"ends_on-day": "3", "ends_on-month": "", "ends_on-year": "2027"}, "must be a real date"),
        ({"ends_on-day": "3", "ends_on-month": "4", "ends_on-year": "27"}, "must be a real date"),
        ({"ends_on": "2026-11-23"}, "must be in the future"),
        ({"ends_on": "2039-01-01"}, "within 5 years"),
    ],
)
def test_wrong_dates(typed: dict[str, str], sentence: str) -> None:
    with pytest.raises(Invalid) as fault:
        tabs.read_settings(typed, today=TODAY)
    assert sentence in fault.value.fields["ends_on"]


def test_a_date_in_three_fields() -> None:
    typed = {"ends_on-day": "3", "ends_on-month": "4", "ends_on-year": "2027"}
    assert tabs.read_settings(typed, today=TODAY) == {"ends_on": date(2027, 4, 3)}


def test_an_empty_date_is_a_gap_and_no_fault() -> None:
    assert tabs.read_settings({}, today=TODAY) == {"ends_on": None}


def test_all_faults_of_a_page_at_once() -> None:
    with pytest.raises(Invalid) as fault:
        tabs.read_project({"title": "x" * 300, "purpose": "war", "lay_summary": "y" * 6000})
    assert set(fault.value.fields) == {"title", "purpose", "lay_summary"}
    assert fault.value.fields["title"] == "Title must be 200 characters or fewer: it has 300"


@pytest.mark.parametrize("value", ["nhanes", "nhanes/respondents", "nhanes/respondents/", "/x/y", "a//b"])
def test_a_column_must_be_whole(value: str) -> None:
    with pytest.raises(Invalid) as fault:
        tabs.read_data({"columns": [value]})
    assert "columns" in fault.value.fields


def test_columns_come_by_table_with_their_reason() -> None:
    page = tabs.read_data({"columns": ["a/t/x", "a/t/y", "a/t/x", "b/u/z"], "why/a/t": " Because. "})
    assert page.columns == {("a", "t"): ("x", "y"), ("b", "u"): ("z",)}
    assert page.why == {("a", "t"): "Because.", ("b", "u"): ""}


def test_people_are_read_line_by_line() -> None:
    page = tabs.read_people({"organisation": "  Two   words ", "add": "esme\n ben,esme\n\n", "remove": ["x", ""]})
    assert (page.organisation, page.add, page.remove) == ("Two words", ("esme", "ben"), ("x",))
