"""The broker's report on the page of a case: what it tells, while it is made, when it failed; accessible, without a script."""

import pytest

from tests.factories.loaded import AT
from tests.fakes.projects_ports import SnapshotsFake
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.opened import Opened, unfold
from tre.projects.ports import AssessmentCard, Bar, LinkageLine, RiskLine, TextLine

FOUND = AssessmentCard(
    made_at=AT,
    risk=(
        RiskLine(
            table="persons", known=("year_of_birth", "postcode_district"), k=1, groups=4_000, persons="about 95,000",
            uniques="about 120", under_ten="about 8,100", diversity=(("ethnic_group", 1),),
            without=(("year_of_birth", 210, "none"), ("postcode_district", 85, "none")),
        ),
        RiskLine(table="", known=("persons.year_of_birth",), k=12, groups=9, persons="about 95,000", uniques="none", under_ten="none"),
    ),
    linkage=(
        LinkageLine(
            first="gp", second="trust", told="40 per cent of the people in gp are in trust, and 100 per cent of those in trust are in gp.",
            bars=(Bar(label="In both", told="about 38,000", share=0.667), Bar(label="In gp only", told="about 57,000", share=1.0),
                  Bar(label="In trust only", told="fewer than 10", share=0.0)),
            tables=(("gp", "persons", "about 95,000", "40 per cent"),),
        ),
    ),
    left_out=("5,012 persons by the national data opt-out.",),
    texts=(
        TextLine(table="note", column="note_text", told="Of about 900 texts: date in about 400 (masked).", names_known=90),
        TextLine(table="care_site", column="place", told="Of about 20 texts: nothing."),
    ),
)  # fmt: skip


@pytest.fixture
def case(snapshots: SnapshotsFake, project_at: ProjectAt) -> str:
    """An application that waits, with a report that is there; return the project's id."""
    snapshots.found = FOUND
    return project_at("submitted").project_id


def test_it_tells_risk_linkage_and_who_is_left_out(case: str, browse: Browse) -> None:
    page = browse("gwen").get(f"/decisions/{case}").text
    for told in (
        "about 8,100",
        "Without <code>year_of_birth</code>",
        "(l-diversity)",
        "40 per cent",
        "national data opt-out",
        "date in about 400 (masked)",
        "about 90 per cent",
        "about nobody",
    ):
        assert told in page
    assert 'role="img" aria-labelledby="linkage-1"' in page
    assert "about 8,100" not in browse("amina").get(f"/decisions/{case}").text


def test_while_it_is_made_and_when_it_failed(case: str, browse: Browse, snapshots: SnapshotsFake) -> None:
    gwen = browse("gwen")
    snapshots.report = "ordered"
    page = gwen.get(f"/decisions/{case}").text
    assert f'hx-get="/projects/{case}/assessment"' in page
    assert "yes comes after the report" in page
    assert gwen.get(f"/projects/{case}/assessment").text.lstrip().startswith("<section")
    snapshots.report = "failed"
    assert "Order the report again" in gwen.get(f"/decisions/{case}").text
    assert "Order the report again" not in browse("hugo").get(f"/decisions/{case}").text
    assert gwen.post(f"/projects/{case}/assessment", {}).status_code == 303
    assert snapshots.assessed == [case, case]


def test_a_yes_too_early_is_refused_with_what_to_do(case: str, browse: Browse, snapshots: SnapshotsFake) -> None:
    snapshots.report = "ordered"
    gwen = browse("gwen")
    version = gwen.get(f"/decisions/{case}").text.split('name="version" value="')[1].split('"')[0]
    typed = {"version": version, "role": "custodian", "answer": "yes", "reason": "It fits."}
    answer = gwen.post(f"/projects/{case}/decide", typed)
    assert answer.status_code == 403
    assert "Wait until it shows on the page of the case" in answer.text
    assert gwen.post(f"/projects/{case}/decide", typed | {"answer": "no"}).status_code == 303


@pytest.mark.browser
def test_it_is_accessible_and_fits_320_pixels(case: str, opened: Opened, snapshots: SnapshotsFake) -> None:
    for state in ("ready", "ordered", "failed"):
        snapshots.report = state
        assert opened.faults("gwen", f"/decisions/{case}", unfold, name=state) == []
