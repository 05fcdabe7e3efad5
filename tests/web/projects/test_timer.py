"""The timer's process: rounds until told to stop, a sign of life after each, no end because a part was silent."""

import threading
import time
from pathlib import Path

from tests.fakes.hub import HubFake
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Portal
from tre.entrypoints import timer


def test_a_round_stops_what_was_suspended_while_the_hub_was_away(
    portal: Portal, browse: Browse, project_at: ProjectAt, hub: HubFake
) -> None:
    project, amina, farah = project_at("approved"), browse("amina"), browse("farah")
    amina.post(f"/projects/{project.project_id}/workspace")
    hub.is_gone = True
    farah.get(f"/projects/{project.project_id}/suspend")
    farah.post(f"/projects/{project.project_id}/suspend", {"version": str(project.version), "reason": "An inspection."})
    assert timer.make_round(portal.house) is None
    assert hub.running
    hub.is_gone = False
    found = timer.make_round(portal.house)
    assert found is not None
    assert found.strays == 1
    assert hub.running == {}


def test_a_round_shuts_out_who_was_stopped_while_the_hub_was_away(
    portal: Portal, browse: Browse, project_at: ProjectAt, hub: HubFake
) -> None:
    project_at("approved")
    hub.is_gone = True
    assert browse("farah").post("/people/amina/stop", {"reason": "Left."}).status_code == 303
    hub.is_gone = False
    assert timer.make_round(portal.house) is not None
    assert hub.out == {"amina"}


def test_it_gives_a_sign_of_life_and_stops_when_told(portal: Portal, hub: HubFake, tmp_path: Path) -> None:
    hub.is_gone = True
    beat, stop = tmp_path / "heartbeat", threading.Event()
    running = threading.Thread(target=lambda: timer.run(portal.house, heartbeat=beat, stop=stop))
    running.start()
    until = time.monotonic() + 10
    while not beat.exists() and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    running.join(timeout=10)
    assert beat.exists()
    assert not running.is_alive()
