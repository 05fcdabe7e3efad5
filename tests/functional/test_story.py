"""The walk by persons in real browsers, from signing in to the end of a suspended project's session, in this order.

Amina applies; Gwen, Hugo and Farah decide; Amina works in JupyterLab's own page and asks for release; Cara and Dev
check; Amina downloads; the public reads; Farah suspends. Each test goes on where the one before ended.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.certificates import PDF
from tests.house import applying, checking, jupyterlab
from tests.house.applying import LAY_SUMMARY, TITLE
from tests.house.chromium import Chromium, Window
from tests.house.parts import wait_until
from tests.house.pictures import take_picture
from tests.house.site import Site
from tre.entrypoints.app import COOKIE

pytestmark = pytest.mark.browser

CLEAN_TITLE = "Mean systolic blood pressure by age band and sex"
FILES = ("mean-systolic-by-age-and-sex.csv", "mean-systolic-by-age-and-sex.png")
SMALL_TITLE = "Very high blood pressure by age and sex"
SMALL_COUNTS = f"""query = "select RIDAGEYR // 10 * 10 as age_from, RIAGENDR as sex, count(*) as persons from respondents where BPXSY1 >= 160 group by all order by all"
con.execute(query).df().to_csv(outputs / "very-high-by-age.csv", index=False)
tre.request_release([outputs / "very-high-by-age.csv"], title="{SMALL_TITLE}", context="Persons with a first reading of 160 or more.")"""

END_SECONDS = 5.0  # within which a suspended project's session has ended

FETCHES = "(where) => fetch(where, {method: 'POST', credentials: 'include', body: 'view=approve'}).then((one) => `${one.status}`, String)"
ASKS_SERVER = "() => fetch('../api/status', {cache: 'no-store'}).then((one) => one.status, () => 0)"
SENDS_FORM = """(where) => {
  const form = Object.assign(document.createElement('form'), {method: 'post', action: where});
  document.body.append(form);
  form.submit();
}"""


@dataclass
class Story:
    """What the tests of the story hand on to each other."""

    site: Site
    chromium: Chromium
    people: dict[str, Window] = field(default_factory=dict)
    project_id: str = ""
    clean: str = ""
    flagged: str = ""
    lab: Page = field(init=False, repr=False)

    def window(self, name: str) -> Window:
        """The browser of the person called `name`, signed in."""
        if name not in self.people:
            self.people[name] = self.chromium.window(name)
        return self.people[name]

    @property
    def amina(self) -> Window:
        """The researcher's browser."""
        return self.window("Amina Okafor")

    @property
    def here(self) -> str:
        """The project's address on the portal."""
        return f"/projects/{self.project_id}"


@pytest.fixture(scope="module")
def story(site: Site, chromium: Chromium) -> Iterator[Story]:
    """The story so far."""
    told = Story(site, chromium)
    yield told
    for window in told.people.values():
        window.context.close()


def test_one_factor_is_not_enough(chromium: Chromium) -> None:
    page = chromium.window().go("/auth/login")
    page.get_by_role("button", name="Ivan Novak").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were not signed in")
    page.context.close()


def test_the_researcher_puts_her_standing_in_order(story: Story, tmp_path: Path) -> None:
    page = story.amina.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Amina Okafor")
    expect(page.get_by_text("Missing")).to_have_count(2)
    certificate = tmp_path / "certificate.pdf"
    certificate.write_bytes(PDF)
    applying.record_training(story.amina, certificate)
    applying.sign_terms(story.amina)


def test_she_applies_and_cannot_open_a_workspace_yet(story: Story) -> None:
    story.project_id = applying.apply(story.amina, colleague="esme")
    page = story.amina.page
    expect(page.get_by_text("You cannot open it now")).to_be_visible()
    expect(page.get_by_role("button", name="Open workspace")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Gwen Pritchard", "The columns fit the question, and no more is asked for."),
        ("Hugo Brandt", "People would want this known, and nobody is shown."),
        ("Farah Haddad", "The basis is sound and the team is trained."),
    ],
)
def test_each_decides_on_a_page_of_their_own(story: Story, name: str, reason: str) -> None:
    applying.decide(story.window(name), TITLE, reason)


def test_the_page_shows_how_the_data_is_made_ready(story: Story) -> None:
    seen = applying.watch_snapshot(story.amina, story.project_id)
    assert seen[-1] == "Ready"
    expect(story.amina.page.get_by_role("row", name=re.compile("respondents"))).to_be_visible()


def test_she_opens_the_workspace_from_the_project_page(story: Story) -> None:
    page = story.amina.go(story.here)
    page.get_by_role("button", name="Open workspace").click()
    link = page.get_by_role("button", name="Go to the workspace")
    expect(link).to_be_visible(timeout=jupyterlab.OPENING)
    story.lab = story.amina.context.new_page()
    story.lab.goto(link.get_attribute("href") or "")
    jupyterlab.wait_for_lab(story.lab)
    assert story.lab.url.startswith(f"http://amina.localhost:{story.site.config.front_port}/"), "signed in silently"


def test_the_example_notebook_runs_by_the_menu_and_asks_for_release(story: Story) -> None:
    jupyterlab.open_example(story.lab, "blood-pressure.ipynb")
    story.clean = jupyterlab.run_all(story.lab)
    expect(story.lab.locator(".jp-OutputArea-output img")).to_have_count(1)
    story.lab.locator(".jp-OutputArea-output img").scroll_into_view_if_needed()
    take_picture(story.lab, "workspace")
    jupyterlab.save(story.lab)


def test_a_second_request_has_small_counts(story: Story) -> None:
    story.flagged = jupyterlab.run_in_new_cell(story.lab, SMALL_COUNTS)
    page = story.amina.go(f"/outputs?project={story.project_id}")
    for request_id in (story.clean, story.flagged):
        expect(page.get_by_role("row", name=request_id)).to_contain_text("Submitted")
    expect(page.get_by_text(SMALL_TITLE)).to_have_count(0)  # nobody has checked its words yet
    page.get_by_role("link", name=story.flagged).click()
    expect(page.get_by_text("is under the threshold of 10 persons").first).to_be_visible()


def test_the_member_who_is_also_a_checker_cannot_vote(story: Story) -> None:
    page = story.window("Esme Moreau").go(f"/checking/{story.clean}")
    expect(page.get_by_text("You cannot give a view on this request")).to_be_visible()
    expect(page.get_by_role("button", name="Give your view")).to_have_count(0)


def test_two_checkers_see_flagged_cells_and_send_the_small_counts_back(story: Story) -> None:
    for name in ("Cara Lindqvist", "Dev Patel"):
        page = checking.take(story.window(name), story.flagged, SMALL_TITLE)
        checking.look_at(page, "very-high-by-age.csv")
        expect(page.locator("td.tre-flag").first).to_contain_text("Warning")
        if name.startswith("Cara"):
            take_picture(page, "checking", height=1180)
        checking.give_view(page, "Ask for changes", "Merge the ages into bands of 10 persons or more.")
    expect(story.amina.go(f"/outputs/{story.flagged}").get_by_text("Merge the ages").first).to_be_visible()


def test_two_checkers_look_at_the_table_and_the_picture_and_approve(story: Story) -> None:
    for name, after in (("Cara Lindqvist", "In review"), ("Dev Patel", "Released")):
        page = checking.take(story.window(name), story.clean, CLEAN_TITLE)
        for file in FILES:
            checking.look_at(page, file)
        checking.give_view(page, "Approve", "Every mean stands on more than 10 persons.")
        state = story.amina.go(f"/outputs/{story.clean}").locator(".tre-under-heading .nhsuk-tag")
        expect(state).to_have_text(after)


def test_she_downloads_the_very_bytes(story: Story, tmp_path: Path) -> None:
    page = story.amina.go(f"/outputs/{story.clean}")
    made = story.site.config.state / "workspaces" / story.project_id / "amina/outputs"
    for file in FILES:
        with page.expect_download() as waiting:
            page.get_by_role("table").get_by_role("link", name=file).click()
        waiting.value.save_as(tmp_path / file)
        assert (tmp_path / file).read_bytes() == (made / file).read_bytes()
    page = story.window("Esme Moreau").go(f"/outputs/{story.clean}")
    expect(page.get_by_text("You cannot download it")).to_be_visible()


def test_anybody_reads_in_the_register_what_was_done(story: Story) -> None:
    page = story.chromium.window().go("/register")
    page.locator(f"a[href='/register/{story.project_id}']").click()
    for words in (TITLE, LAY_SUMMARY[:40], "University of Ashcombe", "respondents"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.context.close()


def test_a_script_in_a_notebook_cannot_act_on_the_portal(story: Story) -> None:
    vote = f"{story.site.origin}/checking/{story.clean}/vote"
    assert story.lab.evaluate(FETCHES, vote).startswith("TypeError")
    story.lab.evaluate(SENDS_FORM, vote)
    story.lab.wait_for_timeout(500)
    assert "/lab" in story.lab.url, "the form went nowhere"
    sent_there = story.amina.context.cookies(story.lab.url)
    assert COOKIE not in {one["name"] for one in sent_there}, "a workspace never gets the portal's cookie"
    # what the browser holds back here is refused by the portal, too
    forged = story.amina.context.request.post(
        vote, form={"view": "approve"}, headers={"Origin": "http://amina.localhost"}
    )
    assert forged.status == 403


def test_suspending_the_project_ends_the_open_session(story: Story) -> None:
    sandbox = f"{story.project_id}/amina"
    assert [line for line in story.site.processes(sandbox) if "ipykernel" in line]
    page = story.window("Farah Haddad").go(story.here)
    page.get_by_role("link", name="Suspend this project").click()
    page.get_by_label("Reason").fill("The data sharing agreement is being looked at again.")
    began = time.monotonic()
    page.get_by_role("button", name="Suspend").click()
    wait_until(
        lambda: story.lab.evaluate(ASKS_SERVER) != 200,
        seconds=END_SECONDS,
        what="the page in JupyterLab gets no answer",
    )
    wait_until(lambda: not story.site.processes(sandbox), seconds=END_SECONDS, what="its processes and mounts are gone")
    assert time.monotonic() - began < END_SECONDS
    expect(story.amina.go(story.here).get_by_text("You cannot open it now")).to_be_visible()
    expect(story.amina.page.get_by_text("suspended").first).to_be_visible()


def test_signing_out_asks_about_the_open_workspace_and_ends_the_hub_session(story: Story) -> None:
    page = story.window("Farah Haddad").go(story.here)
    page.get_by_role("link", name="Let this project go on").click()
    page.get_by_label("Reason").fill("The agreement holds.")
    page.get_by_role("button").last.click()
    page = story.amina.go(story.here)
    page.get_by_role("button", name="Open workspace").click()
    expect(page.get_by_role("button", name="Go to the workspace")).to_be_visible(timeout=jupyterlab.OPENING)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you sign out")
    expect(page.get_by_role("listitem").filter(has_text=TITLE)).to_be_visible()
    page.get_by_label("Stop them").check()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()  # the provider asks, too
    wait_until(
        lambda: not story.site.processes(f"{story.project_id}/amina"), seconds=15, what="the workspace has stopped"
    )
    story.lab.goto(f"{story.site.config.hub_origin}/workspaces/hub/home")
    expect(story.lab.get_by_role("heading", level=1)).to_have_text("Choose who you are")
    expect(story.amina.go("/").get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()


def test_no_page_of_the_portal_complained(story: Story) -> None:
    assert story.chromium.complaints() == []
