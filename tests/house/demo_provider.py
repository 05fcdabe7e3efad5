"""The real demo identity provider on a free port, and a client of the OpenID code flow against it."""

import base64
import hashlib
import json
import re
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from infra.setup.paths import CHECKOUT, places
from tests.house.parts import Part, free_port, wait_until

PORTAL, HUB = "http://127.0.0.1:9", "http://localhost:9"  # nobody listens there: redirects to it are read, not followed
CALLBACK = f"{PORTAL}/auth/callback"
TIMEOUT = 10


class Provider:
    """The provider: start(), sign_in(), stop(). `settings` change its environment."""

    def __init__(self, **settings: str) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="tre-idp-"))
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.secret = secrets.token_hex(32)
        (self.state / "secret").write_text(self.secret)
        release = self.state / "release"
        shutil.copytree(CHECKOUT / "infra/idp", release / "infra/idp")
        (release / "node_modules").symlink_to(places().node_parts / "node_modules")
        environ = {
            "PATH": "/usr/bin:/bin",
            "TRE_MODE": "demo",
            "TRE_ISSUER": self.issuer,
            "TRE_PUBLIC_URL": PORTAL,
            "TRE_WORKSPACES_URL": HUB,
            "TRE_IDP_STATE": str(self.state / "keys"),
            "TRE_IDP_PORTAL_SECRET_FILE": str(self.state / "secret"),
            "TRE_IDP_HUB_SECRET_FILE": str(self.state / "secret"),
        } | settings
        self.part = Part([places().node, release / "infra/idp/server.mjs"], environ, self.state / "log")

    def start(self) -> "Provider":
        """Start it and wait until it answers."""
        self.part.start()
        wait_until(self._answers, seconds=15, what=f"the provider answers (see {self.part.log})")
        return self

    def stop(self) -> None:
        """End it and remove its folder."""
        self.part.end()
        shutil.rmtree(self.state)

    def refusal(self) -> tuple[int, str]:
        """Start it where it must not run; return its exit code and what it said."""
        self.part.start()
        assert self.part.process is not None
        code = self.part.process.wait(15)
        said = self.part.log.read_text()
        self.stop()
        return code, said

    def _answers(self) -> bool:
        assert self.part.is_running(), self.part.log.read_text()
        try:
            return requests.get(f"{self.issuer}/healthz", timeout=TIMEOUT).status_code == 200
        except requests.ConnectionError:
            return False


class SignIn:
    """One browser's way through the code flow as the client `portal`."""

    def __init__(self, provider: Provider) -> None:
        self.provider, self.browser = provider, requests.Session()
        self.verifier, self.nonce, self.state = secrets.token_urlsafe(48), secrets.token_hex(8), secrets.token_hex(8)

    def asking(self, **changes: str) -> str:
        """The address the portal would send the browser to; an empty value leaves a parameter out."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        wanted = {
            "client_id": "portal", "response_type": "code", "scope": "openid profile email", "redirect_uri": CALLBACK, "state": self.state,
            "nonce": self.nonce, "code_challenge": challenge, "code_challenge_method": "S256", "acr_values": "urn:tre:mfa",
        } | changes  # fmt: skip
        return f"{self.provider.issuer}/auth?{urlencode({name: value for name, value in wanted.items() if value})}"

    def open(self, **changes: str) -> requests.Response:
        """Open the sign-in page."""
        return self._follow(self.browser.get(self.asking(**changes), allow_redirects=False, timeout=TIMEOUT))

    def choose(self, page: requests.Response, person: str) -> dict[str, str]:
        """Press a person's button; return what the portal's callback is told."""
        answer = self.browser.post(
            page.url,
            data={"sub": person},
            headers={"Origin": self.provider.issuer},
            allow_redirects=False,
            timeout=TIMEOUT,
        )
        return told(self._follow(answer))

    def exchange(self, code: str, **changes: str) -> requests.Response:
        """Exchange the code for tokens, as the portal."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        } | changes
        filled = {name: value for name, value in form.items() if value}
        return requests.post(
            f"{self.provider.issuer}/token", data=filled, auth=("portal", self.provider.secret), timeout=TIMEOUT
        )

    def claims_of(self, person: str) -> dict[str, Any]:
        """Sign in as `person`; return the id_token's claims (its signature is the portal's to check)."""
        tokens = self.exchange(self.choose(self.open(), person)["code"]).json()
        payload = tokens["id_token"].split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return found | {"__token": tokens["id_token"]}

    def _follow(self, answer: requests.Response) -> requests.Response:
        while answer.is_redirect and not answer.headers["Location"].startswith((PORTAL, HUB)):
            answer = self.browser.get(
                urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=TIMEOUT
            )
        return self._submit(answer) if "document.forms[0].submit()" in answer.text else answer

    def _submit(self, page: requests.Response) -> requests.Response:
        """Do what a browser does with a form that submits itself."""
        action = re.search(r'action="([^"]+)"', page.text)
        assert action, page.text
        assert "'sha256-" in page.headers["Content-Security-Policy"], "the page's policy lets its script run"
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        return self._follow(self.browser.post(action.group(1), data=fields, allow_redirects=False, timeout=TIMEOUT))


def told(answer: requests.Response) -> dict[str, str]:
    """What a redirect to the portal's callback says."""
    assert answer.is_redirect, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def form_value(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return found.group(1)
