"""The page of an answer (`--format html`) in a real browser: accessible, at 320 pixels, by keyboard, whatever the levels are called."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.command.html import as_frame, as_html
from tests.factories.records import judged
from tests.house.axe import overflow, violations
from tests.house.chromium import NARROW, WIDE

pytestmark = pytest.mark.browser

LEVELS = ["", " ", "Total", "<script>alert(1)</script>", "מזרח ירושלים", "a\u202eevil", "long " * 60, "unbroken" * 30]
SPECS: list[dict[str, object]] = [
    {"rows": ["g"], "columns": ["s"], "margins": True, "title": "Persons by place and sex " * 4},
    {"rows": ["g"], "statistic": "mean", "measure": "x"},
    {"rows": ["g"], "statistic": "median", "measure": "x", "suppressed": [{"row": ["Total"], "column": []}]},
    {"kind": "scatter", "x": "x", "y": "x"},
    {"kind": "histogram", "measure": "x"},
    {"kind": "survival", "time": "x", "event": "e", "by": ["s"], "times": [20, 60]},
]


def page_of(spec: dict[str, object]) -> str:
    length = 20 * len(LEVELS)
    records: dict[str, list[object]] = {
        "g": [LEVELS[one % len(LEVELS)] for one in range(length)],
        "s": ["x", "y"] * (length // 2),
        "x": [float(one % 97) for one in range(length)],
        "e": [one % 2 for one in range(length)],
    }
    return as_html(judged(records, spec, appetite=Appetite(threshold=12)))


def opened(browser: Browser, folder: Path, page: str, size: object) -> Page:
    (folder / "answer.html").write_text(page, encoding="utf-8")
    window = browser.new_page(viewport=size, java_script_enabled=True)  # type: ignore[arg-type]
    window.goto((folder / "answer.html").as_uri())
    return window


@pytest.mark.parametrize("spec", SPECS, ids=lambda one: str(one.get("kind", one.get("statistic", "count"))))
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_accessible_and_fits(
    browser_program: Browser, tmp_path: Path, spec: dict[str, object], size: object
) -> None:
    page = opened(browser_program, tmp_path, page_of(spec), size)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert overflow(page) == 0
    page.close()


def test_a_flagged_cell_is_reached_and_opened_by_keyboard(browser_program: Browser, tmp_path: Path) -> None:
    page = opened(browser_program, tmp_path, page_of(SPECS[0]), WIDE)
    link = page.get_by_role("link").first
    for _ in range(5):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    there = page.locator("td:target")
    expect(there).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(there.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(there.get_by_text("A reader could learn")).to_be_visible()
    page.close()


def test_a_wide_table_is_scrolled_by_keyboard(browser_program: Browser, tmp_path: Path) -> None:
    page = opened(browser_program, tmp_path, page_of({"rows": ["s"], "columns": ["g"]}), NARROW)
    region = page.get_by_role("region")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.wide').scrollLeft > 0")
    page.close()


def test_links_work_inside_a_notebook_too(browser_program: Browser, tmp_path: Path) -> None:
    """`tre.check` shows the page in a frame without scripts, as `srcdoc`."""
    answer = judged({"g": ["a", "b"] * 8}, {"rows": ["g"]})
    frame = f"<!doctype html><title>n</title>{as_frame(answer)}"
    page = opened(browser_program, tmp_path, frame, WIDE)
    inside = page.frame_locator("iframe")
    inside.get_by_role("link").first.click()
    expect(inside.locator("td:target")).to_be_visible()
    page.close()
