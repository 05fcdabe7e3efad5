"""axe-core in a real page: what it finds against accessibility, in words that say where."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from infra.setup.paths import places

PROGRAM = "node_modules/axe-core/axe.min.js"
RUN = "() => axe.run(document, {resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """Return a line for each violation on the page, best practices among them."""
    if page.evaluate("() => typeof axe === 'undefined'"):
        page.evaluate((Path(places().node_parts) / PROGRAM).read_text())
    found: dict[str, Any] = page.evaluate(RUN)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    width: int = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return max(0, width)
