"""Through its socket a session reaches the four paths of the hub that its server needs, and its own rights there are few."""

import json
from collections.abc import Callable

import pytest

from tests.house.installation import House, Workspace, as_root
from tests.house.notebook import Kernel
from tests.house.unix_http import ask

Run = Callable[[str], str]

ASK = """
import http.client, json, os, socket
class Door(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/run/hub/hub.sock")
def ask(method, path, body=None):
    door = Door("localhost", timeout=20)
    door.putrequest(method, path, skip_host=False)
    door.putheader("Authorization", "token " + os.environ["JUPYTERHUB_API_TOKEN"])
    content = json.dumps(body).encode() if body is not None else b""
    door.putheader("Content-Length", str(len(content)))
    door.endheaders(content)
    answer = door.getresponse()
    answer.read()
    return answer.status
"""
HUB = "/workspaces/hub"
CLOSED = [
    ("GET", f"{HUB}/login"), ("GET", f"{HUB}/home"), ("GET", f"{HUB}/admin"), ("GET", f"{HUB}/token"), ("GET", f"{HUB}/metrics"),
    ("GET", f"{HUB}/health"), ("GET", f"{HUB}/oauth_login"), ("GET", f"{HUB}/static/js/home.js"), ("GET", f"{HUB}/api/info"),
    ("GET", f"{HUB}/api/users"), ("GET", f"{HUB}/api/users/amina"), ("GET", f"{HUB}/api/users/ben"), ("GET", f"{HUB}/api/services"),
    ("GET", f"{HUB}/api/proxy"), ("GET", f"{HUB}/api/groups"), ("GET", f"{HUB}/api/oauth2/authorize"),
    ("POST", f"{HUB}/api/users/amina/tokens"), ("POST", f"{HUB}/api/users/amina/servers/p-aaaaaa"),
    ("DELETE", f"{HUB}/api/users/amina/servers/p-aaaaaa"), ("PUT", f"{HUB}/api/tre/persons/mallory"), ("POST", f"{HUB}/api/shutdown"),
    ("POST", f"{HUB}/api/user"), ("DELETE", f"{HUB}/api/user"), ("GET", "/workspaces/user/ben/p-bbbbbb/api/status"), ("GET", "/"),
]  # fmt: skip
SPELLED_OTHERWISE = [
    f"{HUB}/api/user/../users", f"{HUB}//api/users", f"{HUB}/./api/users", f"{HUB}/api/%75sers", f"{HUB}/api/users%2Famina%2Factivity",
    f"{HUB}/api/user/", f"{HUB}/api/user;x=/users", "/workspaces/hub/api/users/amina/activity/../tokens", f"{HUB}/api/users/a/b/activity",
]  # fmt: skip


def test_the_four_needed_paths_answer(inside: Run) -> None:
    assert inside(f"{ASK}\nprint(ask('GET', '{HUB}/api'), ask('GET', '{HUB}/api/user'))") == "200 200"
    assert (
        inside(
            f"{ASK}\nprint(ask('POST', '{HUB}/api/users/amina/activity', {{'last_activity': '2026-01-02T03:04:05Z'}}))"
        )
        == "200"
    )
    assert inside(f"{ASK}\nprint(ask('POST', '{HUB}/api/oauth2/token'))") == "400"


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_the_hubs_other_paths_are_closed(inside: Run, house: House, method: str, path: str) -> None:
    assert inside(f"{ASK}\nprint(ask({method!r}, {path!r}))") == "403"
    assert ask(house.state / "run/hub/hub.sock", "GET", f"{HUB}/login")[0] in (200, 302)


@pytest.mark.parametrize("path", SPELLED_OTHERWISE)
def test_no_other_spelling_goes_around(inside: Run, path: str) -> None:
    assert inside(f"{ASK}\nprint(ask('GET', {path!r}), ask('POST', {path!r}))") == "403 403"


def test_another_persons_activity_is_not_written(inside: Run, ben: Workspace) -> None:
    body = {"last_activity": "2026-01-02T03:04:05Z"}
    assert inside(f"{ASK}\nprint(ask('POST', '{HUB}/api/users/ben/activity', {body!r}))") in ("403", "404")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "users/amina/tokens"), ("GET", "users/amina/tokens"), ("POST", "users/amina/servers/p-dddddd"), ("POST", "users/amina/server"),
     ("DELETE", "users/amina/servers/p-aaaaaa"), ("PUT", "tre/persons/mallory"), ("GET", "users/ben"), ("GET", "proxy"), ("POST", "shutdown")],
)  # fmt: skip
def test_the_sessions_own_token_may_do_none_of_it(inside: Run, house: House, method: str, path: str) -> None:
    """Even where the door is not in the way: asked on the hub's own socket."""
    token = inside("import os; print(os.environ['JUPYTERHUB_API_TOKEN'])")
    socket = house.state / "run/hub/hub.sock"
    body: dict[str, str] | None = {} if method == "POST" else None
    assert ask(socket, method, f"{HUB}/api/{path}", token=token, body=body)[0] in (403, 404)
    status, text = ask(socket, "GET", f"{HUB}/api/user", token=token)
    assert (status, json.loads(text)["name"], json.loads(text)["admin"]) == (200, "amina", False)


def test_the_door_cannot_be_filled(house: House, amina: Workspace, ben: Workspace) -> None:
    """Neither with connections that say nothing nor with a large body; the hub and another project go on."""
    crowd = amina.kernel()
    held = crowd.run(
        "import socket\nheld = []\n"
        "for _ in range(400):\n    one = socket.socket(socket.AF_UNIX)\n"
        "    one.connect('/run/hub/hub.sock')\n    one.settimeout(1)\n    held.append(one)\n"
        "def closed(one):\n    try:\n        return one.recv(1) == b''\n    except OSError:\n        return False\n"
        "print(sum(closed(one) for one in held[-50:]))"
    )
    assert held.text.strip() == "50", held.error
    assert house.hub("GET", "")[0] == 200
    neighbour = ben.kernel()
    if as_root():
        assert neighbour.run(f"{ASK}\nprint(ask('GET', '{HUB}/api'))").text.strip() == "200"
    assert crowd.run("for one in held:\n    one.close()").error == ""
    large = f"{ASK}\ntry:\n    print(ask('POST', '{HUB}/api/oauth2/token', 'x' * 200000))\nexcept Exception as error:\n    print(type(error).__name__)"
    assert neighbour.run(large).text.strip() in (
        "400",
        "413",
        "RemoteDisconnected",
        "BrokenPipeError",
        "ConnectionResetError",
    )


def test_the_door_is_there_again_after_the_hub_was_killed(house: House, attacker: Kernel) -> None:
    house.kill_hub()
    gone = attacker.run(
        f"{ASK}\ntry:\n    print(ask('GET', '{HUB}/api'))\nexcept OSError as error:\n    print(type(error).__name__)"
    )
    assert gone.text.strip() == "ConnectionRefusedError"
    house.start_hub()
    assert (
        attacker.run(f"{ASK}\nprint(ask('GET', '{HUB}/api/user'), ask('GET', '{HUB}/api/users'))").text.strip()
        == "200 403"
    )
