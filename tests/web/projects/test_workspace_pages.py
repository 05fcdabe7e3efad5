"""The workspace from the project's page: open, watch it come up, stop; the reasons where it is refused; the admin's watch."""

import json

from tests.fakes.hub import HubFake
from tests.fakes.snapshots import ReadySnapshotsFake
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Portal


def test_open_wait_go_stop(browse: Browse, project_at: ProjectAt, hub: HubFake) -> None:
    project, amina, hub.is_slow = project_at("approved").project_id, browse("amina"), True
    here = f"/projects/{project}/workspace"
    assert "Open workspace" in amina.get(f"/projects/{project}").text
    assert amina.post(here).headers["location"] == here
    page = amina.get(here).text
    assert 'hx-trigger="every 2s"' in page
    assert "Look again" in page
    hub.answer()
    part = amina.get(here, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "http://amina.localhost" in part
    assert f"/workspaces/user/amina/{project}/lab" in part
    amina.get(here)
    assert amina.post(f"{here}/stop").status_code == 303
    assert "Stopped by the person." in amina.get(here).text
    assert amina.post(f"{here}/stop").status_code == 404


def test_before_approval_the_reasons_say_what_to_do(
    browse: Browse, project_at: ProjectAt, ready: ReadySnapshotsFake, hub: HubFake
) -> None:
    project, amina, ready.state = project_at("submitted").project_id, browse("amina"), "none"
    page = amina.get(f"/projects/{project}").text
    assert "You cannot open it now" in page
    assert "Open workspace" not in page
    refused = amina.post(f"/projects/{project}/workspace")
    assert refused.status_code == 403
    assert "Why, and what to do" in refused.text
    assert refused.text.count("<li>") >= 2
    assert hub.plans == []


def test_a_hub_that_is_away_is_said(browse: Browse, project_at: ProjectAt, hub: HubFake) -> None:
    project, amina, hub.is_gone = project_at("approved").project_id, browse("amina"), True
    assert amina.post(f"/projects/{project}/workspace").status_code == 303
    page = amina.get(f"/projects/{project}/workspace").text
    assert "The hub does not answer." in page
    assert "Open the workspace again" in page


def test_the_watch_shows_bytes_and_stops(browse: Browse, portal: Portal, project_at: ProjectAt, hub: HubFake) -> None:
    project, amina, farah = project_at("approved").project_id, browse("amina"), browse("farah")
    assert "No workspace runs now" in farah.get("/watch").text
    amina.post(f"/projects/{project}/workspace")
    ledger = portal.house.config.state / "run/proxy/outgoing.json"
    ledger.parent.mkdir(parents=True, exist_ok=True)
    day = {"http_bytes": 1_000_000, "websocket_bytes": 234_000, "refused": 3, "cut": 0}
    ledger.write_text(json.dumps({"servers": {f"amina/{project}": {"2026-11-23": day}}}))
    page = farah.get("/watch").text
    assert "1.2 MB" in page
    stop = next(part for part in page.split('"') if part.startswith("/watch/") and part.endswith("/stop"))
    assert amina.get("/watch").status_code == 403
    assert farah.post(stop).status_code == 303
    assert hub.running == {}
    ledger.write_text("{broken")
    assert farah.get("/watch").status_code == 200
