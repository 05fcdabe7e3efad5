"""Deciding: each in their own role, with a reason, on what they have seen."""

import pytest

from tests.factories.applications import yes
from tests.factories.events import event_names
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import Conflict, IllegalMove, Invalid, NotPermitted
from tre.projects import service as projects
from tre.projects.service import ProjectsDesk


@pytest.mark.parametrize(
    ("person", "role"),
    [
        ("olga", "custodian"),  # custodian of another dataset
        ("gwen", "admin"),
        ("gwen", "lay_reviewer"),
        ("farah", "custodian"),
        ("hugo", "admin"),
        ("cara", "lay_reviewer"),
        ("esme", "lay_reviewer"),
    ],
)
def test_nobody_decides_in_a_role_that_is_not_theirs(
    person: str, role: str, project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    project = project_at("submitted")
    with pytest.raises(NotPermitted) as refusal:
        projects.decide_project(as_person(person), desk, project.project_id, typed=yes(role), version=project.version)
    assert "projects.decision.not_in_role" in refusal.value.reasons


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": "admin", "answer": "yes"}, "reason"),
        ({"role": "admin", "answer": "yes", "reason": "  "}, "reason"),
        ({"role": "admin", "answer": "perhaps", "reason": "r"}, "answer"),
        ({"role": "king", "answer": "yes", "reason": "r"}, "role"),
        ({"role": "admin", "answer": "yes", "reason": "x" * 2001}, "reason"),
    ],
)
def test_what_is_missing_is_told(
    typed: dict[str, str], field: str, project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    project = project_at("submitted")
    with pytest.raises(Invalid) as fault:
        projects.decide_project(as_person("farah"), desk, project.project_id, typed=typed, version=project.version)
    assert set(fault.value.fields) == {field}


def test_a_form_opened_before_another_decision_is_stale(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    project = project_at("submitted")
    projects.decide_project(
        as_person("gwen"), desk, project.project_id, typed=yes("custodian"), version=project.version
    )
    with pytest.raises(Conflict):
        projects.decide_project(
            as_person("farah"), desk, project.project_id, typed=yes("admin"), version=project.version
        )


def test_a_draft_cannot_be_decided(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("complete")
    with pytest.raises(IllegalMove):
        projects.decide_project(
            as_person("farah"), desk, project.project_id, typed=yes("admin"), version=project.version
        )


def test_my_list_holds_what_only_i_can_decide_now(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project_at("draft")
    project = project_at("submitted")
    for person, roles in (("gwen", ("custodian",)), ("farah", ("admin",)), ("hugo", ("lay_reviewer",))):
        assert [(one.project.project_id, one.roles) for one in projects.list_decisions(as_person(person))] == [
            (project.project_id, roles)
        ]
    for person in ("olga", "amina", "esme", "cara"):
        assert projects.list_decisions(as_person(person)) == ()
    projects.decide_project(
        as_person("gwen"), desk, project.project_id, typed=yes("custodian"), version=project.version
    )
    assert projects.list_decisions(as_person("gwen")) == ()


def test_approval_is_recorded_with_its_order(project_at: ProjectAt, sessions) -> None:  # type: ignore[no-untyped-def]
    project_at("approved")
    names = [name for name in event_names(sessions) if name.startswith("projects.project.")]
    assert names == [
        "projects.project.drafted",
        *["projects.project.saved"] * 5,
        "projects.project.submitted",
        *["projects.project.decided"] * 3,
        "projects.project.approved",
    ]
