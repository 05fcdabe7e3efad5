"""No start without a plan of the portal's; a killed hub leaves sessions alone, a stopped one ends them all."""

import json
import secrets
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house.installation import House, Workspace
from tests.house.parts import wait_until
from tests.house.unix_http import ask
from tre.hub.process import Mark, named
from tre.hub.records import process_name
from tre.kernel.plan import seal


def test_without_a_plan_nothing_starts(house: House) -> None:
    house.hub("PUT", "tre/persons/hugo")
    for body in (None, {}, {"plan": ""}, {"plan": "x.y"}, {"plan": ["x"]}):
        status, text = house.hub("POST", "users/hugo/servers/p-gggggg", body)
        assert (status, json.loads(text)["message"]) == (403, "Workspaces are opened from the project's page.")
    assert not (house.state / "workspaces/p-gggggg").exists()


def test_a_plan_sealed_with_another_key_is_refused(house: House) -> None:
    sealed = seal(house.plan("hugo", "p-gggggg"), secrets.token_bytes(32))
    assert house.hub("POST", "users/hugo/servers/p-gggggg", {"plan": sealed})[0] == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"person_id": "ben"},
        {"project_id": "p-aaaaaa"},
        {"expires_at": int(time.time()) - 1},
        {"expires_at": int(time.time()) + 3600},
    ],
)
def test_a_plan_for_another_start_is_refused(house: House, changes: dict[str, object]) -> None:
    status, text = house.ask_to_open("hugo", "p-gggggg", **changes)
    assert status == 403, text
    assert not (house.state / "workspaces/p-gggggg").exists()


def test_a_plan_is_not_kept(house: House, amina: Workspace) -> None:
    """It holds the session's token; whoever may read servers at the hub shall not have it."""
    text = house.hub("GET", f"users/{amina.person}")[1]
    assert json.loads(text)["servers"][amina.project]["user_options"] == {}
    database = (house.state / "hub/hub.sqlite").read_bytes()
    assert b"session-token-of-amina" not in database


def test_a_second_start_is_refused_while_the_first_runs(house: House, amina: Workspace) -> None:
    assert house.ask_to_open(amina.person, amina.project)[0] == 400
    assert amina.kernel().run("print(1)").text.strip() == "1"


def test_a_plan_whose_folders_are_not_there_fails_at_once_and_leaves_nothing(house: House) -> None:
    before = set((house.state / "run/hub/s").iterdir())
    start = time.monotonic()
    status, text = house.ask_to_open("hugo", "p-gggggg", snapshot_dir=str(house.state / "snapshots/none/1"))
    assert status == 503
    assert "tell the operator" in json.loads(text)["message"]
    assert time.monotonic() - start < 5
    assert set((house.state / "run/hub/s").iterdir()) == before


def test_a_stop_in_the_middle_of_a_start_leaves_nothing(house: House) -> None:
    """A project can be suspended while somebody waits for its workspace."""
    sessions = house.state / "run/hub/s"
    before = {folder.name for folder in sessions.iterdir()}
    with ThreadPoolExecutor() as pool:
        start = pool.submit(house.ask_to_open, "hugo", "p-cccccc")
        wait_until(
            lambda: {folder.name for folder in sessions.iterdir()} > before, seconds=20, what="the start is under way"
        )
        began = time.monotonic()
        assert house.hub("DELETE", "users/hugo/servers/p-cccccc")[0] in (202, 204)
        start.result()
    assert json.loads(house.hub("GET", "users/hugo")[1])["servers"] == {}
    assert {folder.name for folder in sessions.iterdir()} == before
    running = {name.rpartition(":")[2] for name, _ in named(process_name(sessions, ""))}
    assert running <= before
    assert time.monotonic() - began < 20


def test_a_killed_hub_leaves_sessions_and_knows_them_again(house: House, amina: Workspace) -> None:
    kernel = amina.kernel()
    kernel.run("kept = 41")
    first = Mark(*amina.record()["first"])
    house.kill_hub()
    assert kernel.run("print(kept + 1)").text.strip() == "42"
    house.start_hub()
    assert first.is_alive()
    assert kernel.run("print(kept + 2)").text.strip() == "43"
    assert amina.kernel().run("print('new')").text.strip() == "new"


def test_a_killed_proxy_gets_its_routes_back(house: House, amina: Workspace) -> None:
    house.proxy.end(signal.SIGKILL)
    house.proxy.start()

    def answers() -> bool:
        try:
            return amina.kernel().run("print(1)").text.strip() == "1"
        except (OSError, AssertionError):
            return False

    assert wait_until(answers, seconds=10, what="the workspace is reached again") < 10


def test_a_stopped_workspace_can_be_opened_again_after_the_hub_came_back(house: House) -> None:
    workspace = house.open("hugo", "p-cccccc")
    house.kill_hub()
    house.start_hub()
    assert workspace.stop() < 5
    house.open("hugo", "p-cccccc").stop()


def test_a_workspace_that_ended_by_itself_is_noticed_and_cleared(house: House) -> None:
    workspace = house.open("hugo", "p-cccccc")
    record = workspace.record()
    Mark(*record["first"]).kill()
    gone = house.state / "run/hub/s" / record["key"]
    wait_until(lambda: not gone.exists(), seconds=15, what="the session's folder is removed")
    no_group = lambda: not any(Path(group).exists() for group in record["groups"])  # noqa: E731
    wait_until(no_group, seconds=5, what="its control groups are removed")
    no_server = lambda: json.loads(house.hub("GET", "users/hugo")[1])["servers"] == {}  # noqa: E731
    wait_until(no_server, seconds=5, what="the hub has no server any more")


def test_a_sandbox_that_no_hub_knows_is_ended_at_the_next_start(house: House, amina: Workspace) -> None:
    sessions = house.state / "run/hub/s"
    house.kill_hub()
    orphan = subprocess.Popen([process_name(sessions, "0123456789ab"), "600"], executable="/usr/bin/sleep")
    (sessions / "0123456789ab").mkdir()
    house.start_hub()
    assert orphan.wait(5) == -signal.SIGKILL
    assert not (sessions / "0123456789ab").exists()
    assert Mark(*amina.record()["first"]).is_alive()


def test_a_stopped_hub_ends_every_workspace(house: House) -> None:
    other = House()
    try:
        other.start()
        workspaces = [other.open(person, "p-aaaaaa") for person in ("amina", "ben")]
        marks = [Mark(*workspace.record()["first"]) for workspace in workspaces]
        groups = [group for workspace in workspaces for group in workspace.record()["groups"]]
        other.hub_part.end(signal.SIGTERM)
        assert not any(mark.is_alive() for mark in marks)
        assert not any(Path(group).exists() for group in groups)
        assert named(process_name(other.state / "run/hub/s", "")) == []
        assert list((other.state / "run/hub/s").iterdir()) == []
    finally:
        other.stop()


def test_a_person_may_not_start_stop_or_mint(house: House, amina: Workspace) -> None:
    """What a signed-in person holds is what their server's token is cut from; the hub's own page for a token is closed too."""
    roles = json.loads(house.hub("GET", f"users/{amina.person}")[1])
    assert (roles["roles"], roles["admin"]) == (["user"], False)
    socket = house.state / "run/hub/hub.sock"
    token = amina.kernel().run("import os; print(os.environ['JUPYTERHUB_API_TOKEN'])").text.strip()
    scopes = json.loads(ask(socket, "GET", "/workspaces/hub/api/user", token=token)[1])["scopes"]
    kinds = {scope.split("!")[0] for scope in scopes}
    assert kinds <= {"access:servers", "users:activity", "read:users:name", "read:users:groups", "read:users:activity"}


def test_the_portals_token_may_not_administer(house: House) -> None:
    for method, path in (
        ("POST", "users/mallory"),
        ("DELETE", "users/amina"),
        ("PATCH", "users/amina"),
        ("POST", "users/amina/tokens"),
        ("POST", "groups/admins"),
        ("POST", "shutdown"),
    ):
        assert house.hub(method, path, {} if method != "DELETE" else None)[0] in (403, 404), path
    assert house.hub("PUT", "tre/persons/Mallory")[0] == 400
    assert house.hub("PUT", "tre/persons/newcomer")[0] == 201
    assert house.hub("PUT", "tre/persons/newcomer")[0] == 200
    assert json.loads(house.hub("GET", "users/newcomer")[1])["admin"] is False
    socket = house.state / "run/hub/hub.sock"
    assert ask(socket, "PUT", "/workspaces/hub/api/tre/persons/other", token=house.secret("probe_token"))[0] == 403
    assert ask(socket, "PUT", "/workspaces/hub/api/tre/persons/other")[0] == 403
