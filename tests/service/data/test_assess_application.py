"""The report that a custodian sees before deciding: ordered by sending, made by the broker, needed for a yes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories import applications
from tests.fixtures.broker import Broker, _fill_in
from tre.data.assessment_tables import AssessmentRow
from tre.data.domain.grounds import BASES
from tre.data.domain.linkage import WAYS
from tre.data.tables import SnapshotRow
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects
from tre.projects.domain import choices
from tre.projects.domain.project import Project

As = Callable[[str], Context]
Desk = projects.ProjectsDesk


def sent(as_person: As, desk: Desk, *datasets: str) -> Project:
    project = _fill_in(as_person, desk, datasets)
    return projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)


def decide(as_person: As, desk: Desk, project: Project, who: str, role: str, answer: str = "yes") -> Project:
    typed = applications.yes(role) | {"answer": answer}
    return applications.decide(project, as_person=as_person, desk=desk, who=who, typed=typed)


def test_a_custodians_yes_comes_after_the_report(both_loaded: Broker, as_person: As, real_desk: Desk) -> None:
    project = sent(as_person, real_desk, "hospital", "nhanes")
    with pytest.raises(NotPermitted) as caught:
        decide(as_person, real_desk, project, "gwen", "custodian")
    assert caught.value.reasons == ("projects.decision.not_assessed",)
    assert "order it again there" in caught.value.sentence
    project = decide(as_person, real_desk, project, "hugo", "lay_reviewer")
    assert both_loaded.work() == 1
    report = projects.view_project(as_person("gwen"), real_desk, project.project_id).assessment
    assert (report.state, report.note) == ("ready", "")
    assert "persons" in {one.table for one in report.risk}
    assert report.left_out[0].endswith("persons by the national data opt-out.")
    assert decide(as_person, real_desk, project, "gwen", "custodian").state == "submitted"


def test_a_no_needs_no_report(both_loaded: Broker, as_person: As, real_desk: Desk) -> None:
    project = sent(as_person, real_desk, "nhanes")
    assert decide(as_person, real_desk, project, "gwen", "custodian", "no").state == "refused"
    assert both_loaded.work() == 1
    with as_person("gwen").sessions() as session:
        row = session.scalars(select(AssessmentRow)).one()
    assert row.state == "failed"


def test_the_applicants_do_not_see_it(both_loaded: Broker, as_person: As, real_desk: Desk) -> None:
    project = sent(as_person, real_desk, "hospital")
    both_loaded.work()
    for person, state in (
        ("amina", "none"),
        ("esme", "none"),
        ("gwen", "ready"),
        ("hugo", "ready"),
        ("farah", "ready"),
    ):
        _, report, _ = projects.look_at_assessment(as_person(person), real_desk, project.project_id)
        assert report.state == state, person


def test_it_can_be_ordered_again_by_a_custodian_of_the_data_alone(
    both_loaded: Broker, as_person: As, real_desk: Desk, sessions: sessionmaker[Session], clock: SetClock
) -> None:
    project = sent(as_person, real_desk, "hospital")
    clock.move(timedelta(minutes=1))
    with sessions() as session:
        row = session.scalars(select(AssessmentRow)).one()
        row.asked = {"tables": [{"dataset": "gone", "table": "persons", "columns": ["sex"]}], "linkage": "all"}
        session.commit()
    both_loaded.work()
    report = projects.view_project(as_person("gwen"), real_desk, project.project_id).assessment
    assert (report.state, report.note) == (
        "failed",
        "The dataset gone is not loaded: its custodian must load it first.",
    )
    for person in ("amina", "farah", "olga"):
        with pytest.raises(NotPermitted):
            projects.assess_again(as_person(person), real_desk, project.project_id)
    projects.assess_again(as_person("gwen"), real_desk, project.project_id)
    both_loaded.work()
    assert projects.view_project(as_person("gwen"), real_desk, project.project_id).assessment.state == "ready"


def test_what_is_kept_are_figures_and_no_small_count(
    both_loaded: Broker, as_person: As, real_desk: Desk, sessions: sessionmaker[Session]
) -> None:
    sent(as_person, real_desk, "hospital")
    both_loaded.work()
    register = both_loaded.desk.vault.register("nhs-number")
    with sessions() as session:
        row = session.scalars(select(AssessmentRow)).one()
        events = [one.name for one in session.scalars(select(AuditRow)) if one.name.startswith("data.assessment.")]
        whole = f"{row.risk}{row.linkage}{row.removed}{[one.payload for one in session.scalars(select(JobRow))]}"
    assert events == ["data.assessment.ordered", "data.assessment.made"]
    assert {type(one[name]) for one in row.risk for name in ("persons", "uniques", "under_ten")} == {str}
    assert not [one for one in (*register.identifiers.tolist(), *register.numbers.tolist()) if str(one) in whole]


def test_how_people_in_one_dataset_only_are_handled_goes_from_the_form_into_the_snapshot(
    both_loaded: Broker, as_person: As, real_desk: Desk, sessions: sessionmaker[Session]
) -> None:
    project = _fill_in(as_person, real_desk, ("nhanes",))
    page: dict[str, str | list[str]] = {"columns": ["nhanes/respondents/RIAGENDR"], "why/nhanes/respondents": "Sex.", "linkage": "in_every_dataset"}  # fmt: skip
    amina = as_person("amina")
    project = projects.save_application(
        amina, real_desk, project.project_id, page="data", typed=page, version=project.version
    )
    assert project.answers.linkage == "in_every_dataset"
    project = projects.submit_project(amina, real_desk, project.project_id, version=project.version)
    both_loaded.work()
    applications.approve(project, as_person=as_person, desk=real_desk)
    with sessions() as session:
        assert session.scalars(select(SnapshotRow)).one().linkage == "in_every_dataset"
    both_loaded.work()


def test_the_two_rooms_speak_of_the_same_choices() -> None:
    assert set(choices.LINKAGE) == set(WAYS)
    assert set(choices.COMMON_LAW) == set(BASES)
