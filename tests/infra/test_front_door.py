"""The front door: what passes, where it leads, what it counts, what people read when a part is down."""

import json
import re
import shutil
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn

from tests.house.door import PERSON, PROJECT, SERVER, Door
from tests.house.parts import wait_until
from tests.house.upstream import Answer, Upstream

PORTAL_ENDS_SECONDS = float(uvicorn.Config(app="").timeout_keep_alive)
DOOR_ENDS_SECONDS = 2.0  # as door.mjs says
KERNEL = "01234567-89ab-cdef-0123-456789abcdef"
pytestmark = pytest.mark.real

OPEN = [
    "", "/", "/lab", "/lab/tree/folder/welcome.ipynb", "/lab/tree/a%20b.ipynb", "/lab/tree/%C3%A9t%C3%A9.ipynb", "/lab/workspaces/auto-x", "/lab/api/settings",
    "/lab/api/settings/@jupyterlab/apputils-extension:themes", "/lab/api/translations/en", "/lab/api/workspaces/default", "/lab/api/themes/x/y.css",
    "/lab/extensions/@a/b/static/c.js", "/static/lab/main.js?v=1", "/api", "/api/me", "/api/status", "/api/kernels", f"/api/kernels/{KERNEL}", "/api/sessions",
    f"/api/sessions/{KERNEL}", "/api/kernelspecs", "/kernelspecs/python3/logo-64x64.png", "/oauth_callback?code=x&state=y", "/logout",
    "/api/contents/a.csv?content=0", "/api/contents/a.csv/checkpoints",
]  # fmt: skip


@pytest.mark.parametrize("path", OPEN)
def test_what_jupyterlab_needs_passes(door: Door, path: str) -> None:
    assert door.ask(SERVER + path).status == 200
    (seen,) = door.upstream.take()
    assert seen.uri == SERVER + path


@pytest.mark.parametrize(
    ("path", "forwarded"),
    [("/api/contents", "type=directory"), ("/api/contents/folder?content=1&hash=0", "content=1&hash=0&type=directory"),
     ("/api/contents/v1.2?type=directory", "type=directory"), ("/api/contents/n.ipynb?content=1", "content=1&type=notebook"),
     ("/api/contents/a.py", "type=file&format=text"), ("/api/contents/a.py?type=file&format=text&content=1", "type=file&format=text&content=1")],
)  # fmt: skip
def test_opening_a_file_says_what_is_wanted(door: Door, path: str, forwarded: str) -> None:
    assert door.ask(SERVER + path).status == 200
    (seen,) = door.upstream.take()
    assert seen.uri == f"{SERVER}{path.partition('?')[0]}?{forwarded}"


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_files_of_every_kind_may_come_in(door: Door, method: str) -> None:
    reply = door.ask(SERVER + "/api/contents/data.csv", method=method, body=b'{"format": "base64", "content": "YQ=="}')
    assert reply.status == 200
    assert [seen.method for seen in door.upstream.take()] == [method]


@pytest.mark.parametrize(
    "path",
    ["/", "/home", "/login?next=%2Fx", "/oauth_login", "/oauth_callback?code=a&state=b", "/logout", "/static/css/style.min.css", "/health",
     "/api/oauth2/authorize?client_id=x", f"/spawn-pending/amina/{PROJECT}", f"/api/users/amina/servers/{PROJECT}/progress", f"/user/amina/{PROJECT}/lab"],
)  # fmt: skip
def test_what_signing_in_to_the_hub_needs_passes(door: Door, path: str) -> None:
    assert door.ask("/workspaces/hub" + path, host=door.hub_host).status == 200
    (seen,) = door.hub.take()
    assert seen.uri == "/workspaces/hub" + path


@pytest.mark.parametrize("path", ["/", "/workspaces/"])
def test_the_hubs_bare_name_leads_to_the_portal(door: Door, path: str) -> None:
    reply = door.ask(path, host=door.hub_host)
    assert (reply.status, reply.headers["location"]) == (302, f"http://{door.portal_host}/")


def test_a_redirect_to_sign_in_passes(door: Door) -> None:
    for location in (
        f"http://{door.hub_host}/workspaces/hub/api/oauth2/authorize?x=1",
        f"{SERVER}/lab",
        f"http://{door.host_of(PERSON)}{SERVER}/lab",
    ):
        door.upstream.answer = Answer(status=302, headers={"Location": location})
        assert door.ask(SERVER + "/").headers["location"] == location


def test_a_kernel_is_reached_and_its_bytes_are_counted(door: Door) -> None:
    before = door.counted().get("websocket_bytes", 0)
    with door.channel(f"{SERVER}/api/kernels/{KERNEL}/channels?session_id=x") as channel:
        for size in (1, 125, 126, 65535, 65536, 99999):
            channel.send(json.dumps({"bytes": size}))
            assert len(channel.recv()) == size
    wait_until(lambda: door.counted()["websocket_bytes"] - before > 231_000, seconds=5, what="the bytes are counted")
    assert door.counted()["websocket_bytes"] - before < 233_000


def test_bytes_and_refusals_are_counted_by_workspace(door: Door) -> None:
    door.add_route(project="p-ggggg2")
    door.upstream.answer = Answer(b"z" * 4321)
    door.ask(f"/workspaces/user/{PERSON}/p-ggggg2/lab")
    door.ask(f"/workspaces/user/{PERSON}/p-ggggg2/files/a.csv")
    wait_until(lambda: bool(door.counted("amina/p-ggggg2")), seconds=5, what="it is written down")
    counted = door.counted("amina/p-ggggg2")
    assert 4321 < counted["http_bytes"] < 5321
    assert (counted["refused"], counted["cut"]) == (1, 0)


def test_the_portal_is_passed_through_untouched(door: Door) -> None:
    portal = Upstream(port=door.portal_port)
    portal.start()
    portal.answer = Answer(
        b"<h1>",
        headers={
            "Content-Security-Policy": "default-src 'none'",
            "Content-Disposition": "attachment",
            "Content-Type": "text/html",
        },
    )
    reply = door.ask("/outputs/x%20y.csv?q=1", host=door.portal_host, headers={"X-Forwarded-For": "9.9.9.9"})
    portal.stop()
    assert reply.headers["content-security-policy"] == "default-src 'none'"
    assert reply.headers["content-disposition"] == "attachment"
    (seen,) = portal.take()
    assert (seen.uri, seen.headers["X-Forwarded-For"]) == ("/outputs/x%20y.csv?q=1", "127.0.0.1")


def test_an_idle_connection_is_ended_by_the_door_before_the_portal_ends_it(door: Door) -> None:
    with socket.create_server(("127.0.0.1", door.portal_port)) as listening, ThreadPoolExecutor(1) as browser:
        asked = browser.submit(door.ask, "/", host=door.portal_host)
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(PORTAL_ENDS_SECONDS)
            assert connection.recv(65536).startswith(b"GET / ")
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            assert asked.result().body == b"ok"
            assert connection.recv(1) == b"", "the door hangs up"


def test_a_slow_answer_is_waited_for(door: Door) -> None:
    with socket.create_server(("127.0.0.1", door.portal_port)) as listening, ThreadPoolExecutor(1) as browser:
        asked = browser.submit(door.ask, "/", host=door.portal_host)
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            time.sleep(DOOR_ENDS_SECONDS * 1.5)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
            assert asked.result().body == b"late"


def test_words_when_the_portal_is_down(door: Door) -> None:
    page = door.ask("/", host=door.portal_host, headers={"Accept": "text/html,*/*"})
    assert page.status == 503
    text = page.body.decode()
    assert "<h1>The portal is starting again</h1>" in text
    assert '<html lang="en">' in text
    assert "<script>setInterval(" in text
    assert "Try again" in text
    assert page.headers["retry-after"] == "5"
    assert not re.search(r"(src|href)=\"(?!\"|data:,|http://127\.0\.0\.1)", text), "the page stands alone"


def test_words_when_a_workspace_does_not_run(door: Door) -> None:
    page = door.ask(f"/workspaces/user/{PERSON}/p-222222/lab", headers={"Accept": "text/html"})
    assert page.status == 503
    assert "This workspace is not running" in page.body.decode()
    assert f'href="http://{door.portal_host}/"' in page.body.decode()
    program = door.ask(f"/workspaces/user/{PERSON}/p-222222/api/kernels")
    assert program.json["reason"] == "front_door.workspace.not_running"


def test_a_killed_door_is_told_its_routes_again() -> None:
    door = Door().start()
    try:
        wait_until(lambda: bool(door.hub.seen), seconds=5, what="the hub is asked")
        (asked,) = door.hub.take()
        assert (asked.method, asked.uri) == ("POST", "/workspaces/hub/api/proxy")
        assert asked.headers["Authorization"] == f"token {door.token}"
        door.ask(SERVER + "/lab")
        wait_until(lambda: bool(door.counted()), seconds=5, what="the count is written")
        before = door.counted()
        door.kill()
        door.start_door()
        wait_until(lambda: bool(door.hub.seen), seconds=5, what="the hub is asked again")
        assert door.counted() == before
        door.add_route()  # as the hub does when asked
        door.ask(SERVER + "/lab")
        wait_until(
            lambda: door.counted()["http_bytes"] == 2 * before["http_bytes"], seconds=5, what="the count goes on"
        )
        door.hub.stop()
        gone = door.ask("/workspaces/hub/home", host=door.hub_host, headers={"Accept": "text/html"})
        assert (gone.status, "The workspaces are starting again" in gone.body.decode()) == (503, True)
        door.hub.start()
    finally:
        door.stop()


@pytest.mark.parametrize("value", ["", "0", "-1", "2 MB", "NaN", "1e400"])
def test_a_limit_that_bounds_nothing_is_refused(value: str) -> None:
    door = Door(TRE_SOURCE_BYTES=value)
    door.part.start()
    assert door.part.process is not None
    assert door.part.process.wait(10) != 0
    assert "TRE_SOURCE_BYTES" in door.part.log.read_text()
    shutil.rmtree(door.state)


def test_one_origin_for_portal_and_workspaces_is_refused() -> None:
    door = Door()
    door.part.environ["TRE_WORKSPACES_URL"] = door.part.environ["TRE_PUBLIC_URL"]
    door.part.start()
    assert door.part.process is not None
    assert door.part.process.wait(10) != 0
    assert "different origins" in door.part.log.read_text()
    shutil.rmtree(door.state)


@pytest.mark.parametrize(
    ("header", "value", "status", "code"),
    [
        ("Content-Length", str(52_428_800 + 1), 413, "front_door.body.too_large"),
        ("Content-Length", str(2**60), 413, "front_door.body.too_large"),
        ("Transfer-Encoding", "chunked", 411, "front_door.body.no_length"),
    ],
)
def test_more_than_the_portal_takes_is_refused_unread(
    door: Door, header: str, value: str, status: int, code: str
) -> None:
    reply = door.ask("/standing/training", method="POST", host=door.portal_host, headers={header: value})
    assert (reply.status, reply.json["reason"]) == (status, code)
