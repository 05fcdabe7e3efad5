"""What a person finds in a list, on its page and by its API, is exactly what the same person may open one by one."""

import re

import pytest

from tests.factories.applications import PATHS, project_at
from tests.factories.persons import ROLES
from tests.fixtures.outputs_web import OutputsPortal
from tests.house.portal import Visitor
from tre.projects.service import ProjectsDesk

EVERYBODY = sorted(ROLES)


@pytest.fixture
def projects(outputs_portal: OutputsPortal, joined_desk: ProjectsDesk) -> set[str]:
    """Projects in every state that there is."""
    made = [project_at(state, as_person=outputs_portal.as_person, desk=joined_desk) for state in PATHS]
    return {outputs_portal.project_id} | {one.project_id for one in made}


def opens(visitor: Visitor, address: str) -> bool:
    """Say whether a page or an answer is given; that it is refused must be said as such."""
    status = visitor.get(address).status_code
    assert status in {200, 403, 404}, (address, status)
    return bool(status == 200)


def linked(visitor: Visitor, page: str, pattern: str) -> set[str]:
    """The ids that a page links to."""
    return set(re.findall(pattern, visitor.get(page).text))


def test_projects(outputs_portal: OutputsPortal, projects: set[str]) -> None:
    for person in EVERYBODY:
        visitor = outputs_portal.browse(person)
        one_by_one = {one for one in projects if opens(visitor, f"/projects/{one}")}
        assert {one for one in projects if opens(visitor, f"/api/v1/projects/{one}")} == one_by_one, person
        assert {one["project_id"] for one in visitor.get("/api/v1/projects").json()} == one_by_one, person
        assert linked(visitor, "/projects", r'href="/projects/(p-\w+)"') == one_by_one, person
        assert linked(visitor, "/decisions", r'href="/decisions/(p-\w+)"') <= one_by_one, person


def test_release_requests(outputs_portal: OutputsPortal) -> None:
    outputs = outputs_portal
    waiting, returned, released = outputs.submit(), outputs.submit(), outputs.submit()
    outputs.vote(returned.request_id, "changes")
    outputs.vote(released.request_id)
    every = {one.request_id for one in (waiting, returned, released)}
    for person in EVERYBODY:
        visitor = outputs.browse(person)
        one_by_one = {one for one in every if opens(visitor, f"/outputs/{one}")}
        assert {one for one in every if opens(visitor, f"/api/v1/release-requests/{one}")} == one_by_one, person
        is_member = person in {"amina", "esme"}
        own = one_by_one if is_member else set()
        assert {one["request_id"] for one in visitor.get("/api/v1/release-requests").json()} == own, person
        assert linked(visitor, "/outputs", r'href="/outputs/(r-\w+)"') == own, person
        queued = {waiting.request_id} & one_by_one
        assert linked(visitor, "/checking", r'href="/checking/(r-\w+)') == queued, person


def test_people(outputs_portal: OutputsPortal) -> None:
    for person in EVERYBODY:
        visitor = outputs_portal.browse(person)
        one_by_one = {one for one in EVERYBODY if opens(visitor, f"/people/{one}")}
        assert {one for one in EVERYBODY if opens(visitor, f"/api/v1/people/{one}")} == one_by_one, person
        if opens(visitor, "/people"):
            assert linked(visitor, "/people", r'href="/people/([a-z]+)"') == one_by_one, person
            assert {one["person_id"] for one in visitor.get("/api/v1/people").json()["rows"]} == one_by_one, person
        else:
            assert one_by_one == {person}, person
