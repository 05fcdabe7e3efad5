"""The thin walk of a project: draft, five pages, submit, three decisions, snapshot ordered, suspend."""

import pytest

from tests.factories.applications import yes
from tests.fakes.projects_ports import SnapshotsFake, WorkspacesFake
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import IllegalMove, NotPermitted
from tre.projects import service as projects


def test_three_yes_approve_and_order_the_snapshot(project_at: ProjectAt, snapshots: SnapshotsFake) -> None:
    project = project_at("approved")
    assert project.state == "approved"
    assert [one.role for one in project.decisions] == ["custodian", "admin", "lay_reviewer"]
    assert snapshots.by == ["system:approval"]
    assert [(one.table, one.columns) for one in snapshots.orders[0].tables] == [
        ("demographics", ("age", "sex")),
        ("examination", ("systolic",)),
    ]


def test_every_custodian_must_say_yes(project_at: ProjectAt, snapshots: SnapshotsFake) -> None:
    assert project_at("approved", datasets=("nhanes", "hospital")).custodians == ("gwen", "olga")
    assert len(snapshots.orders) == 1


def test_any_no_refuses_with_its_reason(project_at: ProjectAt, snapshots: SnapshotsFake) -> None:
    project = project_at("refused")
    assert (project.state, project.state_reason) == ("refused", "Fits, says the lay_reviewer.")
    assert snapshots.orders == []


def test_the_lead_cannot_decide(project_at: ProjectAt, as_person: As, desk: projects.ProjectsDesk) -> None:
    project = project_at("submitted")
    with pytest.raises(NotPermitted) as refusal:
        projects.decide_project(
            as_person("amina"), desk, project.project_id, typed=yes("admin"), version=project.version
        )
    assert "projects.decision.own_project" in refusal.value.reasons


def test_nobody_decides_twice(project_at: ProjectAt, as_person: As, desk: projects.ProjectsDesk) -> None:
    project = project_at("submitted")
    gwen = as_person("gwen")
    project = projects.decide_project(gwen, desk, project.project_id, typed=yes("custodian"), version=project.version)
    with pytest.raises(NotPermitted) as refusal:
        projects.decide_project(gwen, desk, project.project_id, typed=yes("custodian"), version=project.version)
    assert "projects.decision.already_made" in refusal.value.reasons


def test_suspending_stops_the_workspaces(project_at: ProjectAt, workspaces: WorkspacesFake) -> None:
    project = project_at("suspended")
    assert project.state_reason == "An inspection."
    assert workspaces.stopped == [project.project_id]


def test_only_an_admin_suspends(project_at: ProjectAt, as_person: As, desk: projects.ProjectsDesk) -> None:
    project = project_at("approved")
    with pytest.raises(NotPermitted):
        projects.suspend_project(
            as_person("gwen"), desk, project.project_id, typed={"reason": "No."}, version=project.version
        )


def test_a_refused_project_cannot_be_decided_again(
    project_at: ProjectAt, as_person: As, desk: projects.ProjectsDesk
) -> None:
    project = project_at("refused")
    with pytest.raises(IllegalMove):
        projects.decide_project(
            as_person("farah"), desk, project.project_id, typed=yes("admin"), version=project.version
        )
