"""What people do in the portal's pages until a project's data is ready: by labels and buttons, as a person finds them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.house.chromium import Window

TITLE = "Blood pressure by age and sex"
LAY_SUMMARY = (
    "High blood pressure often goes unnoticed. We look at how it differs between women and men of different ages, so that "
    "checks can be offered where they help most."
)
WANTED = ("RIAGENDR", "RIDAGEYR", "BPXSY1", "BPXSY2", "BPXSY3")
REPORT_MILLISECONDS = 60_000
SNAPSHOT_MILLISECONDS = 120_000


def record_training(window: Window, certificate: Path) -> None:
    """Record a course with its certificate, from the page of one's standing."""
    page = window.go("/standing")
    page.get_by_role("button", name="Record training").click()
    page.get_by_label("Name of the course").fill("Safe researcher training")
    page.get_by_label("Who gave the course").fill("Office for National Statistics")
    _date(page, "When did you complete it?", -30)
    _date(page, "When does it expire?", 700)
    page.get_by_label("Certificate").set_input_files(certificate)
    page.get_by_role("button", name="Record training").click()
    expect(page.get_by_role("status")).to_have_text("Your training is recorded.")


def sign_terms(window: Window) -> None:
    """Read and sign the terms."""
    page = window.go("/standing")
    page.get_by_role("button", name="Read and sign the terms").click()
    page.get_by_label("I have read these terms and will keep them").check()
    page.get_by_role("button", name="Sign the terms").click()
    expect(page.get_by_text("Everything is in order.")).to_be_visible()


def apply(window: Window, *, title: str = TITLE, colleague: str = "") -> str:
    """Fill in the five parts of an application and send it; return the project's id."""
    page = window.go("/projects")
    page.get_by_role("button", name="Begin an application").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    project_id = urlsplit(page.url).path.split("/")[2]
    page.get_by_role("link", name=re.compile("people", re.IGNORECASE)).first.click()
    _people(page, colleague)
    _project(page, title)
    _data(page)
    _settings(page)
    _outputs(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return project_id


def decide(window: Window, title: str, reason: str) -> None:
    """Find the application in the list of what waits for one's decision, read it, and say yes."""
    page = window.go("/decisions")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name="In plain words")).to_be_visible()
    expect(page.get_by_role("heading", name="Could somebody be recognised?")).to_be_visible(timeout=REPORT_MILLISECONDS)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Give the decision").click()
    expect(page.get_by_role("status").first).to_be_visible()


def watch_snapshot(window: Window, project_id: str) -> list[str]:
    """Watch the project's page, which asks again by itself, until the data is there; return the states it showed."""
    page = window.go(f"/projects/{project_id}")
    seen: list[str] = []
    state = page.locator("#snapshot .nhsuk-tag")
    ready = page.locator("#snapshot").get_by_text(re.compile("built"))
    for _ in range(SNAPSHOT_MILLISECONDS // 200):
        word = state.inner_text()
        if not seen or seen[-1] != word:
            seen.append(word)
        if ready.is_visible():
            return seen
        page.wait_for_timeout(200)
    raise AssertionError(f"the snapshot is not ready: {seen}")


def _people(page: Page, colleague: str) -> None:
    page.get_by_label("Organisation").fill("University of Ashcombe")
    if colleague:
        page.get_by_label("Add people").fill(colleague)
    _save(page)


def _project(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Lay summary").fill(LAY_SUMMARY)
    page.get_by_label("Protect or improve the health of the public").check()
    page.get_by_label("What do you want to find out?").fill("Mean systolic blood pressure by age band and sex.")
    page.get_by_label("Public benefit").fill("Checks can be offered to the groups that gain most from them.")
    page.get_by_label("Article 6(1)(e)").check()
    page.get_by_label("Article 9(2)(j)").check()
    page.get_by_label("Does not apply").check()
    _save(page)


def _data(page: Page) -> None:
    """Find each column by the filter and tick its box; what was ticked before stays ticked."""
    for number, column in enumerate(WANTED, start=1):
        page.get_by_role("searchbox", name="Filter columns").fill(column)
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_role("checkbox", name=re.compile(rf"\b{column}\b")).check()
        page.get_by_role("button", name="Filter", exact=True).click()
        expect(page.get_by_text(re.compile(rf"^{number} columns? ticked"))).to_be_visible()
    page.get_by_label("Why do you need respondents?").fill("Age, sex and the three readings: the result is their mean.")
    _save(page)


def _settings(page: Page) -> None:
    _date(page, "Until when do you need access?", 365)
    _save(page)


def _outputs(page: Page) -> None:
    page.get_by_label("What results do you expect").fill("One table and one plot of means, no group under 10 persons.")
    page.get_by_label("Amina Okafor").check()
    _save(page)


def _save(page: Page) -> None:
    heading = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)


def _date(page: Page, legend: str, days_from_now: int) -> None:
    day = datetime.now(UTC) + timedelta(days=days_from_now)
    group = page.get_by_role("group", name=legend)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))
