"""A workspace's server that does whatever it is told: what the front door must hold against, whoever wrote the session's code."""

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets, bind_unix_socket
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler


@dataclass
class Answer:
    """What the server says to every request from now on."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    pieces: int = 1  # more than one: sent piece by piece, without saying how long it is


@dataclass(frozen=True)
class Seen:
    """A request that came through."""

    method: str
    uri: str
    headers: Mapping[str, str]


class Upstream:
    """Answers every path on a unix socket, or a port of 127.0.0.1, and remembers what it was asked.

    A WebSocket sends as many bytes as it is asked for.
    """

    def __init__(self, path: Path | None = None, *, port: int = 0) -> None:
        self.path, self.port = path, port
        self.answer, self.seen = Answer(), cast("list[Seen]", [])
        self._ready = threading.Event()

    def start(self) -> None:
        """Listen, in a thread."""
        self._ready.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def take(self) -> list[Seen]:
        """Return the requests since the last call."""
        seen, self.seen = self.seen, []
        return seen

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = HTTPServer(Application([(r"/.*/(?:channels|subscribe)", _Socket), (r"/.*", _Page)], upstream=self))
        server.add_sockets(
            [bind_unix_socket(str(self.path), mode=0o666)] if self.path else bind_sockets(self.port, "127.0.0.1")
        )
        self._ready.set()
        await self._end.wait()
        server.stop()
        await server.close_all_connections()


class _Page(RequestHandler):
    async def _answer(self, *_: str) -> None:
        upstream: Upstream = self.settings["upstream"]
        upstream.seen.append(Seen(str(self.request.method), str(self.request.uri), dict(self.request.headers)))
        self.clear()
        self.set_status(upstream.answer.status)
        for name, value in upstream.answer.headers.items():
            self.set_header(name, value)
        step = -(-len(upstream.answer.body) // upstream.answer.pieces) or 1
        for start in range(0, len(upstream.answer.body), step):
            self.write(upstream.answer.body[start : start + step])
            if upstream.answer.pieces > 1:
                await self.flush()
        await self.finish()

    get = head = post = put = patch = delete = options = _answer


class _Socket(WebSocketHandler):
    def check_origin(self, origin: str) -> bool:
        return True

    def get_compression_options(self) -> dict[str, Any]:
        return {}  # offers compression, as Jupyter may

    def prepare(self) -> None:
        upstream: Upstream = self.settings["upstream"]
        upstream.seen.append(Seen(str(self.request.method), str(self.request.uri), dict(self.request.headers)))

    def on_message(self, message: str | bytes) -> None:
        asked = json.loads(message)
        for _ in range(asked.get("times", 1)):
            self.write_message(b"x" * asked["bytes"], binary=True)
