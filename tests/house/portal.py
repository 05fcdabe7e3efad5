"""The portal as a browser meets it: the real application on a test's house, and persons who are signed in to it."""

import re
import secrets
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from json import dumps
from typing import Any

import uvicorn
from fastapi import FastAPI
from itsdangerous import TimestampSigner
from jinja2 import ChainableUndefined
from starlette.testclient import TestClient

from tre.entrypoints.app import COOKIE, make_app
from tre.entrypoints.bootstrap import House
from tre.kernel.actor import NOBODY
from tre.people.domain.sign_in import ProvenPerson
from tre.people.service.sign_in import open_session

_HIDDEN = re.compile(r'name="csrf" value="([^"]+)"')


class Missing(ChainableUndefined):
    """What a template asks for and is not given may be asked about, but not shown: a wrong name then fails the test."""

    def __str__(self) -> str:
        raise AssertionError(f"a template shows {self._undefined_name}, which it was not given")

    __html__ = __str__


class Visitor:
    """One browser: keeps its cookies, sends the token that the last page's forms carried, follows nothing by itself."""

    def __init__(self, app: FastAPI, origin: str, *, cookie: str = "", token: str = "") -> None:
        self.client = TestClient(app, base_url=origin, follow_redirects=False, raise_server_exceptions=False)
        if cookie:
            self.client.cookies.set(COOKIE, cookie, domain="127.0.0.1", path="/")
        self.token = token

    def get(self, path: str, **more: Any) -> Any:
        """Go to a page; remember the token of its forms."""
        page = self.client.get(path, **more)
        found = _HIDDEN.search(page.text)
        self.token = found[1] if found else self.token
        return page

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Send a form of our own page."""
        if not self.token:
            self.get("/health")
        return self.client.post(path, data={"csrf": self.token, **(data or {})}, **more)


@dataclass(frozen=True)
class Portal:
    """The application on a house."""

    app: FastAPI
    house: House

    @property
    def origin(self) -> str:
        """Where it is for browsers."""
        return self.house.config.portal_origin

    def visitor(self, person_id: str = "") -> Visitor:
        """Return a new browser, signed in as `person_id` unless that is empty."""
        token = secrets.token_urlsafe(24)
        return Visitor(self.app, self.origin, cookie=self.cookie(person_id, token=token), token=token)

    def cookie(self, person_id: str, *, token: str = "") -> str:
        """Return the cookie of a new session of `person_id` (of nobody, if empty), signed as the portal signs it."""
        session = {"csrf": token or secrets.token_urlsafe(24)} | (
            {"sid": self._session_of(person_id)} if person_id else {}
        )
        content = b64encode(dumps(session).encode())
        return TimestampSigner(self.house.config.secret("session_secret")).sign(content).decode()

    def _session_of(self, person_id: str) -> str:
        proven = ProvenPerson(
            person_id=person_id,
            account=f"test {person_id}",
            name="",
            strength=self.house.config.mfa_acr,
            id_token="a.b.c",
        )
        return open_session(self.house.context(NOBODY), proven)


def make_portal(house: House) -> Portal:
    """Return the portal on a house."""
    app = make_app(house)
    app.state.templates.undefined = Missing
    return Portal(app=app, house=house)


@contextmanager
def listening(portal: Portal) -> Iterator[str]:
    """Serve the portal on its own port for a real browser; yield its origin."""
    port = portal.house.config.front_port
    settings = uvicorn.Config(portal.app, host="127.0.0.1", port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    _wait(port)
    try:
        yield portal.origin
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the portal does not listen")
