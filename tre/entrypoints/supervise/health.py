"""Owns the question whether a part answers. Standard library only: every part's starter asks it. Must never start or stop one.

An address is `http://127.0.0.1:PORT/path`, `unix:SOCKET:/path`, or `beat:FILE:SECONDS` for a part that serves
nothing and touches a file instead.
"""

import http.client
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

ANSWER_SECONDS = 1.0
_OK = 200


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str, *, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _ask(connection: http.client.HTTPConnection, path: str) -> bool:
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().status == _OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_healthy(address: str, *, timeout: float = ANSWER_SECONDS) -> bool:
    """Say whether the part at `address` answers 200 within `timeout` seconds, or has touched its file lately.

    Raises:
        ValueError: the address is of no kind named above.
    """
    kind, _, rest = address.partition(":")
    if kind == "http":
        url = urlsplit(address)
        path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
        return _ask(http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=timeout), path)
    if kind == "unix":
        file, _, path = rest.partition(":")
        return _ask(_SocketConnection(file, timeout=timeout), path)
    if kind == "beat":
        file, _, seconds = rest.rpartition(":")
        return _seconds_since_touched(Path(file)) <= float(seconds)
    raise ValueError(f"no health address: {address}")


def _seconds_since_touched(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except OSError:
        return float("inf")
