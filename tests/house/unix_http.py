"""HTTP over a unix socket, for tests that speak to the hub or to a session API."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any


class UnixConnection(http.client.HTTPConnection):
    """A connection to the web server behind the socket `path`."""

    def __init__(self, path: Path, *, timeout: float = 90) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def ask(path: Path, method: str, target: str, *, token: str = "", body: Any = None) -> tuple[int, str]:
    """Return status and text of the answer to one request."""
    connection = UnixConnection(path)
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        connection.request(method, target, body=None if body is None else json.dumps(body), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()
