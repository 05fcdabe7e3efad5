"""The real front door on free ports, with a workspace of amina's behind it."""

import http.client
import json
import secrets
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import websocket

from infra.setup.paths import CHECKOUT, places
from tests.house.parts import Part, free_port, wait_until
from tests.house.upstream import Upstream

PERSON, PROJECT = "amina", "p-abcdef"
SERVER = f"/workspaces/user/{PERSON}/{PROJECT}"


@dataclass(frozen=True)
class Reply:
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Door:
    """The front door: start(), ask(), stop()."""

    def __init__(self, **settings: str) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="tre-door-"))
        self.port, self.api_port, self.portal_port = free_port(), free_port(), free_port()
        self.token = secrets.token_hex(32)
        (self.state / "token").write_text(self.token)
        self.release = self.state / "release"
        shutil.copytree(CHECKOUT / "infra/proxy", self.release / "infra/proxy")
        (self.release / "node_modules").symlink_to(places().node_parts / "node_modules")
        self.upstream = Upstream(self.state / "nb.sock")
        self.hub = Upstream(self.state / "hub.sock")
        self.part = Part(
            [places().node, self.release / "infra/proxy/front_door.mjs"], self._environ(settings), self.state / "log"
        )

    @property
    def portal_host(self) -> str:
        """The portal's host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def hub_host(self) -> str:
        """The hub's host and port."""
        return f"localhost:{self.port}"

    def host_of(self, person: str) -> str:
        """The host and port of a person's workspaces."""
        return f"{person}.localhost:{self.port}"

    def start(self) -> "Door":
        """Start it, with amina's workspace and a hub behind it."""
        self.upstream.start()
        self.hub.start()
        self.start_door()
        self.add_route()
        return self

    def start_door(self) -> None:
        """Start the door alone, and wait until it answers."""
        self.part.start()
        wait_until(self._answers, seconds=15, what=f"the door answers (see {self.part.log})")

    def stop(self) -> None:
        """End all and remove the folder."""
        self.part.end()
        self.upstream.stop()
        self.hub.stop()
        shutil.rmtree(self.state)

    def kill(self) -> None:
        """Kill the door as a fault would."""
        self.part.end(signal.SIGKILL)

    def add_route(self, person: str = PERSON, project: str = PROJECT, *, target: Path | None = None) -> None:
        """Make the workspace known, as the hub does; its server is `upstream` unless another socket is given."""
        socket = "http+unix://" + str(target or self.upstream.path).replace("/", "%2f")
        answer = requests.post(
            f"http://127.0.0.1:{self.api_port}/api/routes/{person}.localhost/workspaces/user/{person}/{project}",
            json={"target": socket, "jupyterhub": True}, headers={"Authorization": f"token {self.token}"}, timeout=10,
        )  # fmt: skip
        assert answer.status_code == 201, answer.text

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        host: str = "",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Ask for exactly `target`, not tidied by any client; under amina's host unless another is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": host or self.host_of(PERSON), **(headers or {})}.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    @contextmanager
    def channel(
        self, target: str, *, host: str = "", origin: str = "", header: Sequence[str] = ()
    ) -> Iterator[websocket.WebSocket]:
        """Open a WebSocket as a page of `origin` would; amina's own page unless another is given."""
        own = self.host_of(PERSON)
        channel = websocket.create_connection(
            f"ws://127.0.0.1:{self.port}{target}",
            host=host or own,
            origin=f"http://{origin or own}",
            header=list(header),
            timeout=10,
        )
        try:
            yield channel
        finally:
            channel.shutdown()  # type: ignore[no-untyped-call]

    def counted(self, server: str = f"{PERSON}/{PROJECT}") -> Counter[str]:
        """What the door has counted today for a workspace, once it has written it down."""
        file = self.state / "run/outgoing.json"
        days = json.loads(file.read_text())["servers"].get(server, {}) if file.exists() else {}
        return Counter(next(iter(days.values()), {}))

    def _answers(self) -> bool:
        assert self.part.is_running(), self.part.log.read_text()
        try:
            return self.ask("/_chp_healthz").status == 200
        except OSError:
            return False

    def _environ(self, settings: dict[str, str]) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "TRE_FRONT_PORT": str(self.port),
            "TRE_PROXY_API_PORT": str(self.api_port),
            "TRE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "TRE_WORKSPACES_URL": f"http://localhost:{self.port}",
            "TRE_PORTAL_TARGET": f"http://127.0.0.1:{self.portal_port}",
            "TRE_HUB_SOCKET": str(self.hub.path),
            "TRE_PROXY_STATE": str(self.state / "run"),
            "TRE_WEBSOCKET_MESSAGE_BYTES": "2000000",
            "TRE_NOTEBOOK_BYTES": "16000000",
            "TRE_SOURCE_BYTES": "1000000",
            "TRE_UPLOAD_BYTES": "52428800",
            "TRE_PROXY_TOKEN_FILE": str(self.state / "token"),
            "TRE_PORTAL_HUB_TOKEN_FILE": str(self.state / "token"),
        } | settings
