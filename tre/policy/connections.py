"""Owns the kept connections to the policy server. Must never retry, follow a redirect, or heed proxies named in the environment.

They stand in for the session that `opa-python-client` would make itself. Every act of every person asks, so what a question
costs here is felt everywhere: on the standard library's connection it is a third of what general-purpose clients take, and
one pool serves the library's questions and the one kind that it does not know (lists).
"""

import json
import select
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

KEPT = 64
_OK = 200
_encode = json.JSONEncoder(allow_nan=False).encode


class Refused(OSError):
    """The server answered, but not with success."""


@dataclass(frozen=True)
class Answer:
    """An answer in the form that the library reads."""

    status: int
    body: bytes

    def raise_for_status(self) -> None:
        """Raise `Refused` unless the status is 200."""
        if self.status != _OK:
            raise Refused(f"status {self.status}")

    def json(self) -> Any:
        """Return the body; raise `ValueError` if it is not JSON."""
        return json.loads(self.body)


class Sent:
    """A question that is under way; its answer is fetched once, and nobody else's connection is it until then."""

    def __init__(self, connection: HTTPConnection, keep: Callable[[HTTPConnection], None]) -> None:
        self._connection, self._keep = connection, keep
        self._is_whole = False

    def answer(self) -> Answer:
        """Wait for the answer; raise `OSError` or `http.client.HTTPException` where there is none."""
        try:
            response = self._connection.getresponse()
            answer = Answer(response.status, response.read())
        except BaseException:
            self._connection.close()
            raise
        self._is_whole = True
        self._keep(self._connection)
        return answer

    def __del__(self) -> None:
        """Close the connection unless all was read: what is still under way must never be another question's answer."""
        if not self._is_whole:
            self._connection.close()


class Connections:
    """Connections to one server, shared by all threads.

    Args:
        headers: sent with every question.
    """

    def __init__(self, *, host: str, port: int, headers: Mapping[str, str]) -> None:
        self._host, self._port = host, port
        self._origin = f"http://{host}:{port}"
        self._headers = {**headers, "Content-Type": "application/json"}
        self._kept: deque[HTTPConnection] = deque()

    def post(self, url: str, *, json: object, timeout: float, accept: str = "application/json") -> Answer:
        """Return the answer to a question; arguments and errors are those of `send`, and of an answer that does not come."""
        return self.send(url, json=json, timeout=timeout, accept=accept).answer()

    def send(self, url: str, *, json: object, timeout: float, accept: str = "application/json") -> Sent:
        """Send a question and do not wait.

        Args:
            timeout: seconds for each step of the exchange.

        Raises:
            OSError, http.client.HTTPException: it cannot be sent.
            ValueError, TypeError: the question cannot be written as JSON; a number that is not finite is not.
        """
        body = _written(json)
        connection = self._take(timeout)
        try:
            connection.request("POST", url.removeprefix(self._origin), body, {**self._headers, "Accept": accept})
        except BaseException:
            connection.close()
            raise
        return Sent(connection, self._keep)

    def close(self) -> None:
        """Close every kept connection."""
        while self._kept:
            self._kept.pop().close()

    def _keep(self, connection: HTTPConnection) -> None:
        if len(self._kept) < KEPT:
            self._kept.append(connection)
        else:
            connection.close()

    def _take(self, timeout: float) -> HTTPConnection:
        """Return a kept connection that is still whole, or a new one."""
        while True:
            try:
                connection = self._kept.pop()
            except IndexError:
                return HTTPConnection(self._host, self._port, timeout=timeout)
            if connection.sock is not None and not _has_something_to_read(connection):
                connection.sock.settimeout(timeout)
                return connection
            connection.close()


def _has_something_to_read(connection: HTTPConnection) -> bool:
    """Say whether the server closed the connection or sent what nobody asked for: either way it is of no use any more."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _written(question: object) -> bytes:
    return _encode(question).encode()
