"""A browser before a test's portal: windows of its persons, and what is wrong with a page, wide and narrow."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.house.axe import overflow, violations
from tests.house.chromium import NARROW, WIDE, Chromium, Window
from tests.house.portal import Portal
from tre.entrypoints.app import COOKIE

Act = Callable[[Page], None]


def nothing(_page: Page) -> None:
    """Look at the page as it comes."""


def click(name: str) -> Act:
    """Press a button, then look."""
    return lambda page: page.get_by_role("button", name=name).click()


def unfold(page: Page) -> None:
    """Open what is folded, then look."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@dataclass
class Opened:
    """A browser before the portal.

    Args:
        own: each person's own window, in which they go from page to page.
    """

    portal: Portal
    chromium: Chromium
    own: dict[str, Window] = field(default_factory=dict)

    def window(self, person_id: str, **options: Any) -> Window:
        """Open a new window of a person who is signed in (of nobody, if empty)."""
        window = self.chromium.window(**options)
        if person_id:
            cookie = self.portal.cookie(person_id)
            window.context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.portal.origin}])
        return window

    def page(self, person_id: str, path: str, **options: Any) -> Page:
        """Open a new window of a person at a page."""
        return self.window(person_id, **options).go(path)

    def faults(self, person_id: str, path: str, act: Act = nothing, *, name: str = "") -> list[str]:
        """Have a person load a page wide and again narrow, and do something; return a line for each fault there is.

        Args:
            name: of its pictures, kept where TRE_PICTURES names a folder, for people to look at.
        """
        if person_id not in self.own:
            self.own[person_id] = self.window(person_id)
        window, found = self.own[person_id], []
        name = name or f"{person_id}{path}".replace("/", "_")
        for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
            window.page.set_viewport_size(viewport)
            page = window.go(path)
            act(page)
            page.wait_for_load_state()
            found += [f"{name} {size}: {one}" for one in violations(page)]
            found += [f"{name} {size}: {over} px too wide"] if (over := overflow(page)) else []
            if folder := os.environ.get("TRE_PICTURES"):
                page.screenshot(path=Path(folder) / f"{name}-{size}.png", full_page=True)
        return found
