"""Apply with these columns: chosen in the catalogue, found in the application."""

import re

import pytest

from tests.factories.catalogue import put_dataset
from tests.fakes.projects_ports import SnapshotsFake
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.fixtures.sessions import Workspaces
from tests.house.opened import Opened
from tests.house.portal import Portal
from tre.entrypoints.bootstrap import ports
from tre.projects.service.desk import ProjectsDesk
from tre.sessions.service import SessionsDesk

HERE = "/data/nhanes/respondents"
CHOSEN = {"columns": ["nhanes/respondents/RIAGENDR", "nhanes/respondents/BPXSY1"]}


@pytest.fixture
def joined_desk(sessions_desk: SessionsDesk, snapshots: SnapshotsFake) -> ProjectsDesk:
    """The projects desk over the real catalogue."""
    return ProjectsDesk(catalogue=ports.Catalogue(), snapshots=snapshots, workspaces=Workspaces(sessions_desk))


@pytest.fixture(autouse=True)
def catalogue(portal: Portal) -> None:
    """A dataset in use."""
    with portal.house.sessions() as session:
        put_dataset(session, "nhanes")
        session.commit()


def ticked(page: str) -> set[str]:
    return set(re.findall(r'value="nhanes/respondents/(\w+)" checked', page)) | set(
        re.findall(r'type="hidden" name="columns" value="nhanes/respondents/(\w+)"', page)
    )


def test_only_a_researcher_is_offered_it(browse: Browse) -> None:
    assert "Apply with these columns" in browse("amina").get(HERE).text
    for person in ("", "hugo"):
        assert "Apply with these columns" not in browse(person).get(HERE).text


def test_a_new_application_begins_with_the_columns(browse: Browse, project_at: ProjectAt) -> None:
    project_at("draft")  # the person is in good standing after this
    amina = browse("amina")
    amina.get(HERE)
    answer = amina.post("/projects/columns", {"project": "", **CHOSEN})
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert re.fullmatch(r"/projects/p-[a-z2-7]{6}/application/data", there)
    assert ticked(amina.get(there).text) == {"RIAGENDR", "BPXSY1"}


def test_columns_are_added_to_a_draft_and_the_rest_stays(browse: Browse, project_at: ProjectAt) -> None:
    project, amina = project_at("draft").project_id, browse("amina")
    assert project in amina.get(HERE).text
    before = ticked(amina.get(f"/projects/{project}/application/data").text)
    amina.get(HERE)
    amina.post("/projects/columns", {"project": project, **CHOSEN})
    page = amina.get(f"/projects/{project}/application/data").text
    assert ticked(page) == before | {"RIAGENDR", "BPXSY1"}
    amina.get(HERE)
    amina.post("/projects/columns", {"project": project, **CHOSEN})
    assert "They were in your application already." in amina.get(f"/projects/{project}/application/data").text


def test_what_cannot_be_carried_over_is_said(browse: Browse, project_at: ProjectAt) -> None:
    project, sent, amina = project_at("draft").project_id, project_at("submitted").project_id, browse("amina")
    assert amina.post("/projects/columns", {"project": project}).status_code == 422
    unknown = {"project": project, "columns": "nhanes/respondents/SEQN"}
    assert amina.post("/projects/columns", unknown).status_code == 422
    assert amina.post("/projects/columns", {"project": sent, **CHOSEN}).status_code in {403, 409}
    assert browse("ben").post("/projects/columns", {"project": project, **CHOSEN}).status_code == 403


@pytest.mark.browser
def test_choosing_is_accessible_by_keyboard_and_without_a_script(opened: Opened, project_at: ProjectAt) -> None:
    project = project_at("draft").project_id
    page = opened.page("amina", f"{HERE}?words=systolic", java_script_enabled=False)
    page.locator("input[name=columns]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Apply with these columns").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/projects/{project}/application/data")
    assert [one for path in (HERE, "/practice/workspace") for one in opened.faults("amina", path)] == []
