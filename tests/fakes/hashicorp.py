"""A server that answers as HashiCorp Vault's key-value store (version 2) and transit engine do, on its own port.

Held against the real server: `hashicorp_answers.json` beside this holds status, fields and refusals of each call as version
1.15.6 gave them: its core, HTTP handler and both engines, built from source with a slightly newer version of its own library
(four methods that neither engine calls left empty). The providers were tried on it too. A test compares the answers. The real client, `hvac`, speaks to it.
"""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "hvs.CAESIJ-for-tests-alone"
Answer = tuple[int, dict[str, Any]]
_MADE = {
    "created_time": "2026-11-23T09:00:00.000000000Z",
    "custom_metadata": None,
    "deletion_time": "",
    "destroyed": False,
}


@dataclass
class HashicorpFake:
    """What the server holds, and what it does otherwise when told.

    Args:
        secret: fields of the one secret, and how often it was written.
        down: answer 503 as a sealed server does.
        asked: method and path of every request, in order.
    """

    secret: dict[str, str] = field(default_factory=dict)
    version: int = 0
    down: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""
    wrapping: AESGCM = field(default_factory=lambda: AESGCM(os.urandom(32)))

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> Answer:
        """Return status and body."""
        self.asked.append(f"{method} {path}")
        if self.down or token != TOKEN:
            return (503, {"errors": ["Vault is sealed"]}) if self.down else (403, {"errors": ["permission denied"]})
        match method, path:
            case "GET", "/v1/secret/data/tre":
                return self._read()
            case "POST", "/v1/secret/data/tre":
                return self._write(body)
            case "POST", "/v1/transit/datakey/wrapped/tre":
                return 200, {"data": {"ciphertext": self._wrap(os.urandom(body["bits"] // 8)), "key_version": 1}}
            case "POST", "/v1/transit/decrypt/tre":
                return self._unwrap(body["ciphertext"])
        return 404, {"errors": []}

    def _read(self) -> Answer:
        if not self.version:
            return 404, {"errors": []}
        return 200, {"data": {"data": dict(self.secret), "metadata": _MADE | {"version": self.version}}}

    def _write(self, body: dict[str, Any]) -> Answer:
        if body["options"].get("cas", self.version) != self.version:
            return 400, {"errors": ["check-and-set parameter did not match the current version"]}
        self.secret, self.version = dict(body["data"]), self.version + 1
        return 200, {"data": _MADE | {"version": self.version}}

    def _wrap(self, plain: bytes) -> str:
        nonce = os.urandom(12)
        return "vault:v1:" + base64.b64encode(nonce + self.wrapping.encrypt(nonce, plain, None)).decode()

    def _unwrap(self, wrapped: str) -> Answer:
        try:
            body = base64.b64decode(wrapped.removeprefix("vault:v1:"))
            plain = self.wrapping.decrypt(body[:12], body[12:], None)
        except (InvalidTag, ValueError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}


@contextmanager
def serving() -> Iterator[HashicorpFake]:
    """Serve until the block is done."""
    fake = HashicorpFake()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path = self.path.partition("?")[0]
            status, found = fake.answer(method, path, self.headers.get("X-Vault-Token", ""), json.loads(body or b"{}"))
            told = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: object) -> None:
            """Nothing: the test looks at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
