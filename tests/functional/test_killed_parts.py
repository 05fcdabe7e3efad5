"""Each part is killed in turn: it is back within ten seconds, open workspaces go on, and meanwhile nothing is granted."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.house.axe import violations
from tests.house.chromium import Chromium
from tests.house.parts import wait_until
from tests.house.prepared import LEAD, Prepared
from tests.house.site import Site
from tre.entrypoints.demo.browser import ANY_STATUS
from tre.entrypoints.demo.notebook import Notebook
from tre.entrypoints.supervise.health import is_healthy
from tre.entrypoints.supervise.parts import Part

pytestmark = pytest.mark.real

PARTS = ("opa", "idp", "proxy", "portal", "session-api", "broker", "timer", "hub")
TOLD_BY_READYZ = ("opa", "idp", "hub", "session-api")  # broker and timer give signs of life instead of answers
BACK_WITHIN = 10.0  # seconds
TOLD_WITHIN = 6.0
UNDECIDED = "It cannot be decided now whether you may do this"


@dataclass
class Work:
    """Ben at work: his project, and a kernel in his workspace that knows `answer`."""

    prepared: Prepared
    notebook: Notebook

    def answers(self) -> bool:
        """Say whether the workspace's server answers Ben's browser."""
        page = self.prepared.browser(LEAD).client.get(f"{self.notebook.base}api/status")
        return page.status_code == httpx.codes.OK and "kernels" in page.text


@pytest.fixture(scope="module")
def work(bens_project: Prepared) -> Work:
    notebook = bens_project.open_workspace()
    notebook.run("answer = 42")
    return Work(bens_project, notebook)


@contextmanager
def paused(site: Site, name: str) -> Iterator[None]:
    """A part that is there and does not move."""
    pid = site.look()[name].pid
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: _stands_still(pid), seconds=BACK_WITHIN, what=f"{name} stands still")
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
        wait_until(lambda: site.look()[name].is_healthy, seconds=BACK_WITHIN, what=f"{name} goes on")


def _stands_still(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "T"  # proc(5): stopped on a signal


@dataclass(frozen=True)
class Killed:
    """A part that was killed: its process then, and when (seconds since 1970)."""

    part: Part
    pid: int
    at: float

    def is_back(self, site: Site) -> bool:
        """Say whether it answers as another process; if it serves nothing, whether that has given a sign of life."""
        now = site.look()[self.part.name]
        if not now.is_healthy or now.pid in (0, self.pid):
            return False
        kind, _, rest = self.part.health.partition(":")
        return kind != "beat" or Path(rest.rpartition(":")[0]).stat().st_mtime > self.at


def kill(site: Site, name: str) -> Killed:
    """Kill a part."""
    pid = site.look()[name].pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    return Killed(next(one for one in site.parts if one.name == name), pid, time.time())


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_part_is_back_and_the_workspace_went_on(site: Site, work: Work, name: str) -> None:
    killed = kill(site, name)
    wait_until(lambda: killed.is_back(site), seconds=BACK_WITHIN, what=f"{name} is back")
    wait_until(work.answers, seconds=BACK_WITHIN, what="the workspace is reached, by its route")
    assert work.notebook.run("print(answer)").strip() == "42", "the same kernel"
    wait_until(
        lambda: all(one.is_healthy for one in site.look().values()), seconds=BACK_WITHIN, what="every part answers"
    )


def test_a_workspace_answers_while_the_hub_is_away(site: Site, work: Work) -> None:
    with paused(site, "hub"):
        assert work.answers()
        assert work.notebook.run("print(answer + 1)").strip() == "43"


@pytest.mark.parametrize("name", TOLD_BY_READYZ)
def test_readyz_names_the_part_that_is_missing(site: Site, name: str) -> None:
    def missing() -> list[str]:
        found: list[str] = httpx.get(f"{site.origin}/readyz", timeout=10).json()["missing"]
        return found

    with paused(site, name):
        wait_until(lambda: missing() == [name], seconds=TOLD_WITHIN, what=f"{name} is told to be missing")
        assert httpx.get(f"{site.origin}/healthz").status_code == httpx.codes.OK
        assert httpx.get(f"{site.origin}/health").status_code == httpx.codes.SERVICE_UNAVAILABLE
    wait_until(lambda: missing() == [], seconds=TOLD_WITHIN, what="nothing is missing")


def test_nothing_is_granted_while_the_policy_server_stands_still(site: Site, work: Work) -> None:
    with paused(site, "opa"):
        for person, path, values in (
            (LEAD, f"{work.prepared.here}/workspace", {}),
            (LEAD, "/projects/new", {}),
            ("farah", "/people/ben/roles", {"role": "output_checker"}),
        ):
            answer = work.prepared.post(person, path, **values)
            assert (answer.status_code, UNDECIDED in answer.text) == (httpx.codes.SERVICE_UNAVAILABLE, True), path
        assert work.answers(), "what is open goes on for now"


def test_nothing_is_granted_while_the_policy_server_comes_back(site: Site, work: Work) -> None:
    killed, answers = kill(site, "opa"), []
    while not is_healthy(killed.part.health):
        answers.append(work.prepared.post(LEAD, f"{work.prepared.here}/workspace"))
    assert answers, "it was asked meanwhile"
    # the last answer may have come after the server did
    assert {one.status_code for one in answers[:-1]} <= {httpx.codes.SERVICE_UNAVAILABLE}
    wait_until(lambda: killed.is_back(site), seconds=BACK_WITHIN, what="the policy server is back")


def test_nobody_signs_in_while_the_provider_is_away(site: Site) -> None:
    with paused(site, "idp"), httpx.Client(base_url=site.origin, follow_redirects=True, timeout=30) as visitor:
        answer = visitor.get("/auth/login")
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "sign" in answer.text.lower()


@pytest.mark.browser
def test_a_page_asked_for_meanwhile_says_so_and_comes_by_itself(site: Site, chromium: Chromium) -> None:
    window = chromium.window()
    kill(site, "portal")
    page = window.go("/how-it-is-kept-safe")
    expect(page.get_by_role("heading", level=1)).to_have_text("The portal is starting again")
    assert violations(page) == []
    expect(page.get_by_role("heading", level=1)).to_have_text("How it is kept safe")
    page.context.close()


def test_ctrl_c_ends_all_of_it_and_the_workspace(site: Site, work: Work) -> None:
    assert site.processes(f"{work.prepared.project_id}/{LEAD}")
    began = time.monotonic()
    site.interrupt()
    wait_until(lambda: not site.processes(), seconds=3, what="nothing is left")
    assert time.monotonic() - began < 60
    site.start()
    work.prepared.close()
    assert work.prepared.browser(LEAD).get(work.prepared.here, expect=ANY_STATUS).status_code == httpx.codes.OK
