"""Owns the kept connections to the policy server. Must never retry, follow a redirect, or heed proxies named in the environment.

They stand in for the session that `opa-python-client` would make itself: its general-purpose one takes twice the time
for each question, and one pool serves the library's questions and the one kind that it does not know (lists).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urllib3 import HTTPConnectionPool, Timeout
from urllib3.exceptions import HTTPError

KEPT = 64
_OK = 200


class Refused(HTTPError):
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


class Connections:
    """Connections to one server, shared by all threads.

    Args:
        headers: sent with every question.
    """

    def __init__(self, *, host: str, port: int, headers: Mapping[str, str]) -> None:
        self._origin = f"http://{host}:{port}"
        self._headers = {**headers, "Content-Type": "application/json"}
        self._pool = HTTPConnectionPool(host, port, maxsize=KEPT, retries=False)

    def post(self, url: str, *, json: object, timeout: float, accept: str = "application/json") -> Answer:
        """Return the answer to a question.

        Args:
            timeout: seconds for the whole exchange.

        Raises:
            urllib3.exceptions.HTTPError: no answer.
            ValueError, TypeError: the question cannot be written as JSON; a number that is not finite is not.
        """
        body = _written(json)
        headers = {**self._headers, "Accept": accept}
        path = url.removeprefix(self._origin)
        answer = self._pool.urlopen(
            "POST", path, body=body, headers=headers, timeout=Timeout(total=timeout), redirect=False
        )
        return Answer(answer.status, answer.data)

    def close(self) -> None:
        """Close every kept connection."""
        self._pool.close()


def _written(question: object) -> bytes:
    return json.dumps(question, allow_nan=False).encode()
