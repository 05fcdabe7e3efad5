"""Deciding and running a project from its pages."""

import re
from typing import Any

import pytest

from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Visitor


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def decide(visitor: Visitor, project_id: str, **typed: str) -> Any:
    page = visitor.get(f"/decisions/{project_id}")
    return visitor.post(f"/projects/{project_id}/decide", {"version": version_on(page.text), **typed})


def test_three_decisions_from_the_list(browse: Browse, project_at: ProjectAt) -> None:
    project = project_at("submitted").project_id
    for person, role in (("gwen", "custodian"), ("hugo", "lay_reviewer"), ("farah", "admin")):
        visitor = browse(person)
        assert f"/decisions/{project}" in visitor.get("/decisions").text
        answer = decide(visitor, project, role=role, answer="yes", reason="It fits.")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/projects/{project}")
        assert f"/decisions/{project}" not in visitor.get("/decisions").text
    page = browse("amina").get(f"/projects/{project}").text
    assert "The honest broker is making the data ready" in page or "Approved" in page
    assert page.count("Said yes") == 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"role": "custodian", "reason": "kept as typed"}, "Choose yes or no"),
        ({"role": "custodian", "answer": "yes"}, "Enter the reason for your decision"),
    ],
)
def test_a_decision_that_is_not_whole(
    typed: dict[str, str], sentence: str, browse: Browse, project_at: ProjectAt
) -> None:
    page = decide(browse("gwen"), project_at("submitted").project_id, **typed)
    assert page.status_code == 422
    assert page.text.count(sentence) == 2
    assert "reason" not in typed or "kept as typed" in page.text


def test_the_second_decision_by_one_person(browse: Browse, project_at: ProjectAt) -> None:
    project, gwen = project_at("submitted").project_id, browse("gwen")
    typed = {"role": "custodian", "answer": "yes", "reason": "Yes."}
    version = version_on(gwen.get(f"/decisions/{project}").text)
    assert gwen.post(f"/projects/{project}/decide", {"version": version, **typed}).status_code == 303
    again = gwen.post(f"/projects/{project}/decide", {"version": str(int(version) + 1), **typed})
    assert again.status_code == 403
    assert "decided" in again.text


def test_no_button_is_shown_that_would_be_refused(browse: Browse, project_at: ProjectAt) -> None:
    project = project_at("submitted").project_id
    for person in ("amina", "esme", "cara"):
        assert "Give the decision" not in browse(person).get(f"/decisions/{project}").text
    for person in ("amina", "gwen", "hugo"):
        assert "/suspend" not in browse(person).get(f"/projects/{project}").text


def test_suspend_resume_close(browse: Browse, project_at: ProjectAt) -> None:
    project, farah = project_at("approved").project_id, browse("farah")
    for move in ("suspend", "resume", "close"):
        form = farah.get(f"/projects/{project}/{move}")
        assert form.status_code == 200
        empty = farah.post(f"/projects/{project}/{move}", {"version": version_on(form.text)})
        assert empty.status_code == 422
        assert empty.text.count("Enter a reason") == 2
        done = farah.post(f"/projects/{project}/{move}", {"version": version_on(form.text), "reason": f"To {move}."})
        assert done.status_code == 303, done.text
    assert farah.get(f"/projects/{project}/suspend").status_code == 404
    assert "closed the project: To close." in farah.get(f"/projects/{project}").text


@pytest.mark.parametrize(
    "path",
    [
        "/projects?page=-3",
        "/projects?page=99999999999999",
        "/projects?state=%00&words=%00%ff",
        "/projects?words=" + "x" * 4000,
        "/projects/%00",
        "/projects/p-aaaaaa",
        "/projects/p-aaaaaa/workspace",
        "/projects/p-aaaaaa/snapshot",
        "/decisions/%2e%2e",
        "/watch/nothing/stop",
        "/register?page=x&year=20x6&words=%00",
        "/register/%00",
        "/register/p-aaaaaa",
        "/register.csv?state=%00",
    ],
)
def test_odd_addresses(path: str, browse: Browse, project_at: ProjectAt) -> None:
    project_at("approved")
    assert browse("farah").get(path).status_code < 500
