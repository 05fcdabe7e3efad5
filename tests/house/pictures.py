"""The pictures of the README, taken by the browser story from the pages as they are."""

import os

from playwright.sync_api import Page

from infra.setup.paths import CHECKOUT
from tests.house.chromium import WIDE

FOLDER = CHECKOUT / "docs/pictures"


def take_picture(page: Page, name: str, *, height: int = WIDE["height"]) -> None:
    """Write docs/pictures/NAME.png if it is not there, or where TRE_PICTURES=1 asks for new ones: else the tree stays clean.

    Args:
        height: pixels of the page to show, from its top.
    """
    path = FOLDER / f"{name}.png"
    if path.exists() and os.environ.get("TRE_PICTURES") != "1":
        return
    page.set_viewport_size({**WIDE, "height": height})
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path, animations="disabled", caret="hide")
    page.set_viewport_size(WIDE)
