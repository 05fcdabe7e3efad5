"""Owns the one socket through which workspaces reach the hub. Must never let through a path that a workspace's server
does not need: the hub's pages, its sign-in and the rest of its API are not for code that runs beside the data.

It is a second listener of the hub's own web server, so it is up whenever the hub is, and no other program has to be
trusted to read HTTP in the same way as the hub does.
"""

import re
import socket
import struct
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.iostream import IOStream
from tornado.netutil import bind_unix_socket
from tornado.routing import Router
from tornado.web import Application, ErrorHandler

MOST_CONNECTIONS = 100  # of one account, so of one project's members together
LARGEST_BODY = 64 * 1024
IDLE_SECONDS = 60.0
PERSON = r"[a-z][a-z0-9-]*"
# JupyterHub's single-user server needs these four (jupyterhub/singleuser/extension.py, services/auth.py): is the hub
# there and which version; whose token is this; trade a code for a token; tell that somebody is at work.
NEEDED = (
    ("GET", r"/hub/api/?"),
    ("GET", r"/hub/api/user"),
    ("POST", r"/hub/api/oauth2/token"),
    ("POST", rf"/hub/api/users/{PERSON}/activity"),
)


class Door(Router):
    """Passes the needed requests on to the hub and answers 403 to all others.

    Args:
        hub: the hub's web application.
        prefix: path before `/hub`, without a slash at its end.
    """

    def __init__(self, hub: Application, *, prefix: str) -> None:
        self.hub = hub
        self.needed = [(method, re.compile(re.escape(prefix) + path)) for method, path in NEEDED]

    def find_handler(self, request: HTTPServerRequest, **kwargs: object) -> HTTPMessageDelegate | None:
        """Return who answers `request`: the hub, or a refusal."""
        if self.lets_through(request.method or "", request.path):
            return self.hub.find_handler(request, **kwargs)
        return self.hub.get_handler_delegate(request, ErrorHandler, {"status_code": 403})

    def lets_through(self, method: str, path: str) -> bool:
        """Say whether a workspace may ask for that; the path is compared as it came, so no spelling of it goes around."""
        return any(method == needed and pattern.fullmatch(path) for needed, pattern in self.needed)


class DoorServer(HTTPServer):
    """A web server that one account cannot fill: who holds too many connections gets no further one.

    A server of a workspace holds two or three. The hub's own descriptors and its one loop serve everybody.
    """

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Take up a connection, or close it at once."""
        account = _account(stream)
        if sum(_account(held.stream) == account for held in self._connections) >= MOST_CONNECTIONS:
            stream.close()
            return
        super().handle_stream(stream, address)


def _account(stream: IOStream) -> int:
    """Return the uid at the other end, as the kernel tells it (unix(7), SO_PEERCRED); -1 for one that has gone."""
    try:
        told = stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    except (OSError, AttributeError):
        return -1
    return int(struct.unpack("3i", told)[1])


def open_door(hub: Application, folder: Path, *, prefix: str) -> HTTPServer:
    """Listen in `folder` for workspaces; return the server."""
    server = DoorServer(
        Door(hub, prefix=prefix),
        max_body_size=LARGEST_BODY,
        idle_connection_timeout=IDLE_SECONDS,
        body_timeout=IDLE_SECONDS,
    )
    server.add_socket(bind_unix_socket(str(folder / "hub.sock"), mode=0o666))
    return server
