"""What an output checker does with a release request: finds it in the queue, looks at every file, gives a view."""

from playwright.sync_api import Page, expect

from tests.house.chromium import Window


def take(window: Window, request_id: str, title: str) -> Page:
    """Open a request from the queue."""
    page = window.go("/checking")
    page.get_by_role("row", name=title).first.wait_for()
    page.locator(f"a[href='/checking/{request_id}']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page


def look_at(page: Page, name: str) -> None:
    """Open one of the request's files, and see that it is shown."""
    page.get_by_role("navigation", name="Files of this request").get_by_role("link", name=name).click()
    expect(page.locator("#file")).to_contain_text(name)
    shown = page.locator(".tre-check__file img" if name.endswith(".png") else ".tre-check__file table")
    expect(shown).to_be_visible()
    if name.endswith(".png"):
        assert shown.evaluate("(one) => one.complete && one.naturalWidth") > 0, "the picture was not loaded"


def give_view(page: Page, view: str, reason: str) -> None:
    """Say what should happen, and why."""
    page.get_by_label(view, exact=True).check()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Give your view").click()
    expect(page.get_by_role("status").first).to_contain_text("Your view is recorded.")
