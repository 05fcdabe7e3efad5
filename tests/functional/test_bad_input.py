"""Whatever is sent to any route, by whoever may use it: a clear answer, nothing half-written, never a fault of ours.

The faults that people make are each tried where they are made, in tests/web; here is what nobody thought of.
"""

import select
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.fixtures.portal_in_use import InUse
from tests.house.every_route import ASKS, address_of, fill_in, is_json, send
from tests.house.prepared import Prepared
from tests.house.site import Site

ACTS = [route for route in ASKS if not route.startswith("GET ")]
TYPED: list[object] = [
    "", " ", "x" * 3_000, "x" * 60_000, "a\0b", "../../../etc/passwd", "<script>alert(1)</script>", "'; DROP TABLE person; --", "٣", "²",
    "-1", "99999999999999999999", "1e9", "NaN", "\u202e", "😀" * 50, "a\r\nSet-Cookie: x=1", "{{ 7 * 7 }}", "%00", ["a", "b"], None,
]  # fmt: skip
PARSED: list[object] = [
    None, "", "x" * 60_000, "a\0b", "\ud800", "../x", -1, 0, 2**31, 2**63, 2**70, 1.5, float("inf"), True, [], ["a"], {}, {"a": {"b": []}},
]  # fmt: skip
PLACES = ["..", "%2e%2e%2f%2e%2e", "%00", "x" * 300, "é", "%ff", "'", "p-aaaaaa", "0"]
BODIES = [
    b"",
    b"null",
    b"[]",
    b"0",
    b'"x"',
    b"{",
    b"\xff\xfe",
    b"[" * 20_000,
    b'{"version": 1, "version": 2}',
    b"{}" * 50,
]

TELLING = ("<h1", '"sentence"')  # a page of ours, or JSON of ours


def variants(fields: Mapping[str, Any], odd: list[object]) -> Iterator[dict[str, Any]]:
    """Every set of fields with one of them missing, or in the place of its value something odd; and one that nobody asked for."""
    yield {}
    for name in fields:
        yield {key: value for key, value in fields.items() if key != name}
        for value in odd:
            yield {**fields, name: value}
    yield {**fields, "x": "y", "csrf2": "z", "__proto__": "1"}


def about(answer: Any) -> str:
    """Return what is wrong with an answer; empty when it is one that a person can use."""
    told = f"{answer.status_code} {answer.text[:200]!r}"
    if answer.status_code >= 500 or (answer.status_code >= 400 and not any(one in answer.text for one in TELLING)):
        return told
    leaks = [word for word in ("Traceback", "sqlalchemy", "sqlite3", "/site-packages/") if word in answer.text]
    return f"{told} tells {leaks}" if leaks else ""


@pytest.mark.parametrize("route", ACTS)
def test_odd_fields(in_use: InUse, route: str) -> None:
    ask = ASKS[route]
    visitor, filled = in_use.portal.visitor(ask.by), in_use.filled[ask.state]
    visitor.get("/health")
    whole = fill_in(route, ask.fields, filled=filled)
    faults, before = [], in_use.contents()
    for fields in variants(whole, PARSED if is_json(route) else TYPED):
        answer = send(visitor, route, fields, filled=filled)
        faults += [f"{fields}: {fault}"[:400]] if (fault := about(answer)) else []
        after = in_use.contents()
        if answer.status_code >= 400 and after != before:
            faults.append(f"{fields}: refused with {answer.status_code}, and yet written")
        before = after
    assert faults == []


def test_bodies_that_are_no_json_of_ours(in_use: InUse) -> None:
    visitors = {ask.by: in_use.portal.visitor(ask.by) for ask in ASKS.values()}
    faults, before = [], in_use.contents()
    for route in (one for one in ACTS if " /api/" in one):
        visitor = visitors[ASKS[route].by]
        visitor.get("/health")
        method, address = address_of(route, in_use.filled[ASKS[route].state])
        for body in BODIES:
            for kind in ({"content-type": "application/json"}, {"content-type": "multipart/form-data; boundary=b"}, {}):
                headers = {"x-csrf-token": visitor.token, **kind}
                answer = visitor.client.request(method, address, content=body, headers=headers)
                faults += [f"{route} {body[:40]!r} {kind}: {fault}"] if (fault := about(answer)) else []
                after = in_use.contents()
                if answer.status_code >= 400 and after != before:
                    faults.append(f"{route} {body[:40]!r} {kind}: refused with {answer.status_code}, and yet written")
                before = after
    assert faults == []


def test_odd_places(in_use: InUse) -> None:
    """Something that is not there, or cannot be, in the place of each part of an address."""
    visitors = {ask.by: in_use.portal.visitor(ask.by) for ask in ASKS.values()}
    faults = []
    for route, ask in ASKS.items():
        filled = in_use.filled[ask.state]
        for name in (one for one in filled if "{" + one + "}" in route):
            for place in PLACES:
                answer = send(visitors[ask.by], route, ask.fields, filled={**filled, name: place})
                faults += [f"{route} {name}={place}: {fault}"] if (fault := about(answer)) else []
    assert faults == []


@pytest.mark.real
@pytest.mark.parametrize(
    ("announced", "status"), [("Content-Length: 1073741824", "413"), ("Transfer-Encoding: chunked", "411")]
)
def test_a_gibibyte_is_refused_early(site: Site, bens_project: Prepared, announced: str, status: str) -> None:
    ben = bens_project.browser("ben")
    head = (
        f"POST /standing/training HTTP/1.1\r\nHost: 127.0.0.1:{site.config.front_port}\r\nCookie: {ben.cookie_header(site.origin)}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\n{announced}\r\nConnection: close\r\n\r\n"
    )
    certificates = sorted((site.config.state / "certificates").iterdir())
    with socket.create_connection(("127.0.0.1", site.config.front_port), timeout=30) as line:
        line.sendall(head.encode())
        sent = pour(line, in_chunks="chunked" in announced)
        answer = line.recv(65536).decode(errors="replace")
    assert sent < site.config.upload_bytes, "it was refused before much of it was sent"
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert sorted((site.config.state / "certificates").iterdir()) == certificates
    assert site.look()["portal"].is_healthy


def pour(line: socket.socket, *, in_chunks: bool) -> int:
    """Send up to a gibibyte, until the other side answers or hangs up; return how many bytes it was."""
    body = b'--b\r\nContent-Disposition: form-data; name="certificate"; filename="x"\r\n\r\n' + b"x" * 1024**2
    piece = b"%x\r\n%s\r\n" % (len(body), body) if in_chunks else body
    for number in range(1024):
        if select.select([line], [], [], 0)[0]:
            return number * len(body)
        try:
            line.sendall(piece)
        except OSError:
            return number * len(body)
    return 1024 * len(body)


def test_odd_questions(in_use: InUse) -> None:
    """Whatever stands behind the question mark of a page or list."""
    visitors = {ask.by: in_use.portal.visitor(ask.by) for ask in ASKS.values()}
    names = (
        "page",
        "words",
        "state",
        "project",
        "since",
        "until",
        "since-day",
        "person",
        "about",
        "event",
        "file",
        "row",
        "next",
        "purpose",
    )
    faults = []
    for route, ask in ASKS.items():
        if not route.startswith("GET "):
            continue
        for value in ("", "-1", "99999999999999999999", "x" * 2_000, "%00", "²"):
            _, address = address_of(route, in_use.filled[ask.state])
            question = "&".join(f"{name}={value}" for name in names)
            answer = visitors[ask.by].get(f"{address}?{question}")
            faults += [f"{route} {value}: {fault}"] if (fault := about(answer)) else []
    assert faults == []
