"""Real browsers, one for each person: Debian's Chromium, driven as a person drives it. What a page complains about is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

PROGRAM = Path("/usr/bin/chromium")
# Without these Chromium asks other machines for updates, lists and experiments; and tests run as root in a container.
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
PATIENCE = 15_000  # milliseconds that a page may take on a busy machine


@dataclass
class Window:
    """One person's browser.

    Args:
        origin: the portal's origin.
        page: the tab in front.
        complaints: what the portal's own pages wrote to the browser's console as errors.
    """

    origin: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        """The browser's cookies and tabs."""
        return self.page.context

    def go(self, path: str) -> Page:
        """Open a page of the portal by its address."""
        self.page.goto(self.origin + path)
        return self.page

    def sign_in(self, name: str) -> None:
        """Sign in at the provider's page as the person called `name`, from the portal's front page."""
        page = self.go("/")
        page.get_by_role("main").get_by_role("link", name="Sign in").click()
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("navigation", name="Account").get_by_role("link", name=name)).to_be_visible()

    def listen(self, message: ConsoleMessage) -> None:
        """Keep a complaint of a page of the portal; that a page itself was refused is for its test to judge."""
        where = str(message.location.get("url", ""))
        if message.type == "error" and where.startswith(self.origin) and where != self.page.url:
            self.complaints.append(message.text)


@dataclass
class Chromium:
    """A running Chromium; each window has cookies of its own."""

    browser: Browser
    origin: str
    windows: list[Window] = field(default_factory=list)

    def window(self, name: str = "", **options: Any) -> Window:
        """Open a new window, and sign in as the person called `name` unless that is empty."""
        context = self.browser.new_context(**{"viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        window = Window(self.origin, context.new_page())
        window.page.on("console", window.listen)
        self.windows.append(window)
        if name:
            window.sign_in(name)
        return window

    def complaints(self) -> list[str]:
        """What the portal's pages complained about, in any window so far."""
        return [one for window in self.windows for one in window.complaints]

    def close_windows(self) -> None:
        """Close every window that is open yet."""
        for context in self.browser.contexts:
            context.close()


@contextmanager
def launched() -> Iterator[Browser]:
    """The program; it loads pages of this machine alone."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def running(origin: str) -> Iterator[Chromium]:
    """A Chromium of its own for the portal at `origin`."""
    with launched() as browser:
        yield Chromium(browser, origin)
