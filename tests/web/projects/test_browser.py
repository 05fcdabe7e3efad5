"""The pages of projects, workspaces and the register in a real browser: accessible, at 320 pixels, by keyboard, without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.fakes.hub import HubFake
from tests.fakes.projects_ports import SnapshotsFake
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.axe import violations
from tests.house.chromium import NARROW
from tests.house.opened import Opened

pytestmark = pytest.mark.browser


def test_every_page_is_accessible_and_fits_320_pixels(
    opened: Opened, project_at: ProjectAt, hub: HubFake, snapshots: SnapshotsFake, browse: Browse
) -> None:
    made = {
        state: f"/projects/{project_at(state).project_id}"
        for state in ("draft", "complete", "submitted", "approved", "refused", "suspended")
    }
    snapshots.state = "building"
    browse("amina").post(f"{made['approved']}/workspace")
    hub.is_slow = True
    browse("esme").post(f"{made['approved']}/workspace")
    draft, complete = f"{made['draft']}/application", f"{made['complete']}/application"
    pages = [
        ("amina", "/projects"),
        ("amina", "/projects?words=nothing-like-it"),
        ("amina", "/projects/new"),
        ("cara", "/projects/new"),
        ("amina", draft),
        ("amina", f"{draft}/check"),
        *[("amina", f"{complete}/{part}") for part in ("people", "project", "data", "settings", "outputs", "check")],
        ("amina", f"{complete}/data?words=age"),
        ("gwen", "/decisions"),
        ("amina", "/decisions"),
        ("gwen", made["submitted"].replace("projects", "decisions")),
        *[("amina", path) for path in made.values()],
        ("farah", made["suspended"]),
        ("farah", f"{made['approved']}/suspend"),
        ("amina", f"{made['approved']}/workspace"),
        ("esme", f"{made['approved']}/workspace"),
        ("amina", f"{made['suspended']}/workspace"),
        ("farah", "/watch"),
        ("", "/register"),
        ("", "/register?words=nothing-like-it"),
        *[("", made[state].replace("projects", "register")) for state in ("approved", "refused", "suspended")],
    ]
    assert [one for person, path in pages for one in opened.faults(person, path)] == []
    assert opened.chromium.complaints() == []


def test_on_a_narrow_screen_a_list_is_read_without_scrolling_sideways(opened: Opened, project_at: ProjectAt) -> None:
    project_at("submitted")
    page = opened.page("amina", "/projects", viewport=NARROW)
    turn = page.get_by_role("cell", name="Those who decide")
    place = turn.bounding_box()
    assert place is not None
    assert place["x"] + place["width"] <= NARROW["width"]
    assert turn.evaluate("(one) => getComputedStyle(one, '::before').content") == '"Whose turn"'
    expect(page.get_by_role("rowheader")).to_contain_text("Blood pressure by age")


def test_faults_are_announced_and_linked_to_their_fields(opened: Opened, project_at: ProjectAt) -> None:
    page = opened.page("amina", f"/projects/{project_at('draft').project_id}/application/settings")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2027")
    page.get_by_role("button", name="Save and go on").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("must be a real date")
    assert violations(page) == []
    summary.get_by_role("link").click()
    expect(page.get_by_label("Day")).to_be_focused()
    expect(page.get_by_label("Month")).to_have_value("2")


def test_columns_are_chosen_with_the_keyboard_alone(opened: Opened, project_at: ProjectAt) -> None:
    project = project_at("draft").project_id
    page = opened.page("amina", f"/projects/{project}/application/data")
    page.get_by_role("searchbox", name="Filter columns").focus()
    page.keyboard.type("systolic")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 column with")).to_be_visible()
    tick = page.get_by_role("checkbox", name=re.compile("systolic", re.IGNORECASE))
    for _ in range(40):
        if tick.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(tick).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("It is what we study.")
    save = page.get_by_role("button", name="Save and go on")
    for _ in range(40):
        if save.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(save).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Safe settings")).to_be_visible()
    page.goto(f"{opened.portal.origin}/projects/{project}/application/data")
    expect(tick).to_be_checked()


def test_a_project_goes_from_decision_to_workspace_without_a_script(
    opened: Opened, project_at: ProjectAt, hub: HubFake
) -> None:
    project, hub.is_slow = project_at("submitted").project_id, True
    for person in ("gwen", "hugo", "farah"):
        page = opened.page(person, f"/decisions/{project}", java_script_enabled=False)
        page.get_by_label("Yes").check()
        page.get_by_label("Reason").fill("It fits.")
        page.get_by_role("button", name="Give the decision").click()
        page.context.close()
    page = opened.page("amina", f"/projects/{project}", java_script_enabled=False)
    page.get_by_role("button", name="Open workspace").click()
    expect(page.get_by_text("Preparing your workspace")).to_be_visible()
    hub.answer()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("button", name="Go to the workspace")).to_be_visible()


def test_the_page_of_an_opening_workspace_asks_again_by_itself(
    opened: Opened, project_at: ProjectAt, hub: HubFake
) -> None:
    project, hub.is_slow = project_at("approved").project_id, True
    page = opened.page("amina", f"/projects/{project}")
    page.get_by_role("button", name="Open workspace").click()
    expect(page.get_by_text("Preparing your workspace")).to_be_visible()
    hub.answer()
    expect(page.get_by_role("button", name="Go to the workspace")).to_be_visible()
    assert violations(page) == []
    assert opened.chromium.complaints() == []
