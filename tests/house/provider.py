"""The real identity provider of the demonstration, for tests of signing in."""

import os
import re
import secrets
import shutil
from pathlib import Path
from urllib.request import urlopen

import httpx2

from infra.setup.paths import places
from tests.house.parts import Part, wait_until
from tre.plumbing.config import CHECKOUT

_ACTION = re.compile(r'action="([^"]*)"')


class RealProvider:
    """The embedded provider on a port of its own; people sign in at it by their names.

    Args:
        folder: for its keys, its log and a copy of its program.
        port: where it listens.
        portal: the origin it sends people back to.
    """

    def __init__(self, folder: Path, *, port: int, portal: str) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.secret = secrets.token_hex(32)
        (folder / "state").mkdir(parents=True)
        (folder / "secret").write_text(self.secret)
        shutil.copytree(CHECKOUT / "infra/idp", folder / "infra/idp")
        (folder / "node_modules").symlink_to(places().node_parts / "node_modules")
        environ = {
            "PATH": os.environ["PATH"],
            "TRE_MODE": "demo",
            "TRE_ISSUER": self.issuer,
            "TRE_PUBLIC_URL": portal,
            "TRE_WORKSPACES_URL": portal.replace("127.0.0.1", "localhost"),
            "TRE_IDP_STATE": str(folder / "state"),
            "TRE_IDP_PORTAL_SECRET_FILE": str(folder / "secret"),
            "TRE_IDP_HUB_SECRET_FILE": str(folder / "secret"),
        }
        self.part = Part([places().node, folder / "infra/idp/server.mjs"], environ, folder / "log")

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.part.start()
        wait_until(self._answers, seconds=60, what="the provider answers")

    def stop(self) -> None:
        """End it."""
        self.part.end()

    def sign_in(self, address: str, person_id: str, *, browser: httpx2.Client | None = None) -> str:
        """Go to `address`, say who one is where asked, and return the address that the portal is called back at."""
        own = browser or httpx2.Client()
        try:
            answer = own.get(address)
            for _ in range(8):
                if answer.is_redirect:
                    there = answer.headers["location"]
                    there = self.issuer + there if there.startswith("/") else there
                    if not there.startswith(self.issuer):
                        return str(there)
                    answer = own.get(there)
                else:
                    answer = own.post(str(answer.url), data={"sub": person_id})
            raise AssertionError(f"no way back from {answer.url}: {answer.text[:300]}")
        finally:
            if browser is None:
                own.close()

    def _answers(self) -> bool:
        assert self.part.is_running(), self.part.log.read_text()
        try:
            with urlopen(f"{self.issuer}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
