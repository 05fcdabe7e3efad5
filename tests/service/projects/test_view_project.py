"""Who sees which project: the list is the same rule as the page, and each page says what its reader may do."""

import itertools

import pytest

from tests.factories.persons import ROLES
from tests.fakes.projects_ports import SnapshotsFake
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import NotPermitted
from tre.projects import service as projects
from tre.projects.service import Listing, ProjectsDesk

STATES = ("draft", "complete", "submitted", "approved", "refused", "suspended", "closed")


def test_the_list_is_the_page_rule_for_everybody(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    made = [project_at(state).project_id for state in STATES]
    for person in ROLES:
        ctx = as_person(person)
        listed = {one.project_id for one in projects.list_projects(ctx, Listing()).rows}
        shown = {one for one in made if _may_see(projects, ctx, desk, one)}
        assert listed == shown, person


def _may_see(service, ctx, desk, project_id: str) -> bool:  # type: ignore[no-untyped-def]
    try:
        service.view_project(ctx, desk, project_id)
    except NotPermitted:
        return False
    return True


def test_a_draft_is_seen_by_its_people_alone(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("complete")
    seen = [one for one in ROLES if _may_see(projects, as_person(one), desk, project.project_id)]
    assert sorted(seen) == ["amina", "esme"]


def test_lists_are_filtered_and_paged(project_at: ProjectAt, as_person: As) -> None:
    for state, _ in itertools.product(("submitted", "refused"), range(2)):
        project_at(state)
    farah = as_person("farah")
    assert projects.list_projects(farah, Listing(state="refused")).total == 2
    assert projects.list_projects(farah, Listing(words="BLOOD")).total == 4
    assert projects.list_projects(farah, Listing(words="100%_")).total == 0
    assert projects.list_projects(farah, Listing(page=2)).rows == ()


@pytest.mark.parametrize(
    ("state", "person", "moves"),
    [
        ("draft", "amina", {"edit"}),
        ("submitted", "farah", set()),
        ("approved", "farah", {"suspend", "close", "order_snapshot"}),
        ("approved", "gwen", {"order_snapshot"}),
        ("approved", "amina", set()),
        ("suspended", "farah", {"resume", "close"}),
        ("closed", "farah", set()),
    ],
)
def test_the_page_offers_what_would_be_allowed(
    state: str, person: str, moves: set[str], project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    view = projects.view_project(as_person(person), desk, project_at(state).project_id)
    assert view.moves == moves


def test_the_history_is_told_in_sentences_newest_first(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    view = projects.view_project(as_person("farah"), desk, project_at("suspended").project_id)
    told = [f"{view.names[one.person_id]} {one.text}" for one in view.history]
    assert told == [
        "Farah Test suspended the project: An inspection.",
        "Hugo Test gave the last yes: the project is approved",
        "Hugo Test decided yes as lay reviewer",
        "Farah Test decided yes as admin",
        "Gwen Test decided yes as custodian",
        "Amina Test sent the application",
        "Amina Test began the application",
    ]


def test_a_suspended_project_goes_on_and_is_closed(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    farah, project = as_person("farah"), project_at("suspended")
    typed = {"reason": "All is well."}
    project = projects.resume_project(farah, project.project_id, typed=typed, version=project.version)
    assert (project.state, project.state_reason) == ("approved", "")
    project = projects.close_project(farah, desk, project.project_id, typed=typed, version=project.version)
    assert project.state == "closed"
    assert isinstance(desk.snapshots, SnapshotsFake)
    assert desk.snapshots.removals == [project.project_id]


def test_the_steps_say_where_it_stands(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    view = projects.view_project(as_person("farah"), desk, project_at("submitted").project_id)
    assert [(one.text, one.state) for one in view.steps] == [
        ("Application sent", "done"),
        ("Decision of the custodian", "now"),
        ("Decision of the admin", "now"),
        ("Decision of the lay reviewer", "now"),
        ("Data made ready", "later"),
        ("Work", "later"),
        ("End", "later"),
    ]


def test_other_rooms_are_told_what_they_need(project_at: ProjectAt, as_person: As, sessions) -> None:  # type: ignore[no-untyped-def]
    project = project_at("approved")
    with as_person("amina").sessions() as session:
        assert projects.projects_of(session, "esme") == {project.project_id}
        assert projects.projects_of(session, "ben") == frozenset()
        assert [one.project_id for one in projects.public_projects(session)] == [project.project_id]
        assert projects.public_project(session, "p-aaaaaa") is None
