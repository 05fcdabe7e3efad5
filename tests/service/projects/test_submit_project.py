"""Sending an application: complete, in good standing, once."""

from datetime import timedelta

import pytest

from tests.fixtures.projects import As, ProjectAt
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, IllegalMove, Invalid, NotPermitted
from tre.projects import service as projects
from tre.projects.service import ProjectsDesk


def test_an_incomplete_one_is_refused_with_every_gap(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("draft")
    with pytest.raises(Invalid) as fault:
        projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)
    assert {"title", "lay_summary", "columns", "ends_on", "expected_outputs"} <= set(fault.value.fields)


def test_it_is_sent_once(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("submitted")
    assert (project.state, project.submitted_at is not None) == ("submitted", True)
    with pytest.raises(IllegalMove):
        projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)


def test_expired_training_is_told(project_at: ProjectAt, as_person: As, desk: ProjectsDesk, clock: SetClock) -> None:
    project = project_at("complete")
    clock.move(timedelta(days=3 * 365))
    project = projects.save_application(
        as_person("amina"),
        desk,
        project.project_id,
        page="settings",
        typed={"ends_on": "2030-06-30"},
        version=project.version,
    )
    with pytest.raises(NotPermitted) as refusal:
        projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)
    assert refusal.value.reasons == ("people.training.expired",)


def test_an_end_date_that_has_passed_meanwhile_is_a_gap(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk, clock: SetClock
) -> None:
    project = project_at("complete")
    clock.move(timedelta(days=300))
    with pytest.raises(Invalid) as fault:
        projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)
    assert "has passed" in fault.value.fields["ends_on"]


def test_a_stale_page_is_refused(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("complete")
    with pytest.raises(Conflict):
        projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version - 1)


@pytest.mark.parametrize("person", ["esme", "ben", "farah"])
def test_nobody_else_sends_it(person: str, project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("complete")
    with pytest.raises(NotPermitted):
        projects.submit_project(as_person(person), desk, project.project_id, version=project.version)
