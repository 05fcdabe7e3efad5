"""The pages of people, record, home and health in a real browser: accessible, by keyboard, at 320 pixels, without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.certificates import PDF
from tests.fixtures.projects import ProjectAt
from tests.house.opened import Act, Opened, click, nothing
from tests.house.portal import Portal
from tre.people.service.terms import current_terms
from tre.people.tables import SignatureRow, TrainingRow
from tre.plumbing.unit_of_work import Context
from tre.sessions import service as workspaces

pytestmark = pytest.mark.browser


def _forget_standing(portal: Portal, person_id: str) -> None:
    with portal.house.sessions() as session:
        session.query(TrainingRow).filter_by(person_id=person_id).delete()
        session.query(SignatureRow).filter_by(person_id=person_id).delete()
        session.commit()


PAGES: list[tuple[str, str, Act, str]] = [
    ("", "/", nothing, "front"),
    ("", "/health", nothing, "health"),
    ("", "/how-it-is-kept-safe", nothing, "safety"),
    ("", "/your-data", nothing, "your-data"),
    ("", "/your-choices", nothing, "your-choices"),
    ("", "/nothing-here", nothing, "not-found"),
    ("amina", "/", nothing, "home-researcher"),
    ("ben", "/", nothing, "home-new-researcher"),
    ("gwen", "/", nothing, "home-custodian"),
    ("cara", "/", nothing, "home-checker"),
    ("farah", "/", nothing, "home-admin"),
    ("ben", "/standing", nothing, "standing-missing"),
    ("amina", "/standing", nothing, "standing"),
    ("ben", "/standing/training", nothing, "training"),
    ("ben", "/standing/training", click("Record training"), "training-faults"),
    ("ben", "/standing/terms", nothing, "terms"),
    ("ben", "/standing/terms", click("Sign the terms"), "terms-not-ticked"),
    ("amina", "/standing/terms", nothing, "terms-signed"),
    ("amina", "/people", nothing, "not-permitted"),
    ("farah", "/people", nothing, "people"),
    ("farah", "/people?words=nobody-has-this", nothing, "people-none"),
    ("farah", "/people/amina", nothing, "person"),
    ("farah", "/people/farah", nothing, "person-self"),
    ("farah", "/audit", nothing, "record"),
    ("farah", "/audit?since-day=31&since-month=2&since-year=2026", nothing, "record-fault"),
    ("farah", "/audit", click("Verify the whole record"), "record-verified"),
    ("amina", "/standing", click("Sign out"), "leaving"),
]


def test_every_page_is_accessible_and_fits_320_pixels(
    opened: Opened, project_at: ProjectAt, as_person: Callable[[str], Context]
) -> None:
    project_at("submitted")
    project = project_at("approved")
    workspaces.open_workspace(as_person("amina"), opened.portal.house.workspaces, project.project_id)
    _forget_standing(opened.portal, "ben")
    assert [one for person, path, act, name in PAGES for one in opened.faults(person, path, act, name=name)] == []
    told = [one for one in opened.chromium.complaints() if "Failed to load resource" not in one]  # 404, 403, 422, 503
    assert told == []


def test_training_by_keyboard_alone(opened: Opened, tmp_path: Path) -> None:
    page = opened.page("ben", "/standing/training")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()
    page.get_by_label("Name of the course").focus()
    for text in ("Safe researcher", "Office for National Statistics", "5", "1", "2026", "5", "1", "2029"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(page.get_by_label("Certificate")).to_be_focused()
    (tmp_path / "c.pdf").write_bytes(PDF)
    page.get_by_label("Certificate").set_input_files(tmp_path / "c.pdf")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your training is recorded.")).to_be_visible()


def test_a_fault_is_told_where_the_keyboard_is(opened: Opened) -> None:
    page = opened.page("ben", "/standing/training")
    page.get_by_role("button", name="Record training").press("Enter")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the course")).to_be_focused()
    assert page.title().startswith("Error: Record training")


def test_everything_works_without_a_script(opened: Opened, tmp_path: Path) -> None:
    _forget_standing(opened.portal, "ben")
    page = opened.page("ben", "/", java_script_enabled=False)
    page.get_by_role("link", name="Training, terms and dates").click()
    page.get_by_role("button", name="Read and sign the terms").click()
    page.get_by_label("I have read these terms and will keep them").check()
    page.get_by_role("button", name="Sign the terms").click()
    expect(page.get_by_text("You have signed the terms.")).to_be_visible()
    expect(page.get_by_text(f"Version {current_terms().version} is signed.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    assert "/workspaces/hub/logout" in page.url


def test_signing_out_asks_about_open_workspaces(
    opened: Opened, project_at: ProjectAt, as_person: Callable[[str], Context]
) -> None:
    project = project_at("approved")
    workspaces.open_workspace(as_person("amina"), opened.portal.house.workspaces, project.project_id)
    page = opened.page("amina", "/standing")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Before you sign out")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Choose what is to become of your open workspaces.")).to_be_visible()
    page.get_by_label("Stop them").check()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    assert workspaces.open_workspaces(as_person("amina")) == ()
