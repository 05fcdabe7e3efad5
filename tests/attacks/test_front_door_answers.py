"""What a hostile server in a workspace tries through the front door: its answers are cleaned, bounded and cut off."""

import http.client
import socket
import struct

import pytest
import websocket

from tests.house.door import PERSON, SERVER, Door
from tests.house.upstream import Answer

KERNEL = "01234567-89ab-cdef-0123-456789abcdef"


def test_a_server_cannot_loosen_its_own_policy(door: Door) -> None:
    door.upstream.answer = Answer(b"<p>", headers={
        "Content-Type": "text/html", "Content-Security-Policy": "default-src *", "Content-Security-Policy-Report-Only": "report-uri http://evil.example",
        "Content-Disposition": "attachment; filename=a.csv", "Access-Control-Allow-Origin": "*", "Refresh": "0; url=http://evil.example",
        "Link": "<http://evil.example>; rel=preload", "NEL": "{}", "Report-To": "{}", "Reporting-Endpoints": 'x="http://evil.example"',
        "Service-Worker-Allowed": "/", "Location": "http://evil.example/", "Clear-Site-Data": "*", "Set-Cookie": "a=1; Path=/; Domain=localhost; HttpOnly",
        "X-Frame-Options": "ALLOWALL", "SourceMap": "http://evil.example/x",
    })  # fmt: skip
    headers = door.ask(SERVER + "/lab").headers
    assert "evil" not in str(headers)
    assert "attachment" not in str(headers)
    assert headers["set-cookie"] == "a=1; Path=/; HttpOnly"
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    own = f"http://{door.host_of(PERSON)}"
    assert policy["connect-src"].split() == ["'self'", own.replace("http", "ws")]
    assert (policy["frame-ancestors"], policy["form-action"], policy["object-src"]) == ("'none'", "'self'", "'none'")
    assert "allow-downloads" not in policy["sandbox"]
    assert "allow-popups" not in policy["sandbox"]
    assert "http:" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "location",
    [
        "//evil.example/",
        "http://127.0.0.1.evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "http://ben.localhost/",
    ],
)
def test_a_server_cannot_send_the_browser_away(door: Door, location: str) -> None:
    door.upstream.answer = Answer(status=302, headers={"Location": location})
    assert "location" not in door.ask(SERVER + "/lab").headers


def test_a_message_may_not_be_too_long(door: Door) -> None:
    with door.channel(f"{SERVER}/api/kernels/{KERNEL}/channels") as channel:
        channel.send('{"bytes": 90000, "times": 5}')
        assert [len(channel.recv()) for _ in range(5)] == [90000] * 5
        channel.send('{"bytes": 100001}')
        code, closing_words = channel.recv_data()
    assert (code, closing_words[:2]) == (websocket.ABNF.OPCODE_CLOSE, (1009).to_bytes(2, "big"))


def test_a_browser_that_goes_away_ends_nothing(door: Door) -> None:
    for _ in range(20):
        with door.channel(f"{SERVER}/api/kernels/{KERNEL}/channels") as channel:
            channel.send('{"bytes": 99999, "times": 50}')
            channel.recv()
            assert channel.sock is not None
            channel.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closes with a reset
    with (
        pytest.raises((ConnectionError, TimeoutError)),
        socket.create_connection(("127.0.0.1", door.port), timeout=1) as wire,
    ):
        wire.sendall(
            f"GET {SERVER}/lab HTTP/1.1\r\nHost: {door.host_of(PERSON)}\r\nContent-Length: 100\r\n\r\n".encode()
        )
        wire.recv(10)
    assert door.ask(SERVER + "/lab").status == 200
    assert door.part.is_running()


def test_compression_cannot_hide_a_message(door: Door) -> None:
    offer = ["Sec-WebSocket-Extensions: permessage-deflate"]
    with door.channel(f"{SERVER}/api/kernels/{KERNEL}/channels", header=offer) as channel:
        assert "sec-websocket-extensions" not in {name.lower() for name in (channel.getheaders() or {})}
        channel.send('{"bytes": 100001}')
        assert channel.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE


def test_a_source_file_may_not_be_too_large(door: Door) -> None:
    door.upstream.answer = Answer(b"y" * 5001)
    reply = door.ask(SERVER + "/api/contents/a.txt?content=1")
    assert (reply.status, reply.json["reason"]) == (413, "front_door.contents.too_large")
    door.upstream.answer = Answer(b"y" * 5000)
    assert door.ask(SERVER + "/api/contents/a.txt?content=1").status == 200


def test_a_server_that_hides_the_length_is_cut_off(door: Door) -> None:
    door.upstream.answer = Answer(b"y" * 10000, pieces=10)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        door.ask(SERVER + "/api/contents/a.txt?content=1")
