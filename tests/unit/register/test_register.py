"""What is published, in which form: closed fields, no formula in a cell, plots that say the same as their tables."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.register.api import EntryOut
from tre.register.domain.choosing import Filter, choose, options
from tre.register.domain.entry import PublicProject, PublicStep, PublicTable, few
from tre.register.domain.plots import days_to_decide, plots
from tre.register.service import as_atom, as_csv, as_fields, as_json
from tre.register.service.exporting import ATOM, COLUMNS

ENTRY = PublicProject(
    project_id="p-aaaaaa",
    title="Blood pressure",
    organisation="University",
    state="approved",
    state_since=date(2026, 11, 23),
    lay_summary="We look at it.",
    purpose="Research",
    purpose_detail="Means.",
    public_benefit="Advice.",
    article_6="6",
    article_9="9",
    common_law="none",
    publication="",
    applied_on=date(2026, 11, 1),
    approved_on=date(2026, 11, 23),
    ends_on=date(2027, 6, 30),
    members=2,
    tables=(PublicTable(dataset_id="d", dataset="Survey", table="t", columns=(("x", "An x"),), why="To see."),),
    sessions=(date(2026, 11, 23), date(2026, 11, 24)),
    releases=((date(2026, 11, 24), 2),),
    history=(PublicStep(on=date(2026, 11, 1), text="The application was sent"),),
)
REFUSED = replace(ENTRY, project_id="p-bbbbbb", state="refused", approved_on=None, purpose="Planning", sessions=())


def test_no_field_can_hold_a_name_or_a_reviewers_words() -> None:
    names = {one.name for one in fields(PublicProject)}
    assert names == set(EntryOut.model_fields)
    assert not names & {"lead_id", "lead", "names", "decisions", "reason", "state_reason", "persons"}


def test_the_spreadsheet_begins_with_the_31_columns_of_the_template() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([ENTRY]))))
    assert rows[0] == list(COLUMNS)
    assert (rows[0][0], rows[0][30]) == ("Project ID", "Link to research outputs")
    assert dict(zip(*rows, strict=True))["Files released"] == "2"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_title_is_no_formula(start: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([replace(ENTRY, title=f"{start}HYPERLINK(1)")]))))
    assert rows[1][9] == f"'{start}HYPERLINK(1)"


def test_json_holds_exactly_the_published_fields() -> None:
    told = json.loads(as_json([ENTRY]))
    assert told["schema_version"] == 1
    assert set(told["projects"][0]) == {one.name for one in fields(PublicProject)}
    assert EntryOut.model_validate(as_fields(ENTRY)).title == "Blood pressure"


def test_the_feed_has_an_entry_each_project() -> None:
    text = as_atom([ENTRY, REFUSED], origin="http://x", title="<Who>", updated=datetime(2026, 1, 1, tzinfo=UTC))
    feed = ElementTree.fromstring(text)
    assert [one.text for one in feed.iter(f"{{{ATOM}}}id")][1:] == [
        "http://x/register/p-aaaaaa",
        "http://x/register/p-bbbbbb",
    ]
    assert feed.findtext(f"{{{ATOM}}}title") == "<Who>"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), 2),
        (Filter(state="refused"), 1),
        (Filter(words="BLOOD university"), 2),
        (Filter(words="nothing"), 0),
        (Filter(dataset="Survey", year="2026"), 2),
        (Filter(purpose="Planning", organisation="University"), 1),
        (Filter(year="2025"), 0),
    ],
)
def test_filters(wanted: Filter, found: int) -> None:
    assert len(choose([ENTRY, REFUSED], wanted)) == found


def test_options_are_the_values_that_occur() -> None:
    assert options([ENTRY, REFUSED]).state == ("approved", "refused")


@given(st.lists(st.dates(date(2024, 1, 1), date(2026, 11, 30)), max_size=30))
def test_plots_count_what_lies_in_the_last_year(days: list[date]) -> None:
    today = date(2026, 11, 23)
    _, _, used = plots([replace(ENTRY, sessions=tuple(days))], today=today)
    assert len(used.bars) == 12
    assert sum(bar.value for bar in used.bars) == sum(day >= date(2025, 12, 1) for day in days)
    assert all(0 <= bar.share <= 1 for bar in used.bars)


def test_days_to_decide_count_refusals_too() -> None:
    assert days_to_decide([ENTRY, REFUSED]) == 22
    assert days_to_decide([]) is None


def test_small_counts_are_not_published() -> None:
    assert [few(one) for one in (0, 1, 9, 10, 12345)] == ["0", "fewer than 10", "fewer than 10", "10", "12,345"]
