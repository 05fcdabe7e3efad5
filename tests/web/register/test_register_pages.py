"""The register for somebody who is not signed in."""

import csv
import io

from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt


def test_it_needs_no_sign_in_and_says_when_it_is_empty(browse: Browse) -> None:
    page = browse("").get("/register")
    assert page.status_code == 200
    assert "No project has been decided on yet" in page.text


def test_list_entry_and_downloads(browse: Browse, project_at: ProjectAt) -> None:
    nobody, project = browse(""), project_at("suspended").project_id
    hidden = project_at("submitted").project_id
    page = nobody.get("/register").text
    assert f"/register/{project}" in page
    assert hidden not in page
    assert page.count("<svg") >= 3
    assert page.count('role="img" aria-labelledby=') == 3
    entry = nobody.get(f"/register/{project}").text
    assert "The project is stopped for now" in entry
    assert "Article 6(1)(e)" in entry
    assert "An inspection" not in entry, "the admin's words are for the members"
    assert "Amina" not in entry
    rows = list(csv.DictReader(io.StringIO(nobody.get("/register.csv").text)))
    assert [(row["Project ID"], row["State"]) for row in rows] == [(project, "suspended")]
    assert nobody.get("/register.json").json()["projects"][0]["project_id"] == project
    assert nobody.get("/api/v1/register").json()[0]["project_id"] == project
    assert nobody.get(f"/api/v1/register/{project}").json()["state"] == "suspended"
    assert nobody.get("/register.xml").headers["content-type"].startswith("application/atom+xml")
    assert nobody.get(f"/register/{hidden}").status_code == 404


def test_filters_stand_in_the_address_and_in_the_downloads(browse: Browse, project_at: ProjectAt) -> None:
    nobody, refused = browse(""), project_at("refused").project_id
    approved = project_at("approved").project_id
    page = nobody.get("/register?state=refused").text
    assert f"/register/{refused}" in page
    assert f"/register/{approved}" not in page
    assert "/register.csv?state=refused" in page
    assert approved not in nobody.get("/register.csv?state=refused").text
    assert "No project matches these filters" in nobody.get("/register?words=nothing+like+this").text


def test_a_reader_that_has_it_already_is_told_so(browse: Browse, project_at: ProjectAt) -> None:
    nobody = browse("")
    project_at("approved")
    first = nobody.get("/register.json")
    again = nobody.get("/register.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
