"""Owns the library's talk with the session API: HTTP over the one socket that leads out of the workspace."""

import http.client
import json
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from tre.errors import NotAccepted, NotAnswering, SessionEnded

ANSWER_SECONDS = 120.0  # first checks of large files take their time
ACCEPTED = (200, 201)
NOT_SIGNED_IN = 401


class _Connection(http.client.HTTPConnection):
    """HTTP to a socket of this machine; the standard library knows hosts only."""

    def __init__(self, path: str) -> None:
        super().__init__("session-api", timeout=ANSWER_SECONDS)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(method: str, target: str, *, body: bytes = b"", content_type: str = "application/json") -> Any:
    """Return the session API's answer to one request.

    Raises:
        SessionEnded: the session is over.
        NotAccepted: refused; the message says why and what to do.
        NotAnswering: nobody answered.
    """
    headers = {"Authorization": f"Bearer {os.environ.get('TRE_SESSION_TOKEN', '')}"}
    if body:
        headers["Content-Type"] = content_type
    connection = _Connection(os.environ.get("TRE_SESSION_API", "/run/tre/session.sock"))
    try:
        connection.request(method, target, body=body or None, headers=headers)
        answer = connection.getresponse()
        return _judged(answer.status, answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise NotAnswering(
            "The service outside did not answer: nothing was sent for certain. Look at tre.status()."
        ) from error
    finally:
        connection.close()


def form(fields: Mapping[str, str], files: Sequence[tuple[str, Path]]) -> tuple[bytes, str]:
    """Return body and content type of a form with `fields` and `files` (shown name and path), after RFC 7578.

    The files are read here, once: what is sent is what was there at this moment.
    """
    boundary = f"----{uuid4().hex}"
    parts = [_part(boundary, f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [_part(boundary, f'name="files"; filename="{name}"', path.read_bytes()) for name, path in files]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, disposition: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def _judged(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except ValueError:
        answer = {}
    if status in ACCEPTED:
        return answer
    about = answer if isinstance(answer, dict) else {}
    sentence = str(about.get("sentence") or f"The service outside refused (status {status}).")
    if status == NOT_SIGNED_IN:
        raise SessionEnded(sentence)
    raise NotAccepted(sentence, code=str(about.get("code", "")), fields=about.get("fields") or {})
