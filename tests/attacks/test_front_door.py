"""Ways around the front door's lists: each is refused, and nothing of it reaches the server behind."""

import socket
from urllib.parse import parse_qs

import pytest
import websocket

from tests.house.door import PERSON, PROJECT, SERVER, Door

KERNEL = "01234567-89ab-cdef-0123-456789abcdef"

CLOSED = [
    "/files/a.csv", "/files/a.csv?download=1", "/files/welcome.ipynb", "/view/a.csv", "/edit/a.csv", "/tree", "/tree/a.csv", "/doc/tree/a.csv",
    "/nbconvert/html/n.ipynb?download=true", "/nbconvert/script/n.ipynb", "/nbconvert/notebook/n.ipynb", "/api/nbconvert",
    "/terminals/1", "/terminals/websocket/1", "/api/terminals", "/api/terminals/1", "/api/shutdown", "/metrics", "/api/spec.yaml",
    "/lsp/status", "/lsp/ws/pylsp", "/proxy/8080/", "/proxy/absolute/8080/", "/rserver/", "/desktop/", "/lab/api/build", "/lab/api/extensions",
    "/lab/files/a.csv", "/labs", "/labx/tree", "/voila/render/n.ipynb", "/nbextensions/x.js", "/bundle/x", "/api/config/notebook",
    "/api/kernels/a.csv", f"/api/kernels/{KERNEL}/files", "/api/sessions/../contents", "/kernelspecs/python3/../../../a.csv",
    "/api/contents/fig.png?type=file&format=base64&content=1", "/api/contents/a.csv%0A.txt", "/api/contents/a.csv%00.txt", "/api/contentsx/a.txt",
    "/api/contents/a.txt?format=base64", "/api/contents/a.txt?type=file&format=text&format=base64", "/api/contents/a.txt?format=base64&format=text",
    "/api/contents/a.txt?format=%20base64", "/api/contents/a.txt?form%61t=base64", "/api/contents/a.txt?format=Base64", "/api/contents/a.txt?format=",
    "/api/contents/n.ipynb?type=file&format=base64", "/api/contents/n.ipynb?type=file", "/api/contents/n.ipynb?type=notebook&type=file",
    "/api/contents/a.csv?content=01", "/api/contents/a.csv?content=", "/api/contents/a.csv?format=text", "/api/contents/a.json?type=file",
    "/api/contents/a.csv?type=notebook", "/api/contents/a.csv?type=file", "/api/contents/folder?type=file", "/api/contents/folder?type=file&type=directory",
    "/api/contents/folder?format=base64", "/api/contents/a.csv?type=directory&type=file", "/api/contents/a.csv?type=%20file", "/api/contents/a.csv?type=",
]  # fmt: skip

ODD = [
    f"/{SERVER}/files/a.csv", f"{SERVER}//files/a.csv", f"{SERVER}/./files/a.csv", f"{SERVER}/lab/../files/a.csv", f"{SERVER}/lab/%2e%2e/files/a.csv",
    f"{SERVER}/lab/%2E%2E/files/a.csv", f"{SERVER}/lab/.%2e/files/a.csv", f"{SERVER}/lab/..%2ffiles/a.csv", f"{SERVER}/lab/..%5cfiles/a.csv",
    f"{SERVER}/lab\\..\\files\\a.csv", f"{SERVER}/lab/tree/..;/files/a.csv/..", f"{SERVER}/%66iles/a.csv", f"{SERVER}/%2566iles/a.csv",
    f"{SERVER}/lab/tree/%252e%252e/x", f"{SERVER}%2ffiles%2fa.csv", f"/%77orkspaces/user/{PERSON}/{PROJECT}/files/a.csv",
    f"/workspaces/%75ser/{PERSON}/{PROJECT}/files/a.csv", f"/workspaces/user/%61mina/{PROJECT}/files/a.csv", f"/workspaces/hub/..{SERVER[11:]}/files/a.csv",
    f"/./workspaces/user/{PERSON}/{PROJECT}/files/a.csv", f"{SERVER}/api/contents/a%2Ecsv", f"{SERVER}/api/contents/%2Fa.csv", f"{SERVER}/lab/%",
    f"{SERVER}/lab/%zz", f"{SERVER}/lab/%ff", f"{SERVER}/lab/%c0%af", f"{SERVER}/lab/%0d%0aX: y", f"{SERVER}/lab#/files", "*", "lab",
    f"http://amina.localhost{SERVER}/files/a.csv", f"http://evil.example{SERVER}/lab",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_closed_path(door: Door, path: str, method: str) -> None:
    reply = door.ask(SERVER + path, method=method)
    assert reply.status in (400, 403), reply
    assert door.upstream.take() == []


UNSAID = [
    "a.csv", "a.csv?content=1", "a.csv?content=0&content=1", "a.csv?content=1&content=0", "a.csv?download=1", "a.csv?x=type%3Dfile", "A.CSV", "fig.png",
    "a.parquet", "a.json", "page.html", "folder/a.csv", "a.txt/x.csv", "a.csv%3Fcontent=0", "a.csv;type=file", "a.txt%20", "a.csv?;type=file",
]  # fmt: skip


@pytest.mark.parametrize("path", UNSAID)
def test_a_file_is_asked_for_as_a_folder_unless_it_may_be_opened(door: Door, path: str) -> None:
    door.ask(f"{SERVER}/api/contents/{path}")
    (seen,) = door.upstream.take()
    query = parse_qs(
        seen.uri.partition("?")[2]
    )  # Jupyter answers that a file is not a folder: tests/infra/test_jupyterlab.py
    assert (query["type"], query.get("format", [])) == (["directory"], [])


@pytest.mark.parametrize("target", ODD)
def test_a_path_that_somebody_would_tidy(door: Door, target: str) -> None:
    reply = door.ask(target.replace(" ", "%20"))
    assert reply.status == 400, reply
    assert door.upstream.take() == []
    assert door.hub.take() == []


@pytest.mark.parametrize(
    "path", ["/api/terminals", "/api/shutdown", "/files/a.csv", "/lab/api/build", "/lab/api/extensions", "/proxy/8080/"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_closed_path_by_another_method(door: Door, path: str, method: str) -> None:
    assert door.ask(SERVER + path, method=method, body=b"{}").status in (403, 405)
    assert door.upstream.take() == []


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "SEARCH", "REPORT"])
def test_a_method_that_jupyter_has_no_use_for(door: Door, method: str) -> None:
    assert door.ask(SERVER + "/lab", method=method).status == 405
    assert door.upstream.take() == []


def test_a_method_in_a_header_changes_nothing(door: Door) -> None:
    reply = door.ask(
        SERVER + "/files/a.csv",
        headers={"X-HTTP-Method-Override": "PUT", "X-Original-URL": "/lab", "X-Rewrite-URL": "/lab"},
    )
    assert reply.status == 403


@pytest.mark.parametrize(
    "target",
    [f"/workspaces/user/ben/{PROJECT}/lab", "/workspaces/user/amina/lab", "/workspaces/user/amina/p-ABCDEF/lab", "/workspaces/user/amina/other/lab",
     "/workspaces/hub/api/users", "/workspaces/hub/home", "/workspaces/services/x/", "/", "/api/routes", "/user/amina/p-abcdef/lab"],
)  # fmt: skip
def test_what_is_not_this_persons_workspace(door: Door, target: str) -> None:
    assert door.ask(target).status == 403
    assert door.upstream.take() == door.hub.take() == []


def test_another_persons_host_leads_nowhere(door: Door) -> None:
    assert door.ask(SERVER + "/lab", host=door.host_of("ben")).status == 403
    assert door.ask(SERVER + "/lab", host=door.hub_host).status == 403
    assert door.ask(f"/workspaces/user/ben/{PROJECT}/lab", host=door.host_of("ben")).status == 503
    assert door.upstream.take() == door.hub.take() == []


def test_the_portals_host_never_shows_a_workspace(door: Door) -> None:
    reply = door.ask(SERVER + "/lab", host=door.portal_host)  # goes to the portal, which is down here
    assert reply.json["reason"] == "front_door.portal.down"
    assert door.upstream.take() == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "amina.localhost", "amina.localhost:{port}.evil.example", "x.amina.localhost:{port}",
     "AMINA.localhost:{port}", ".localhost:{port}", "-a.localhost:{port}", "amina.localhost.:{port}", "127.0.0.1:{port}@evil", "[::1]:{port}", ""],
)  # fmt: skip
def test_an_unknown_host(door: Door, host: str) -> None:
    headers = {"Host": host.format(port=door.port)}
    assert door.ask(SERVER + "/lab", headers=headers).status in (400, 421)
    assert door.upstream.take() == []


def test_two_hosts_are_no_host(door: Door) -> None:
    reply = door.ask(SERVER + "/lab", host=door.host_of("amina"), headers={"host": door.host_of("ben")})
    assert reply.status in (200, 400, 421)
    assert all(seen.headers["Host"] == door.host_of("amina") for seen in door.upstream.take())


HUB_CLOSED = [
    "/token", "/admin", "/spawn", "/spawn/amina", "/spawn/amina/p-abcdef", "/api", "/api/", "/api/users", "/api/users/amina", "/api/users/amina/tokens",
    "/api/users/amina/servers/p-abcdef", "/api/proxy", "/api/shutdown", "/api/info", "/api/oauth2/token", "/api/services", "/api/groups", "/api/shares",
    "/accept-share", "/metrics", "/api/users/amina/activity", "/tre/persons/amina", "/api/tre/persons/amina", "/api/authorizations/token/x", "/security/csp-report",
]  # fmt: skip


@pytest.mark.parametrize("path", HUB_CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_closed_path_of_the_hub(door: Door, path: str, method: str) -> None:
    assert door.ask("/workspaces/hub" + path, method=method, host=door.hub_host, body=b"{}").status == 403
    assert door.hub.take() == []


@pytest.mark.parametrize(
    "path",
    ["/api/terminals/websocket/1", "/terminals/websocket/1", "/lsp/ws/pylsp", "/proxy/8080/ws", "/api/kernels/a.csv/channels", "/files/a.csv",
     f"/api/kernels/{KERNEL}/channels/../../../../files/a.csv", f"/api/kernels/{KERNEL}/channelsx", "/lab", "/api/events/subscribe/x"],
)  # fmt: skip
def test_a_closed_websocket(door: Door, path: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused, door.channel(SERVER + path):
        pass
    assert refused.value.status_code in (400, 403)
    assert door.upstream.take() == []


def test_a_websocket_of_another_person_host_or_site(door: Door) -> None:
    channels = f"/api/kernels/{KERNEL}/channels"
    for host, origin in (
        (door.host_of("ben"), door.host_of("ben")),
        (door.hub_host, door.hub_host),
        (door.portal_host, door.portal_host),
        (door.host_of(PERSON), door.host_of("ben")),
        (door.host_of(PERSON), "evil.example"),
    ):
        page = door.channel(SERVER + channels, host=host, origin=origin)
        with pytest.raises(websocket.WebSocketBadStatusException), page:
            pass
    assert door.upstream.take() == []


def test_an_upgrade_to_something_else(door: Door) -> None:
    for upgrade in ("h2c", "websocket, h2c", "x"):
        reply = _upgrade(door, f"{SERVER}/files/a.csv", upgrade)
        assert reply.startswith("HTTP/1.1 403"), reply
    assert door.upstream.take() == []


def test_a_request_hidden_in_another_ones_body(door: Door) -> None:
    hidden = f"GET {SERVER}/files/a.csv HTTP/1.1\r\nHost: {door.host_of(PERSON)}\r\n\r\n".encode()
    both = {"Content-Length": str(len(hidden)), "Transfer-Encoding": "chunked"}
    assert door.ask(SERVER + "/api/contents/x.py", method="PUT", headers=both).status == 400
    door.ask(SERVER + "/api/contents/x.py", method="PUT", body=hidden)
    assert not [seen for seen in door.upstream.take() if "/files/" in seen.uri]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin", "websocket"])
def test_another_sites_page_cannot_ask(door: Door, site: str, mode: str) -> None:
    reply = door.ask(SERVER + "/api/contents", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
    assert reply.json["reason"] == "front_door.another_site"
    assert (
        door.ask(
            SERVER + "/api/contents",
            method="POST",
            headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"},
            body=b"{}",
        ).status
        == 403
    )
    assert door.upstream.take() == []


def test_what_a_client_says_of_its_origin_is_dropped(door: Door) -> None:
    forged = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/x",
              "Forwarded": "for=9.9.9.9", "X-Real-IP": "9.9.9.9", "X-Scheme": "https"}  # fmt: skip
    door.ask(SERVER + "/lab", headers=forged)
    (seen,) = door.upstream.take()
    assert seen.headers["X-Forwarded-For"] == "127.0.0.1"
    assert not [
        value
        for name, value in seen.headers.items()
        if "9.9.9.9" in value or "evil" in value or name in ("X-Real-Ip", "Forwarded", "X-Scheme")
    ]
    assert seen.headers["X-Forwarded-Proto"] == "http"


def _upgrade(door: Door, target: str, protocol: str) -> str:
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as wire:
        wire.sendall(
            f"GET {target} HTTP/1.1\r\nHost: {door.host_of(PERSON)}\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n".encode()
        )
        return wire.recv(4096).decode()
