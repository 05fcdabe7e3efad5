"""The admin's page of a person stops and restores access, in words, and the person is out at the next click."""

from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt


def test_stopped_on_the_page_and_out_at_the_next_click(browse: Browse, project_at: ProjectAt) -> None:
    project_at("approved")
    farah, amina = browse("farah"), browse("amina")
    assert amina.get("/standing").status_code == 200
    assert "Stop access" in farah.get("/people/amina").text
    empty = farah.post("/people/amina/stop", {"reason": " "})
    assert (empty.status_code, "Enter a reason" in empty.text) == (422, True)
    assert farah.post("/people/amina/stop", {"reason": "Left the university."}).status_code == 303
    page = farah.get("/people/amina").text
    assert "Access is stopped" in page
    assert ">Farah Test</a>: Left the university." in page
    assert "Stopped by admin" in page
    assert "Restore access" in page
    assert "Stopped" in farah.get("/people").text
    assert amina.get("/standing").headers["location"].startswith("/auth/login")
    assert farah.post("/people/amina/reinstate", {"reason": "Came back."}).status_code == 303
    assert browse("amina").get("/standing").status_code == 200


def test_no_button_that_would_be_refused(browse: Browse, project_at: ProjectAt) -> None:
    project_at("approved")
    assert "Stop access" not in browse("farah").get("/people/farah").text
    assert "Stop access" not in browse("amina").get("/people/amina").text
    assert browse("amina").post("/people/ben/stop", {"reason": "x"}).status_code == 403


def test_the_api_does_the_same(browse: Browse, project_at: ProjectAt) -> None:
    project_at("approved")
    farah = browse("farah")
    farah.get("/health")
    headers = {"X-CSRF-Token": farah.token}
    path = "/api/v1/people/ben"
    assert farah.client.post(f"{path}/stop", json={"reason": "Left."}, headers=headers).status_code == 204
    assert farah.get(path).json()["is_active"] is False
    assert farah.client.post(f"{path}/stop", json={"reason": "Left."}, headers=headers).status_code == 409
    assert farah.client.post(f"{path}/reinstate", json={"reason": "Back."}, headers=headers).status_code == 204
    assert farah.get(path).json()["is_active"] is True
