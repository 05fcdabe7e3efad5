"""A provider that lies on demand, for the checks that an honest one never triggers.

Held against the real one by `tests/web/test_sign_in.py`: told nothing else, it signs a person in just as the real one does.
"""

import json
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CODE = "the-code"


@dataclass
class Lies:
    """What the provider does otherwise than it should.

    Args:
        claims: claims of the id_token to change; None removes one.
        about: what the userinfo endpoint says to change.
        token: what the token endpoint says to change; None removes a field.
        algorithm: of the id_token's signature.
        other_key: sign with a key that is not published.
        token_status: HTTP status of the token endpoint.
    """

    claims: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    token: Mapping[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    other_key: bool = False
    token_status: int = 200


class LyingProvider:
    """An OpenID provider for one person, amina, on its own port."""

    def __init__(self, *, client_secret: str) -> None:
        self.lies = Lies()
        self.nonce = ""
        self.challenge = ""
        self._secret = client_secret
        self._key, self._other = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self, b"")

            def do_POST(self) -> None:
                provider._answer(self, self.rfile.read(int(self.headers.get("content-length", 0))))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sign_in(self, address: str, *, iss: str | None = "") -> str:
        """Return where the portal is called back for amina; `iss` None leaves it out, other text replaces it."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]
        given = {"code": CODE, "state": asked["state"]} | ({} if iss is None else {"iss": iss or self.issuer})
        return f"{asked['redirect_uri']}?{urlencode(given)}"

    def _answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        path = urlsplit(request.path).path
        say: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": lambda: {"keys": [self._key.as_dict(private=False, use="sig", alg="RS256")]},
            "/token": self._token,
            "/me": lambda: {"sub": "amina", "name": "Amina Okafor", **self.lies.about},
        }
        status, said = 200, say[path]()
        if path == "/token":
            status = self.lies.token_status
            assert CODE.encode() in body
            assert b"code_verifier=" in body
        content = json.dumps(said).encode()
        request.send_response(status)
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _discovery(self) -> dict[str, Any]:
        paths = {
            "authorization_endpoint": "/auth",
            "token_endpoint": "/token",
            "userinfo_endpoint": "/me",
            "jwks_uri": "/jwks",
        }
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in paths.items()},
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _token(self) -> dict[str, Any]:
        said = {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": self._id_token()}
        return _changed(said, self.lies.token)

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "portal",
            "sub": "amina",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "acr": "urn:tre:mfa",
            "name": "Amina Okafor",
        }
        header = {"alg": self.lies.algorithm, "kid": "one"}
        key: Any = self._other if self.lies.other_key else self._key
        if self.lies.algorithm == "HS256":
            key = OctKey.import_key(self._secret)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of exactly what this provider is for
            return jwt.encode(header, _changed(claims, self.lies.claims), key, algorithms=["RS256", "HS256", "none"])


def _changed(told: dict[str, Any], lies: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**told, **lies}.items() if value is not None}
