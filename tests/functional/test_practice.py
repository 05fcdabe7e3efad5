"""Practice on made-up data in the whole installation: a lay reviewer, without project or training, in the same sandbox.

From the catalogue's button through the real portal, policy server, hub and sandbox; what comes in is the synthetic twin,
and nothing goes out.
"""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.house.parts import wait_until
from tests.house.prepared import OPEN_SECONDS, Prepared
from tests.house.site import Site
from tre.entrypoints.demo.browser import words_of
from tre.entrypoints.demo.notebook import Notebook

pytestmark = pytest.mark.real

WHO = "hugo"
HERE = "/practice/workspace"
TWIN_SECONDS = 120
LOOK = """
import json, os, tre
con = tre.connect()
manifest = json.load(open('/data/manifest.json'))
rows = con.sql("select count(*), count(distinct person) from admissions").fetchone()
joined = con.sql("select count(*) from diagnoses join admissions using (person, admission)").fetchone()
print(json.dumps({"synthetic": manifest["synthetic"], "rows": rows, "joined": joined, "tables": sorted(tre.tables()["name"]),
    "project": os.environ["TRE_PROJECT"]}))
"""
RELEASE = """
import tre
open('/workspace/t.csv', 'w').write('a,b\\n1,2\\n')
try:
    tre.request_release(['/workspace/t.csv'], title='t', context='c')
except tre.NotAccepted as refused:
    print(refused.code, str(refused))
"""
NO_WRITING = "try:\n    open('/data/x', 'w')\nexcept OSError as refused:\n    print(refused.errno)"


@pytest.fixture(scope="module")
def practice(site: Site) -> Iterator[Prepared]:
    """Hugo's browser, once the hospital's twin is ready."""
    prepared = Prepared(site)
    page = "/data/hospital"
    wait_until(
        lambda: f"{HERE}?dataset=hospital" in prepared.browser(WHO).get(page).text,
        seconds=TWIN_SECONDS,
        what="the hospital's synthetic twin is built",
    )
    yield prepared
    prepared.close()


@pytest.fixture(scope="module")
def notebook(practice: Prepared) -> Notebook:
    """A kernel in Hugo's practice workspace, opened from its page."""
    browser = practice.browser(WHO)
    page = browser.get(f"{HERE}?dataset=hospital")
    browser.submit(page, HERE, {"dataset": "hospital"})
    wait_until(lambda: bool(_lab(practice)), seconds=OPEN_SECONDS, what="the workspace opens")
    browser.get(_lab(practice))
    notebook = Notebook(browser=browser, base=_lab(practice).removesuffix("lab"))
    notebook.start()
    return notebook


def _lab(practice: Prepared) -> str:
    answer = practice.browser(WHO).get(f"/api/v1{HERE}").json()
    return str(answer["url"]) if (answer["session"] or {}).get("state") == "live" else ""


def test_code_runs_on_the_twin_and_keys_join(notebook: Notebook) -> None:
    seen = json.loads(notebook.run(LOOK))
    assert seen["synthetic"] is True
    assert seen["project"] == "practice"
    assert seen["tables"] == ["admissions", "deaths", "diagnoses", "gp_registrations", "persons", "prescriptions"]
    assert min(seen["rows"]) > 100
    assert seen["joined"][0] > 100


def test_the_welcome_says_in_capitals_that_the_data_is_made_up(notebook: Notebook, site: Site) -> None:
    folder = site.config.state / "workspaces/practice-hospital" / WHO
    cells = json.loads((folder / "welcome.ipynb").read_text())["cells"]
    assert "".join(cells[0]["source"]).startswith("# PRACTICE: THIS DATA IS MADE UP")
    assert notebook.run("import os; print(os.path.exists('/workspace/welcome.ipynb'))").strip() == "True"


def test_nothing_can_be_released_and_the_refusal_says_why(notebook: Notebook) -> None:
    said = notebook.run(RELEASE)
    assert said.startswith("sessions.practice.nothing_leaves")
    assert "made up" in said
    assert "Copy your code into your project's workspace" in said
    assert notebook.run("print(len(tre.status()))").strip() == "0"


def test_it_has_the_same_walls_and_an_account_of_its_own(notebook: Notebook, site: Site) -> None:
    assert notebook.run(NO_WRITING).strip() == "30", "read-only"
    assert "Network is unreachable" in notebook.run(
        "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as refused:\n    print(refused)"
    )
    inside = site.processes(f"practice-hospital/{WHO}")
    kernels = [line for line in inside if "ipykernel" in line]
    assert kernels
    if os.geteuid() == 0:
        status = Path("/proc", kernels[0].split(":")[0], "status").read_text()
        uid = int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1])
        assert uid > 170_000
        folder = site.config.state / "workspaces/practice-hospital" / WHO
        assert (folder.stat().st_uid, stat.S_IMODE(folder.stat().st_mode)) == (uid, 0o700)


def test_it_is_stopped_from_its_page(practice: Prepared, notebook: Notebook, site: Site) -> None:
    assert practice.post(WHO, f"{HERE}/stop").status_code == httpx.codes.SEE_OTHER
    wait_until(
        lambda: not site.processes(f"practice-hospital/{WHO}"),
        seconds=10,
        what=f"{notebook.base} and its processes are gone",
    )
    assert "Practice with made-up data" in words_of(practice.browser(WHO).get(HERE).text)
