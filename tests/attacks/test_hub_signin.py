"""People come to their own workspace and to nothing else, through the real provider; what they hold at the hub is little."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.house.installation import Workspace
from tests.house.with_provider import HouseWithProvider
from tre.entrypoints.demo.browser import Browser, LocalNames


@pytest.fixture(scope="module")
def signed() -> Iterator[HouseWithProvider]:
    """An installation in which people sign in."""
    house = HouseWithProvider()
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.fixture(scope="module")
def workspace(signed: HouseWithProvider) -> Workspace:
    """Amina's workspace, started by the portal before she ever came to the hub."""
    return signed.open("amina", "p-aaaaaa")


@pytest.fixture(scope="module")
def amina(signed: HouseWithProvider, workspace: Workspace) -> Browser:
    """Amina's browser, signed in on the way to her workspace."""
    return signed.visit("amina", _lab(workspace))


def _lab(workspace: Workspace) -> str:
    return f"http://{workspace.host}/workspaces/user/{workspace.person}/{workspace.project}/lab"


def _home(house: HouseWithProvider) -> str:
    return f"{house.hub_origin}/workspaces/hub/home"


def _answer_to(headers: dict[str, str], where: str) -> int:
    """Return the status for what somebody copied from a browser."""
    with httpx.Client(transport=LocalNames(), trust_env=False) as thief:
        return thief.get(where, headers=headers).status_code


def _api(house: HouseWithProvider, path: str) -> str:
    return f"{house.hub_origin}/workspaces/hub/api/{path}"


def _xsrf(browser: Browser, house: HouseWithProvider) -> dict[str, str]:
    """Return the header with which the hub's own pages call its API."""
    browser.client.get(f"{house.hub_origin}/workspaces/hub/home")
    found = [
        cookie.value for cookie in browser.client.cookies.jar if cookie.name == "_xsrf" and "user" not in cookie.path
    ]
    return {
        "X-XSRFToken": found[-1] or "",
        "Referer": f"{house.hub_origin}/workspaces/hub/home",
        "Origin": house.hub_origin,
    }


def test_a_person_opens_what_the_portal_started(amina: Browser, workspace: Workspace) -> None:
    page = amina.client.get(_lab(workspace))
    assert (page.status_code, urlsplit(str(page.url)).netloc) == (200, workspace.host)
    assert "jupyter-config-data" in page.text


def test_another_person_does_not(signed: HouseWithProvider, workspace: Workspace) -> None:
    signed.visit("ben", _lab(workspace), expect=403)


def test_one_factor_is_not_enough(signed: HouseWithProvider) -> None:
    browser = signed.visit("ivan", f"{signed.hub_origin}/workspaces/hub/home", expect=403)
    assert signed.hub("GET", "users/ivan")[0] == 404
    assert (
        urlsplit(str(browser.client.get(f"{signed.hub_origin}/workspaces/hub/home").url)).netloc
        != f"localhost:{signed.front}"
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "users/amina/servers/p-bbbbbb", {}),
        ("POST", "users/amina/server", {}),
        ("DELETE", "users/amina/servers/p-aaaaaa", None),
        ("POST", "users/amina/tokens", {}),
        ("GET", "users/amina/tokens", None),
        ("GET", "users", None),
        ("GET", "users/ben", None),
        ("GET", "proxy", None),
        ("GET", "services", None),
        ("POST", "users/ben", {}),
        ("PUT", "tre/persons/mallory", {}),
        ("PUT", "tre/shut-out", ["ben"]),
        ("PUT", "tre/shut-out", []),
        ("POST", "shutdown", {}),
    ],
)
def test_a_person_may_do_none_of_it(
    signed: HouseWithProvider, amina: Browser, method: str, path: str, body: object
) -> None:
    answer = amina.client.request(method, _api(signed, path), json=body, headers=_xsrf(amina, signed))
    assert answer.status_code in (403, 404), answer.text
    own = amina.client.get(_api(signed, "user"), headers=_xsrf(amina, signed))
    assert (own.status_code, own.json()["name"], own.json().get("admin", False)) == (200, "amina", False)


def test_the_hubs_spawn_page_starts_nothing(signed: HouseWithProvider, amina: Browser) -> None:
    page = amina.client.get(f"{signed.hub_origin}/workspaces/hub/spawn/amina/p-bbbbbb")
    assert page.status_code in (403, 404)
    assert set(json.loads(signed.hub("GET", "users/amina")[1])["servers"]) == {"p-aaaaaa"}


def test_signing_out_of_the_hub_ends_the_right_to_the_workspace(
    signed: HouseWithProvider, workspace: Workspace
) -> None:
    browser = signed.visit("amina", _lab(workspace))
    assert browser.client.get(_api(signed, "user"), headers=_xsrf(browser, signed)).status_code == 200
    browser.client.get(f"{signed.hub_origin}/workspaces/hub/logout", follow_redirects=False)
    assert browser.client.get(_api(signed, "user")).status_code == 403


def test_who_is_shut_out_holds_cookies_that_are_worth_nothing_and_gets_no_others(
    signed: HouseWithProvider, workspace: Workspace
) -> None:
    browser, other = signed.visit("amina", _lab(workspace)), signed.visit("ben", _home(signed))
    held = _xsrf(browser, signed)
    copied = {"Cookie": browser.cookie_header(_api(signed, "user")), **held}
    assert _answer_to(copied, _api(signed, "user")) == 200
    assert signed.hub("PUT", "tre/shut-out", ["not a person"])[0] == 400
    assert json.loads(signed.hub("PUT", "tre/shut-out", ["amina"])[1]) == {"signed_out": ["amina"]}
    assert json.loads(signed.hub("PUT", "tre/shut-out", ["amina"])[1]) == {"signed_out": []}
    assert _answer_to(copied, _api(signed, "user")) == 403
    assert browser.client.get(_api(signed, "user"), headers=held).status_code == 403
    assert browser.client.get(_home(signed)).status_code == 403, (
        "signed in at the provider still, and refused by the hub"
    )
    assert other.client.get(_api(signed, "user"), headers=_xsrf(other, signed)).status_code == 200
    signed.hub("PUT", "tre/shut-out", [])
    assert _answer_to(copied, _api(signed, "user")) == 403, "the old ones stay so"
    assert browser.client.get(_home(signed)).status_code == 200


@pytest.mark.parametrize("path", ["home", "token", "user/amina/p-nothere", "nothing-here"])
def test_the_hubs_pages_offer_nothing_that_is_refused_and_lead_back_to_the_portal(
    signed: HouseWithProvider, amina: Browser, path: str
) -> None:
    page = amina.client.get(f"{signed.hub_origin}/workspaces/hub/{path}").text
    assert f'href="{signed.portal}/' in page
    for offered in ("Start", "Add New Server", "Request new API token", "Launch", 'href="/workspaces/hub/token"'):
        assert offered not in page, offered
