"""The session API's three calls, over a real unix socket, with answers that tests can foresee.

tests/unit/hub/test_session_api_fake.py holds its answers to the real one's models.
"""

import hashlib
import json
import threading
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

FINDING = {
    "file": "outputs/a.csv",
    "severity": "must fix",
    "rule": "fewest_persons",
    "sentence": "A cell counts 3 persons.",
    "remedy": "Leave it out.",
    "row": 1,
    "column": "n",
    "figures": {},
}


class FakeSessionApi:
    """Listens on `path`; `requests` holds what was asked to be released."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.requests: list[dict[str, Any]] = []
        self.server: ThreadingUnixStreamServer | None = None

    def start(self) -> None:
        """Listen, in a thread of its own."""
        handler = type("Handler", (_Handler,), {"api": self})
        self.server = ThreadingUnixStreamServer(str(self.path), handler)
        self.server.daemon_threads = True
        self.path.chmod(0o666)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    api: FakeSessionApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if person := self._person():
            answers = {
                "/v1/session": {
                    "project_id": "p-aaaaaa",
                    "title": "Blood pressure",
                    "person_id": person,
                    "snapshot_version": "1",
                    "upload_bytes": 50 * 1024**2,
                },
                "/v1/release-requests": [self._about(entry) for entry in self.api.requests],
            }
            self._answer(200, answers[self.path])

    def do_POST(self) -> None:
        if self._person() and self.path == "/v1/release-requests":
            entry = _read_form(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            if not entry["title"]:
                fields = {"title": "Say in a few words what the files show."}
                self._answer(422, refused("outputs.request.title_missing", "Look at the fields.", fields))
                return
            self.api.requests.append(entry)
            self._answer(201, self._about(entry) | {"findings": [FINDING] if "small" in entry["title"] else []})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _about(self, entry: dict[str, Any]) -> dict[str, Any]:
        return {
            "request_id": "r-aaaaaa",
            "title": entry["title"],
            "state": "submitted",
            "whose_turn": "output checker",
            "round": 1,
            "submitted_at": "2026-01-02T03:04:05+00:00",
            "url": "http://127.0.0.1:8000/outputs/r-aaaaaa",
        }

    def _person(self) -> str:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and token.startswith("session-token-of-"):
            return token.removeprefix("session-token-of-")
        self._answer(401, refused("people.not_signed_in", "This session has ended: open the workspace again.", {}))
        return ""

    def _answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _read_form(headers: Message, body: bytes) -> dict[str, Any]:
    start = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parts = list(BytesParser(EmailMessage, policy=HTTP).parsebytes(start + body).iter_parts())
    entry: dict[str, Any] = {"title": "", "context": "", "files": {}}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if name == "files":
            entry["files"][part.get_filename()] = hashlib.sha256(content).hexdigest()
        else:
            entry[str(name)] = content.decode()
    return entry


def refused(code: str, sentence: str, fields: dict[str, str]) -> dict[str, Any]:
    """Return a refusal in the form of tre.plumbing.http_errors."""
    return {"code": code, "sentence": sentence, "reasons": [code], "fields": fields}
