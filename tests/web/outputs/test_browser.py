"""The pages of outputs and checking in a real browser: accessible, by keyboard, at 320 pixels, and without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from output_checking.presenters import RequestView
from tests.factories.outputs import png
from tests.fixtures.outputs_web import TABLE, OutputsPortal
from tests.house.opened import Opened

pytestmark = pytest.mark.browser

TEXT = b"Method. Mean of the second and third reading.\nOne person, born 12/03/1956, was left out.\n"


@pytest.fixture
def outputs(outputs_portal: OutputsPortal) -> OutputsPortal:
    """Requests, and who acts on them."""
    return outputs_portal


def _mixed(outputs: OutputsPortal) -> RequestView:
    return outputs.submit(means_csv=TABLE, plot_png=png(width=480, height=300), method_txt=TEXT, model_json=b'{"a": 1}')


def test_every_page_is_accessible_and_fits_320_pixels(opened: Opened, outputs: OutputsPortal) -> None:
    mixed, waiting = _mixed(outputs), outputs.submit()
    outputs.vote(waiting.request_id, "changes", by=["cara"], comment="Round it.")
    returned, released = outputs.submit(), outputs.submit(means_csv=TABLE, plot_png=png())
    outputs.vote(returned.request_id, "changes", comment="Merge the bands.")
    outputs.vote(released.request_id)
    files = {one.name: one.file_id for one in mixed.present.files}
    pages = [("amina", "/outputs", "outputs-list"), ("amina", "/outputs?state=refused", "outputs-none"), ("cara", "/checking", "queue"), ("esme", "/checking", "queue-barred"), ("esme", f"/checking/{mixed.request_id}", "check-barred"), ("cara", f"/checking/{waiting.request_id}", "check-voted")]  # fmt: skip
    pages += [
        ("amina", f"/outputs/{one.request_id}", f"outputs-{one.title}-{name}")
        for one, name in ((mixed, "mixed"), (returned, "returned"), (released, "released"))
    ]
    pages += [
        ("cara", f"/checking/{mixed.request_id}?file={file_id}", f"check-{name}") for name, file_id in files.items()
    ]
    pages += [
        ("cara", f"/outputs/{mixed.request_id}/files/{file_id}", f"file-{name}") for name, file_id in files.items()
    ]
    named = [(person, path, name.replace(" ", "-")) for person, path, name in pages]
    assert [one for person, path, name in named for one in opened.faults(person, path, name=name)] == []
    assert opened.chromium.complaints() == []


def test_a_checker_moves_opens_and_votes_with_the_keyboard(opened: Opened, outputs: OutputsPortal) -> None:
    request = outputs.submit(a_csv=TABLE, b_txt=b"Nothing special.\n")
    page = opened.page("cara", f"/checking/{request.request_id}")
    expect(page.get_by_role("heading", name="a.csv")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="b.txt")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="a.csv")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("next file", exact=True)).to_be_visible()
    page.keyboard.press("v")
    expect(page.get_by_role("radio", name="Approve")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("c")
    expect(page.get_by_role("textbox", name="Reason")).to_be_focused()
    page.keyboard.type("jk?v: seven of many.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Another checker's view is needed")).to_be_visible()


def test_a_checker_does_all_of_it_without_a_script(opened: Opened, outputs: OutputsPortal) -> None:
    request = outputs.submit(a_csv=TABLE, b_png=png(width=40))
    outputs.vote(request.request_id, by=["dev"])
    page = opened.page("cara", f"/checking/{request.request_id}", java_script_enabled=False)
    page.get_by_role("link", name="Row 3, column “n”").click()
    expect(page.locator("#row-3 .tre-flag")).to_contain_text("7 Warning")
    page.get_by_role("link", name="Next file").click()
    expect(page.get_by_role("img", name="The picture b.png")).to_be_visible()
    page.get_by_text("Approve", exact=True).click()
    page.get_by_role("button", name="Give your view").click()
    expect(
        page.get_by_role("link", name="There are warnings: write why it can be released all the same.")
    ).to_be_visible()
    page.get_by_role("textbox", name="Reason").fill("Seven of many thousands.")
    page.get_by_role("button", name="Give your view").click()
    expect(page.get_by_text("the files are released")).to_be_visible()


def test_a_hostile_file_runs_nothing_on_the_portals_origin(opened: Opened, outputs: OutputsPortal) -> None:
    hostile = b"band,n\n<script>document.title='owned'</script>,20\n\"<img src=x onerror=document.title='owned'>\",30\n"
    request = outputs.submit(a_csv=hostile, b_png=png() + b"<script>document.title='owned'</script>")
    ids = [one.file_id for one in request.present.files]
    paths = [f"/checking/{request.request_id}?file={one}" for one in ids]
    paths += [f"/outputs/{request.request_id}/files/{one}" for one in ids]
    for path in paths:
        page = opened.page("cara", path)
        page.wait_for_load_state()
        assert page.title() != "owned", path
    assert opened.chromium.complaints() == []
    page = opened.page("cara", f"/outputs/{request.request_id}/files/{ids[1]}/picture")
    assert page.title() != "owned"
    assert page.evaluate("() => window.origin") == "null"


def test_downloads_are_saved_and_never_opened(opened: Opened, outputs: OutputsPortal, tmp_path: Path) -> None:
    request = outputs.submit(a_csv=TABLE)
    outputs.vote(request.request_id)
    page = opened.page("amina", f"/outputs/{request.request_id}")
    with page.expect_download() as started:
        page.get_by_role("link", name="a.csv").first.click()
    started.value.save_as(tmp_path / "got.csv")
    assert (tmp_path / "got.csv").read_bytes() == TABLE
    assert started.value.suggested_filename == "a.csv"
