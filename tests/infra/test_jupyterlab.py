"""JupyterLab behind the front door, in Chromium: fully usable, and its page cannot send anything to anywhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.house.chromium import running
from tests.house.door import SERVER
from tests.house.lab import Lab, notebook
from tests.house.parts import free_port, wait_until
from tests.house.upstream import Upstream

pytestmark = [pytest.mark.real, pytest.mark.browser]
FILES = {
    "work.ipynb": notebook("print(6 * 7)"),
    "code.py": "answer = 42\n",
    "notes.md": "# Plan\n",
    "table.csv": "secret,1\n",
    "hidden.txt": "x",
    "run.v1/inner.py": "inner = 1\n",
}

# Ways for a script in a page to reach another origin; each returns when it has tried.
SENDING = """async (spy) => {
  const tried = (make) => new Promise((done) => { const one = make(done); if (one instanceof Node) document.body.append(one); setTimeout(done, 400); });
  const element = (tag, given) => Object.assign(document.createElement(tag), given);
  const worker = `fetch('${spy}/worker', {mode: 'no-cors'}); try { importScripts('${spy}/import') } catch {}`;
  await fetch(`${spy}/fetch`, {mode: 'no-cors'}).catch(() => 0);
  navigator.sendBeacon(`${spy}/beacon`, 'x');
  await tried(() => element('img', {src: `${spy}/img`}));
  await tried(() => element('link', {rel: 'stylesheet', href: `${spy}/style`}));
  await tried(() => element('script', {src: `${spy}/script`}));
  await tried(() => element('iframe', {src: `${spy}/frame`}));
  await tried(() => element('object', {data: `${spy}/object`}));
  await tried(() => element('video', {src: `${spy}/video`}));
  await tried(() => element('style', {textContent: `body { background: url(${spy}/background) } @import url(${spy}/import.css);`}));
  for (const rel of ['prefetch', 'preload', 'preconnect', 'dns-prefetch', 'modulepreload', 'prerender']) await tried(() => element('link', {rel, as: 'image', href: `${spy}/${rel}`}));
  await tried(() => element('script', {type: 'speculationrules', textContent: JSON.stringify({prefetch: [{source: 'list', urls: [`${spy}/speculation`]}]})}));
  await tried(() => { const a = element('a', {href: '#', ping: `${spy}/ping`}); a.click(); return a; });
  await tried(() => { const form = element('form', {action: `${spy}/form`, method: 'post', target: 'elsewhere'}); document.body.append(form); form.submit(); });
  await tried(() => { const form = element('form', {action: `${spy}/form2`, method: 'post'}); document.body.append(form); form.submit(); });
  await tried(() => { new WebSocket(`${spy.replace('http', 'ws')}/x/channels`); });
  await tried(() => { new EventSource(`${spy}/events`); });
  await tried(() => { new Worker(URL.createObjectURL(new Blob([worker]))); });
  await tried(() => { window.open(`${spy}/popup`); });
}"""
SAVING = """(data) => {
  const click = (href) => { const a = Object.assign(document.createElement('a'), {href, download: 'result.csv'}); document.body.append(a); a.click(); };
  click(URL.createObjectURL(new Blob(['a,b'])));
  click('data:text/csv,a,b');
  click(data);
}"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A running JupyterLab."""
    lab = Lab(FILES)
    (lab.folder / "hidden.txt").write_bytes(b"\xff\xfe\x00binary")  # no text: Jupyter would send it as base64
    try:
        yield lab.start()
    finally:
        lab.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with running("") as chromium:
        yield chromium.browser


@pytest.fixture
def page(browser: Browser, lab: Lab) -> Iterator[Page]:
    """The notebook, open in a browser of its own."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(f"{lab.address}/lab/tree/work.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    yield page
    context.close()


def test_a_notebook_is_opened_run_and_saved(page: Page, lab: Lab) -> None:
    page.wait_for_selector("#jp-main-statusbar :text('| Idle')", timeout=60_000)
    page.click(".jp-CodeCell .cm-content")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".jp-OutputArea-output:has-text('42')", timeout=20_000)
    page.keyboard.press("Control+s")
    wait_until(lambda: '"42\\n"' in lab.read("work.ipynb"), seconds=10, what="it is saved")


def test_files_are_browsed_edited_and_uploaded(page: Page, lab: Lab, tmp_path: Path) -> None:
    page.dblclick(".jp-DirListing-item:has-text('run.v1')")
    page.dblclick(".jp-DirListing-item:has-text('inner.py')")
    page.wait_for_selector(".jp-FileEditor:visible .cm-line:has-text('inner = 1')", timeout=10_000)
    page.click(".jp-FileEditor:visible .cm-content")
    page.keyboard.type("more = 2\n")
    page.keyboard.press("Control+s")
    wait_until(lambda: "more = 2" in lab.read("run.v1/inner.py"), seconds=10, what="it is saved")
    (tmp_path / "list.md").write_text("# list\n")
    with page.expect_file_chooser() as chooser:
        page.click("[data-command='filebrowser:upload'], jp-button[title*='Upload']")
    chooser.value.set_files(tmp_path / "list.md")
    wait_until((lab.folder / "run.v1/list.md").exists, seconds=10, what="it is uploaded")


def test_a_result_is_not_shown_and_the_page_says_why(page: Page) -> None:
    page.dblclick(".jp-DirListing-item:has-text('table.csv')")
    page.wait_for_selector(".jp-Dialog:has-text('request their release')", timeout=10_000)


def test_jupyter_gives_no_bytes_of_a_result(lab: Lab) -> None:
    for path in (
        "table.csv",
        "table.csv?content=1",
        "table.csv?type=directory",
        "hidden.txt",
        "hidden.txt?content=1",
        "hidden.txt?type=file",
    ):
        reply = lab.door.ask(f"{SERVER}/api/contents/{path}")
        assert reply.status == 400, reply
        assert b"secret" not in reply.body
        assert b"base64" not in reply.body
    assert lab.door.ask(f"{SERVER}/api/contents/code.py").json["content"] == "answer = 42\n"


def test_the_page_reaches_no_other_origin(page: Page) -> None:
    spy = Upstream(port=free_port())
    spy.start()
    page.evaluate(SENDING, f"http://127.0.0.1:{spy.port}")
    page.wait_for_timeout(1000)
    seen = [request.uri for request in spy.take()]
    spy.stop()
    assert seen == []
    assert len(page.context.pages) == 1
    assert page.url.startswith("http://amina.localhost")


def test_the_page_saves_nothing_to_disk(page: Page, lab: Lab) -> None:
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.url))
    page.evaluate(SAVING, f"{lab.address}/api/contents/code.py?type=file&format=text")
    page.wait_for_timeout(1500)
    assert saved == []


def test_the_page_is_in_nobodys_frame(page: Page, lab: Lab) -> None:
    other = page.context.new_page()
    other.goto(f"http://{lab.door.portal_host}/")
    other.set_content(f"<iframe src='{lab.address}/lab'></iframe>")
    other.wait_for_timeout(1500)
    assert [frame.url for frame in other.frames][1:] in ([], ["chrome-error://chromewebdata/"])
