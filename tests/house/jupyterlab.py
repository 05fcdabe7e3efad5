"""What a researcher does in JupyterLab's own page: by its file list, its menus and its keys."""

import re

from playwright.sync_api import Page, expect

OPENING = 60_000  # milliseconds
RUNNING = 90_000
ENTRY, CELL = ".jp-DirListing-item", ".jp-Notebook:visible .jp-CodeCell"
REQUEST = re.compile(r"Release request (r-\w+)")


def wait_for_lab(page: Page) -> None:
    """Wait until JupyterLab has drawn itself and lists the workspace's files."""
    page.wait_for_selector(f"{ENTRY}:has-text('examples')", timeout=OPENING)


def open_example(page: Page, name: str) -> None:
    """Open a notebook of the folder `examples` by double clicks."""
    page.locator(ENTRY, has_text="examples").dblclick()
    page.locator(ENTRY, has_text=name).dblclick()
    page.get_by_role("tab", name=name).wait_for()
    page.locator(CELL).first.wait_for(timeout=OPENING)
    _wait_for_kernel(page)


def run_all(page: Page) -> str:
    """Run all cells by the menu; return the id of the release request that the notebook ends in."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return _request_shown(page, 1)


def run_in_new_cell(page: Page, code: str) -> str:
    """Add a cell at the end by keys, write `code`, run it; return the id of the second release request on the page."""
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    return _request_shown(page, 2)


def save(page: Page) -> None:
    """Save the notebook by its key."""
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)


def _wait_for_kernel(page: Page) -> None:
    """Before a kernel is there the notebook's own sign says idle already: the line at the foot of the page knows better."""
    expect(page.locator("#jp-main-statusbar")).to_contain_text("Python 3 (ipykernel) | Idle", timeout=OPENING)


def _request_shown(page: Page, number: int) -> str:
    shown = page.locator(".jp-OutputArea-output", has_text=REQUEST)
    faults = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']", has_text="Error")
    expect(shown.or_(faults)).to_have_count(number, timeout=RUNNING)
    found = REQUEST.search(shown.nth(number - 1).inner_text())
    assert found, shown.all_inner_texts()
    _wait_for_kernel(page)
    return found[1]
