"""The application as a person meets it: five forms, nothing typed is lost, each fault beside its field."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.factories.applications import PAGES
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Visitor


@pytest.fixture
def amina(browse: Browse) -> Visitor:
    return browse("amina")


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def fill(visitor: Visitor, address: str, typed: Mapping[str, object]) -> Any:
    page = visitor.get(address)
    return visitor.post(address, {"version": version_on(page.text), **typed})


def test_from_the_first_line_to_sending(amina: Visitor) -> None:
    amina.get("/projects/new")
    begun = amina.post("/projects/new")
    assert begun.status_code == 303
    here = begun.headers["location"]
    typed: dict[str, Mapping[str, object]] = {
        "people": {"organisation": "University of Ashcombe", "add": "esme"},
        "project": PAGES["project"],
        "data": {
            "columns": ["nhanes/demographics/age", "hospital/admissions/diagnosis"],
            "why/nhanes/demographics": "Age is what we study.",
            "why/hospital/admissions": "To compare.",
        },
        "settings": {"ends_on-day": "30", "ends_on-month": "June", "ends_on-year": "2027"},
        "outputs": {"expected_outputs": "A table.", "may_download": "amina"},
    }
    following = ["project", "data", "settings", "outputs", "check"]
    for (part, values), after in zip(typed.items(), following, strict=True):
        saved = fill(amina, f"{here}/{part}", values)
        assert saved.status_code == 303, saved.text
        assert saved.headers["location"] == f"{here}/{after}"
    check = amina.get(f"{here}/check")
    assert "Still missing" not in check.text
    assert "30 June 2027" in check.text
    project = here.removesuffix("/application")
    sent = amina.post(f"{project}/submit", {"version": version_on(check.text)})
    assert (sent.status_code, sent.headers["location"]) == (303, project)
    assert "The application is sent to those who decide." in amina.get(project).text


def test_what_is_missing_links_to_its_field(amina: Visitor, project_at: ProjectAt) -> None:
    here = f"/projects/{project_at('draft').project_id}/application"
    page = amina.get(f"{here}/check").text
    assert f'href="{here}/project#title"' in page
    assert "Send the application" not in page


@pytest.mark.parametrize(
    ("part", "typed", "field", "sentence"),
    [
        ("people", {"add": "esme\nzzz"}, "add", "There is nobody with the short name"),
        ("project", {"title": "x" * 201}, "title", "Title must be 200 characters or fewer: it has 201"),
        ("settings", {"ends_on-day": "31", "ends_on-month": "2", "ends_on-year": "2027"}, "ends_on", "must be a real date"),
        ("settings", {"ends_on-day": "1", "ends_on-month": "", "ends_on-year": "2027"}, "ends_on", "must include a month"),
        ("settings", {"ends_on-day": "1", "ends_on-month": "1", "ends_on-year": "2020"}, "ends_on", "must be in the future"),
        ("outputs", {"may_download": "cara"}, "may_download", "Choose from the members"),
    ],
)  # fmt: skip
def test_each_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    part: str, typed: dict[str, str], field: str, sentence: str, amina: Visitor, project_at: ProjectAt
) -> None:
    here = f"/projects/{project_at('draft').project_id}/application/{part}"
    kept = {"people": "organisation", "project": "lay_summary", "outputs": "publication"}.get(part)
    page = fill(amina, here, typed | ({kept: "kept as typed"} if kept else {}))
    assert page.status_code == 422
    assert page.text.count(sentence) == 2, "once above the form, once beside the field"
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text
    assert kept is None or "kept as typed" in page.text


def test_the_filter_keeps_what_is_ticked(amina: Visitor, project_at: ProjectAt) -> None:
    here = f"/projects/{project_at('complete').project_id}/application/data"
    ticked = ["nhanes/demographics/age", "nhanes/demographics/income"]
    asked = fill(
        amina, here, {"columns": ticked, "act": "filter", "words": "systolic", "why/nhanes/demographics": "Why."}
    )
    assert asked.headers["location"] == f"{here}?words=systolic"
    page = amina.get(asked.headers["location"]).text
    assert "1 column with" in page
    for value in ticked:
        assert f'<input type="hidden" name="columns" value="{value}">' in page
    chosen = fill(amina, here + "?words=systolic", {"columns": ticked, "act": "choose", "words": "systolic"})
    assert "<strong>3</strong> columns ticked" in amina.get(chosen.headers["location"]).text
    cleared = fill(amina, here, {"columns": [*ticked, "nhanes/examination/systolic"], "act": "clear", "words": "age"})
    page = amina.get(cleared.headers["location"]).text
    assert "<strong>2</strong> columns ticked" in page
    assert 'value="nhanes/demographics/age">' in page


def test_a_stale_form_is_refused(amina: Visitor, project_at: ProjectAt) -> None:
    here = f"/projects/{project_at('draft').project_id}/application/project"
    version = version_on(amina.get(here).text)
    assert amina.post(here, {"version": version, "title": "First"}).status_code == 303
    page = amina.post(here, {"version": version, "title": "Second"})
    assert page.status_code == 409
    assert "Somebody changed this project since you opened the page" in page.text


@pytest.mark.parametrize("part", ["nothing", "data/x", "%2e%2e", "x" * 3000])
def test_parts_that_do_not_exist(part: str, amina: Visitor, project_at: ProjectAt) -> None:
    assert amina.get(f"/projects/{project_at('draft').project_id}/application/{part}").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_odd_versions(version: str, amina: Visitor, project_at: ProjectAt) -> None:
    here = f"/projects/{project_at('draft').project_id}/application/project"
    amina.get(here)
    assert amina.post(here, {"version": version, "title": "T"}).status_code == 409


def test_markup_is_shown_as_text(amina: Visitor, project_at: ProjectAt) -> None:
    here = f"/projects/{project_at('draft').project_id}/application"
    fill(amina, f"{here}/project", {"title": "<script>alert(1)</script>", "lay_summary": "\" onload='x'"})
    page = amina.get(f"{here}/check").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_another_researcher_cannot_open_it(browse: Browse, project_at: ProjectAt) -> None:
    project = project_at("complete").project_id
    for person in ("ben", "farah"):
        assert browse(person).get(f"/projects/{project}/application").status_code == 403
