"""The API of projects and workspaces: the same services, errors as JSON with reasons and fields."""

from typing import Any

from tests.factories.applications import PAGES, data_page
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Visitor


def call(visitor: Visitor, method: str, path: str, body: Any = None) -> Any:
    if not visitor.token:
        visitor.get("/health")
        visitor.get("/projects")
    return visitor.client.request(method, f"/api/v1{path}", json=body, headers={"x-csrf-token": visitor.token})


def test_an_application_by_program(browse: Browse) -> None:
    amina = browse("amina")
    project = call(amina, "POST", "/projects").json()
    here = f"/projects/{project['project_id']}"
    early = call(amina, "POST", f"{here}/submit", {"version": project["version"]})
    assert early.status_code == 422
    assert early.json()["fields"]["title"] == "Enter a title"
    for page, typed in (PAGES | {"data": data_page(("nhanes",))}).items():
        body = {"version": project["version"], "fields": typed}
        answer = call(amina, "PUT", f"{here}/application/{page}", body)
        assert answer.status_code == 200, answer.text
        project = answer.json()
    sent = call(amina, "POST", f"{here}/submit", {"version": project["version"]}).json()
    assert sent["state"] == "submitted"
    stale = call(amina, "PUT", f"{here}/application/project", {"version": 1, "fields": {}})
    assert (stale.status_code, stale.json()["code"]) == (409, "projects.project.stale")


def test_deciding_and_opening_by_program(browse: Browse, project_at: ProjectAt) -> None:
    project = project_at("submitted")
    here, version = f"/projects/{project.project_id}", project.version
    for person, role in (("gwen", "custodian"), ("farah", "admin"), ("hugo", "lay_reviewer")):
        assert call(browse(person), "GET", "/decisions").json() == {project.project_id: [role]}
        given = {"version": version, "role": role, "answer": "yes", "reason": "Fits."}
        answer = call(browse(person), "POST", f"{here}/decide", given)
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    amina = browse("amina")
    assert call(amina, "POST", f"{here}/workspace").status_code == 202
    assert call(amina, "GET", f"{here}/workspace").json()["session"]["state"] == "live"
    watched = call(browse("farah"), "GET", "/workspaces").json()
    assert [one["session"]["person_id"] for one in watched] == ["amina"]
    move = {"version": version, "reason": "An inspection."}
    assert call(browse("farah"), "POST", f"{here}/suspend", move).json()["state"] == "suspended"
    refused = call(amina, "POST", f"{here}/workspace")
    assert refused.status_code == 403
    assert "projects.project.suspended" in refused.json()["reasons"]
    assert call(browse("farah"), "GET", here).json()["moves"] == ["close", "resume"]


def test_a_surrogate_and_a_wrong_shape(browse: Browse) -> None:
    amina = browse("amina")
    project = call(amina, "POST", "/projects").json()
    here = f"/projects/{project['project_id']}/application/project"
    odd = amina.client.put(
        f"/api/v1{here}",
        content='{"version": 1, "fields": {"title": "a\\ud800b\\u0000c"}}',
        headers={"x-csrf-token": amina.token, "content-type": "application/json"},
    )
    assert odd.status_code == 200, odd.text
    assert odd.json()["title"] == "abc"
    assert call(amina, "PUT", here, {"version": "x", "fields": 3}).status_code == 422
    assert (
        call(
            amina, "PUT", f"/projects/{project['project_id']}/application/nothing", {"version": 2, "fields": {}}
        ).status_code
        == 404
    )
