"""The test installation with the real demo provider: people sign in at the hub as they do in the product."""

import shutil
from http.client import HTTPConnection

from tests.house.installation import CHECKOUT, House
from tests.house.parts import Part, free_port, wait_until
from tre.entrypoints.demo.browser import Browser, form_on


class HouseWithProvider(House):
    """A House in whose hub persons can sign in."""

    def __init__(self) -> None:
        super().__init__()
        self.portal = f"http://127.0.0.1:{self.front}"
        self.hub_origin = f"http://localhost:{self.front}"
        port = free_port()
        self.issuer = f"http://127.0.0.1:{port}"
        self.environ |= {"TRE_ISSUER": self.issuer}
        self.hub_part.environ |= {"TRE_ISSUER": self.issuer}
        shutil.copytree(CHECKOUT / "infra/idp", self.release / "infra/idp")
        (self.release / "node_modules").symlink_to(self.places.node_parts / "node_modules")
        (self.state / "idp").mkdir()
        secret = str(self.state / "secrets/hub_client")
        environ = {
            "PATH": "/usr/bin:/bin",
            "TRE_MODE": "demo",
            "TRE_ISSUER": self.issuer,
            "TRE_PUBLIC_URL": self.portal,
            "TRE_WORKSPACES_URL": self.hub_origin,
            "TRE_IDP_STATE": str(self.state / "idp"),
            "TRE_IDP_PORTAL_SECRET_FILE": secret,
            "TRE_IDP_HUB_SECRET_FILE": secret,
        }
        program = self.release / "infra/idp/server.mjs"
        self.provider = Part([self.places.node, program], environ, self.state / "logs/idp.log")
        self._port = port
        self.browsers: list[Browser] = []

    def start(self) -> "HouseWithProvider":
        """Start the provider, then the rest."""
        self.provider.start()
        wait_until(self._provider_answers, seconds=30, what="the provider answers")
        super().start()
        return self

    def stop(self) -> None:
        """End the rest, then the provider."""
        for browser in self.browsers:
            browser.client.close()
        self.provider.end()
        super().stop()

    def visit(self, person: str, where: str, *, expect: int = 200) -> Browser:
        """Return the browser of `person` after going to `where`, a hub page that asks them to sign in first."""
        browser = Browser(person=person, origin=self.portal)
        self.browsers.append(browser)
        page = browser.client.get(where)
        assert page.url.host == "127.0.0.1", f"the provider was to ask who it is: {page.url}"
        form = form_on(page, page.url.path)
        answer = browser.client.post(f"{self.issuer}{page.url.path}", data=form.values | {"sub": person})
        assert answer.status_code == expect, f"{answer.url} {answer.status_code} {answer.text[:300]}"
        return browser

    def _provider_answers(self) -> bool:
        assert self.provider.is_running(), self.provider.log.read_text()
        connection = HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", "/.well-known/openid-configuration")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
