"""The provider's pages in Chromium: by keyboard, at 320 px, without an accessibility fault, through to the portal and out again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.house.axe import overflow, violations
from tests.house.chromium import NARROW, running
from tests.house.demo_provider import Provider, SignIn
from tests.house.parts import free_port
from tests.house.upstream import Answer, Upstream

pytestmark = [pytest.mark.real, pytest.mark.browser]


@pytest.fixture(scope="module")
def portal() -> Iterator[Upstream]:
    """Something that listens where the portal would."""
    portal = Upstream(port=free_port())
    portal.start()
    portal.answer = Answer(b"<h1>arrived</h1>", headers={"Content-Type": "text/html"})
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def provider(portal: Upstream) -> Iterator[Provider]:
    """A running provider of that portal."""
    running = Provider(
        TRE_PUBLIC_URL=f"http://127.0.0.1:{portal.port}", TRE_WORKSPACES_URL=f"http://localhost:{portal.port}"
    ).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with running("") as chromium:
        yield chromium.browser


@pytest.fixture
def page(browser: Browser, provider: Provider, portal: Upstream) -> Iterator[Page]:
    """The sign-in page, at 320 px."""
    context = browser.new_context(viewport=ViewportSize(width=NARROW["width"], height=NARROW["height"]))
    page = context.new_page()
    page.goto(SignIn(provider).asking(redirect_uri=f"http://127.0.0.1:{portal.port}/auth/callback"))
    yield page
    context.close()


def test_the_sign_in_page_at_320_px(page: Page) -> None:
    assert page.title() == "Choose who you are - Demo sign-in"
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("button").count() == 9
    assert violations(page) == []
    assert overflow(page) == 0
    assert all(box["height"] >= 44 for box in (button.bounding_box() for button in page.locator("button").all()) if box)


def test_signing_in_by_keyboard_alone_and_out_again(page: Page, portal: Upstream, provider: Provider) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Amina Okafor"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('arrived')")
    assert page.url.startswith(f"http://127.0.0.1:{portal.port}/auth/callback?code=")

    page.goto(
        f"{provider.issuer}/session/end?client_id=portal&post_logout_redirect_uri=http://127.0.0.1:{portal.port}/"
    )
    assert (violations(page), overflow(page)) == ([], 0)
    page.keyboard.press("Enter")  # the one button has the focus
    page.wait_for_selector("h1:has-text('arrived')")
    assert page.url == f"http://127.0.0.1:{portal.port}/"


def test_signing_out_when_nobody_is_signed_in_asks_nothing(page: Page, portal: Upstream, provider: Provider) -> None:
    page.goto(
        f"{provider.issuer}/session/end?client_id=portal&post_logout_redirect_uri=http://127.0.0.1:{portal.port}/"
    )
    page.wait_for_url(f"http://127.0.0.1:{portal.port}/")


@pytest.mark.parametrize("path", ["/session/end/success", "/auth?client_id=nobody", "/interaction/gone"])
def test_the_other_pages(page: Page, provider: Provider, path: str) -> None:
    page.goto(provider.issuer + path)
    assert page.locator("h1").count() == 1
    assert (violations(page), overflow(page)) == ([], 0)
