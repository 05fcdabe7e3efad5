"""The front door before the real hub and a real workspace: killed, it is back with its routes; the workspace goes on meanwhile."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from infra.setup.paths import CHECKOUT, places
from tests.house.installation import House, Workspace
from tests.house.parts import Part, free_port, wait_until

pytestmark = pytest.mark.real
PROJECT = "p-aaaaaa"
BACK_WITHIN = 10.0  # seconds


def _front_door(house: House) -> Part:
    """Our front door in place of the bare proxy that other tests of the hub use."""
    release = house.state / "release"
    shutil.copytree(CHECKOUT / "infra/proxy", release / "infra/proxy")
    (release / "node_modules").symlink_to(places().node_parts / "node_modules")
    secrets = house.state / "secrets"
    environ = house.environ | {
        "TRE_PUBLIC_URL": f"http://127.0.0.1:{house.front}",
        "TRE_WORKSPACES_URL": f"http://localhost:{house.front}",
        "TRE_PORTAL_TARGET": f"http://127.0.0.1:{free_port()}",
        "TRE_HUB_SOCKET": str(house.state / "run/hub/hub.sock"),
        "TRE_PROXY_STATE": str(house.state / "run/proxy"),
        "TRE_WEBSOCKET_MESSAGE_BYTES": "2000000",
        "TRE_NOTEBOOK_BYTES": "16000000",
        "TRE_SOURCE_BYTES": "1000000",
        "TRE_UPLOAD_BYTES": "50000000",
        "TRE_PROXY_TOKEN_FILE": str(secrets / "proxy_token"),
        "TRE_PORTAL_HUB_TOKEN_FILE": str(secrets / "hub_portal_token"),
    }
    return Part(
        [places().node, release / "infra/proxy/front_door.mjs"], environ, Path(house.state / "logs/front_door.log")
    )


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A hub behind our front door."""
    house = House()
    house.proxy = _front_door(house)
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.fixture(scope="module")
def amina(house: House) -> Workspace:
    """A running workspace."""
    return house.open("amina", PROJECT)


def _status(workspace: Workspace, path: str) -> int:
    headers = {"Host": workspace.host, "Authorization": f"token {workspace.house.secret('probe_token')}"}
    try:
        return requests.get(workspace.base + path, headers=headers, timeout=10, allow_redirects=False).status_code
    except requests.ConnectionError:
        return 0


def test_a_workspace_is_reached_and_only_what_is_open_in_it(amina: Workspace) -> None:
    assert {path: _status(amina, path) for path in ("lab", "api/kernels", "api/contents", "files/welcome.ipynb", "api/terminals")} == {
        "lab": 200, "api/kernels": 200, "api/contents": 200, "files/welcome.ipynb": 403, "api/terminals": 403}  # fmt: skip


def test_a_killed_door_has_its_routes_back(amina: Workspace, house: House) -> None:
    before = amina.record()
    for _ in range(3):
        house.proxy.end(signal.SIGKILL)
        assert _status(amina, "lab") == 0
        house.proxy.start()
        wait_until(
            lambda: _status(amina, "api/kernels") == 200, seconds=BACK_WITHIN, what="the workspace is reached again"
        )
    assert amina.record() == before, "the workspace itself was never touched"


def test_a_killed_hub_leaves_the_workspace_reachable(amina: Workspace, house: House) -> None:
    house.kill_hub()
    assert _status(amina, "lab/tree/welcome.ipynb") in (
        200,
        302,
        500,
        503,
    )  # who one is cannot be asked of a hub that is gone
    page = requests.get(
        f"http://127.0.0.1:{house.front}/workspaces/hub/home",
        headers={"Host": f"localhost:{house.front}", "Accept": "text/html"},
        timeout=10,
    )
    assert (page.status_code, "starting again" in page.text) == (503, True)
    house.start_hub()
    wait_until(lambda: _status(amina, "api/kernels") == 200, seconds=BACK_WITHIN, what="the workspace is reached again")


def test_a_stopped_workspace_is_said_to_be_so(amina: Workspace) -> None:
    amina.stop()
    wait_until(lambda: _status(amina, "lab") == 503, seconds=BACK_WITHIN, what="its route is gone")
