"""Owns the walk's steps in the workspace: open it, compute something real, ask for release. Must never use a right of its own."""

import hashlib
import re
import time
from dataclasses import dataclass, field

from tre.entrypoints.demo.applying import Walk
from tre.entrypoints.demo.browser import ANY_STATUS, WalkFailed, words_of
from tre.entrypoints.demo.notebook import Notebook
from tre.entrypoints.demo.report import until

OPEN_SECONDS = 60.0
NOTEBOOKS = ("examples/blood-pressure.ipynb", "examples/admissions.ipynb")
LIBRARIES = "import pandas, matplotlib, statsmodels, lifelines, duckdb, acro, tre; print('all there')"
HASHES = """
import hashlib, pathlib
for path in sorted(pathlib.Path("/workspace/outputs").iterdir()):
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""
LATER_EDIT = """
import pathlib
for path in pathlib.Path("/workspace/outputs").iterdir():
    path.write_text("changed after the request")
"""


@dataclass(kw_only=True)
class Work:
    """What the researcher has in hand: the kernel, and the SHA-256 of each file as it was handed in."""

    notebook: Notebook
    handed_in: dict[str, str] = field(default_factory=dict)


def open_workspace(walk: Walk) -> Work:
    """Open the workspace from the project's page and start a kernel in it."""
    browser, began = walk.browser("amina"), time.monotonic()
    browser.submit(browser.get(walk.here), "/workspace")

    def address() -> str | None:
        page = browser.get(f"{walk.here}/workspace").text
        found = re.search(r'href="(http://amina\.[^"]+/lab)"', page)
        return found[1] if found else None

    lab = until(walk.report, "the workspace starts", address, seconds=OPEN_SECONDS)
    answer = browser.get(lab, expect=ANY_STATUS)  # signs in to the hub silently on the way
    if "jupyterlab" not in answer.text.lower():
        raise WalkFailed(f"{lab} shows no JupyterLab: {answer.status_code} {words_of(answer.text)[:200]}")
    walk.report.evidence(f"JupyterLab answers at {lab} after {time.monotonic() - began:.1f} s")
    notebook = Notebook(browser=browser, base=lab.removesuffix("lab"))
    notebook.start()
    walk.report.evidence(
        f"a kernel with pandas, matplotlib, statsmodels, lifelines, duckdb, acro: {notebook.run(LIBRARIES).strip()}"
    )
    welcome = notebook.cells_of("welcome.ipynb")
    for cell in welcome:
        notebook.run(cell)
    walk.report.evidence(f"the welcome notebook's {len(welcome)} cells ran; tables: {notebook.run(TABLES).strip()}")
    return Work(notebook=notebook)


TABLES = "import tre; print(', '.join(tre.tables()['name']))"


def show_walls(walk: Walk, work: Work) -> None:
    """A few of the walls, shown from inside; tests/attacks tries them all."""
    for what, code in WALLS.items():
        seen = work.notebook.run(code).strip()
        if not seen.startswith("refused"):
            raise WalkFailed(f"{what} was not refused: {seen[:200]}")
        walk.report.evidence(f"{what}: {seen[:120]}")


def compute_and_request(walk: Walk, work: Work) -> None:
    """Run the example notebooks, which end in a release request each; then change the files in the workspace."""
    for name in NOTEBOOKS:
        seen = ""
        for cell in work.notebook.cells_of(name):
            seen += work.notebook.run(cell) + "\n"
        found = re.search(r"Release request (\S+):", seen)
        if not found:
            raise WalkFailed(f"{name} asked for no release: {seen[-300:]}")
        walk.request_ids.append(found[1])
        walk.report.evidence(f"{name}: release request {found[1]}")
    for line in work.notebook.run(HASHES).strip().splitlines():
        file, sha256 = line.rsplit(" ", 1)
        work.handed_in[file] = sha256
    work.notebook.run(LATER_EDIT)
    changed = hashlib.sha256(b"changed after the request").hexdigest()
    if changed in work.handed_in.values():
        raise WalkFailed("the files were changed before they were handed in")
    walk.report.evidence(
        f"{len(work.handed_in)} files handed in; then overwritten in the workspace, which must change nothing"
    )


def request_with_findings(walk: Walk, work: Work) -> str:
    """Ask for a file with small cells and NHS numbers, and one that cannot be checked; return the request's id."""
    seen = work.notebook.run(RISKY)
    found = re.search(r"Release request (\S+):", seen)
    if not found:
        raise WalkFailed(f"no request: {seen[-300:]}")
    page = words_of(walk.browser("amina").get(f"/outputs/{found[1]}").text)
    for wanted in ("NHS number", "10", "cannot be checked"):
        if wanted.lower() not in page.lower():
            raise WalkFailed(f"the findings do not speak of {wanted!r}: {page[:600]}")
    walk.report.evidence(
        f"request {found[1]}: found a cell under 10 persons, an NHS number, a file that cannot be checked"
    )
    return found[1]


_TRY = """
def attempt(act):
    try:
        print("not refused:", act())
    except BaseException as error:
        print("refused,", type(error).__name__, str(error)[:80])
"""
WALLS = {
    "name look-up": _TRY + "import socket; attempt(lambda: socket.getaddrinfo('example.org', 443))",
    "the portal's port": _TRY + "import socket; attempt(lambda: socket.create_connection(('127.0.0.1', 8000), 2))",
    "writing to /data": _TRY + "attempt(lambda: open('/data/x', 'w'))",
    "reading /etc/shadow": _TRY + "attempt(lambda: open('/etc/shadow').read())",
}
RISKY = """
import pathlib, pickle, tre
folder = pathlib.Path("/workspace/risky")
folder.mkdir(exist_ok=True)
(folder / "counts.csv").write_text("area,persons\\nNorth,3\\nSouth,40\\n")
(folder / "people.csv").write_text("nhs_number,value\\n9990000018,1\\n")
(folder / "model.pkl").write_bytes(pickle.dumps({"a": 1}))
print(repr(tre.request_release(sorted(folder.iterdir()), title="Files that should not leave", context="To see what the checks say.")))
"""
