"""An admin stops a person in the whole installation: the portal, the hub and the open workspace are shut to them at once.

Hugo works in a practice workspace; Farah stops him; what his browser holds, and a copy of it, opens nothing any more.
"""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.house.parts import wait_until
from tests.house.prepared import OPEN_SECONDS, Prepared
from tests.house.site import Site
from tre.entrypoints.demo.browser import Browser, LocalNames

pytestmark = pytest.mark.real

WHO = "hugo"
HERE = "/practice/workspace"
READY_SECONDS = 120
END_SECONDS = 5.0


@pytest.fixture
def prepared(site: Site) -> Iterator[Prepared]:
    """Hugo's browser before the practice workspace, and Farah's; Hugo is let in again at the end."""
    one = Prepared(site)
    page = "/data/hospital"
    is_ready = lambda: f"{HERE}?dataset=hospital" in one.browser(WHO).get(page).text  # noqa: E731
    wait_until(is_ready, seconds=READY_SECONDS, what="the hospital's synthetic twin is built")
    yield one
    one.post("farah", f"/people/{WHO}/reinstate", reason="The test is over.")
    one.close()


def _lab(browser: Browser) -> str:
    answer = browser.get(f"/api/v1{HERE}").json()
    return str(answer["url"]) if (answer["session"] or {}).get("state") == "live" else ""


def test_stopped_they_are_out_of_the_portal_the_hub_and_the_workspace(prepared: Prepared, site: Site) -> None:
    browser, hub = prepared.browser(WHO), f"{site.config.hub_origin}/workspaces/hub"
    browser.submit(browser.get(f"{HERE}?dataset=hospital"), HERE, {"dataset": "hospital"})
    wait_until(lambda: bool(_lab(browser)), seconds=OPEN_SECONDS, what="the workspace opens")
    lab = _lab(browser)
    status = f"{lab.removesuffix('lab')}api/status"
    assert (browser.get(lab).status_code, browser.client.get(f"{hub}/home").status_code) == (200, 200)
    copied = {where: browser.cookie_header(where) for where in (f"{hub}/home", status, f"{site.origin}/standing")}
    assert [_opens(where, cookies) for where, cookies in copied.items()] == [True, True, True]

    began = time.monotonic()
    assert prepared.post("farah", f"/people/{WHO}/stop", reason="Left the institute.").status_code == 303
    assert _opens(f"{hub}/home", copied[f"{hub}/home"]) is False, (
        "the hub knows it when the admin reads that it is done"
    )
    assert _opens(f"{site.origin}/standing", copied[f"{site.origin}/standing"]) is False
    where = f"practice-hospital/{WHO}"
    wait_until(lambda: not site.processes(where), seconds=END_SECONDS, what="the workspace's processes are gone")
    assert time.monotonic() - began < END_SECONDS
    assert _opens(status, copied[status]) is False

    assert browser.client.get(f"{hub}/home").status_code == httpx.codes.FORBIDDEN, "the provider still knows them"
    assert browser.client.get(f"{site.origin}/auth/login").status_code == httpx.codes.FORBIDDEN
    assert prepared.post("farah", f"/people/{WHO}/reinstate", reason="Came back.").status_code == 303
    assert _opens(f"{hub}/home", copied[f"{hub}/home"]) is False, "what was held before stays worthless"
    assert browser.client.get(f"{hub}/home").status_code == httpx.codes.OK
    assert "Hello, Hugo" in browser.client.get(f"{site.origin}/auth/login").text


def _opens(where: str, cookies: str) -> bool:
    """Say whether a page is given for cookies that somebody copied: no redirect to a sign-in, no refusal."""
    with httpx.Client(transport=LocalNames(), trust_env=False) as thief:
        return thief.get(where, headers={"Cookie": cookies}).status_code == httpx.codes.OK
