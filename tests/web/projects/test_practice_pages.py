"""Practice from the portal's pages and its API: choose, open, go, stop."""

from tests.fakes.hub import HubFake
from tests.fakes.snapshots import ReadySnapshotsFake
from tests.fixtures.portal import Browse

HERE = "/practice/workspace"


def test_choose_open_go_stop(browse: Browse, hub: HubFake) -> None:
    hugo = browse("hugo")
    page = hugo.get(f"{HERE}?dataset=hospital").text
    assert "Practice with made-up data" in page
    assert 'value="hospital" checked' in " ".join(page.split())
    assert hugo.post(HERE, {"dataset": "hospital"}).headers["location"] == HERE
    page = hugo.get(HERE).text
    assert "/workspaces/user/hugo/practice/lab" in page
    assert "no row is of a real person" in page
    assert "hospital, made-up 1" in page
    assert "<html" not in hugo.get(HERE, headers={"HX-Request": "true"}).text
    assert hugo.post(f"{HERE}/stop").status_code == 303
    assert hub.running == {}


def test_where_nothing_can_be_practised_on_the_page_says_so(browse: Browse, ready: ReadySnapshotsFake) -> None:
    ready.made_up = ()
    amina = browse("amina")
    assert "There is no made-up data of this dataset yet" in amina.get(HERE).text
    refused = amina.post(HERE, {"dataset": "nhanes"})
    assert refused.status_code == 403
    assert "Back to practice" in refused.text


def test_the_same_by_the_api(browse: Browse) -> None:
    amina = browse("amina")
    amina.get("/health")
    headers = {"x-csrf-token": amina.token}
    opened = amina.client.post("/api/v1/practice/workspace", json={"dataset": "nhanes"}, headers=headers)
    assert (opened.status_code, opened.json()["project_id"]) == (202, "practice")
    seen = amina.get("/api/v1/practice/workspace").json()
    assert seen["datasets"] == ["nhanes", "hospital"]
    assert seen["session"]["state"] == "live"
    assert amina.client.delete("/api/v1/practice/workspace", headers=headers).status_code == 200
