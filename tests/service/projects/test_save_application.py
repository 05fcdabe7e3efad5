"""Saving a part of the application: what is typed is checked in its own words, and only the lead writes."""

from datetime import date

import pytest

from tests.factories.applications import PAGES, data_page
from tests.factories.events import event_names
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from tre.projects import service as projects
from tre.projects.domain.project import Project
from tre.projects.service import ProjectsDesk
from tre.projects.service.deciding import approved_data


def save(as_person: As, desk: ProjectsDesk, project: Project, page: str, **typed: str | list[str]) -> Project:
    return projects.save_application(
        as_person("amina"), desk, project.project_id, page=page, typed=typed, version=project.version
    )


def test_gaps_may_remain_and_are_told(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = save(as_person, desk, project_at("draft"), "project", title="A title")
    view = projects.view_application(as_person("amina"), desk, project.project_id)
    assert view.progress["project"] == "in progress"
    assert "title" not in view.gaps["project"]
    assert view.gaps["project"]["purpose"] == "Choose what the project is for"


def test_every_part_filled_in_leaves_no_gap(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    view = projects.view_application(as_person("amina"), desk, project_at("complete").project_id)
    assert view.gaps == {}
    assert set(view.progress.values()) == {"completed"}


def test_nobody_of_that_name(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    with pytest.raises(Invalid) as fault:
        save(as_person, desk, project_at("draft"), "people", organisation="X", add="esme\nnobody-here")
    assert "nobody-here" in fault.value.fields["add"]


def test_members_are_added_and_removed_but_never_the_lead(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    project = save(as_person, desk, project_at("draft"), "people", organisation="X", add="Esme, ben")
    assert project.member_ids == ("amina", "ben", "esme")
    project = save(as_person, desk, project, "people", organisation="X", remove=["ben", "amina"])
    assert project.member_ids == ("amina", "esme")


def test_the_right_to_download_is_for_members_only(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    with pytest.raises(Invalid) as fault:
        save(as_person, desk, project_at("draft"), "outputs", may_download=["cara"])
    assert "may_download" in fault.value.fields


@pytest.mark.parametrize(
    "column", ["nhanes/demographics/SEQN", "nhanes/nothing/age", "nothing/demographics/age", "nhanes/demographics/'--"]
)
def test_a_column_that_the_catalogue_lacks(
    column: str, project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    with pytest.raises(Invalid) as fault:
        save(as_person, desk, project_at("draft"), "data", columns=[column])
    assert "no column" in fault.value.fields["columns"]


def test_a_table_needs_its_reason(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = save(as_person, desk, project_at("draft"), "data", columns=["nhanes/demographics/age"])
    gaps = projects.view_application(as_person("amina"), desk, project.project_id).gaps
    assert gaps["data"] == {"why/nhanes/demographics": "Enter why you need the table demographics"}


def test_columns_chosen_later_replace_the_earlier(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("complete", datasets=("nhanes", "hospital"))
    assert project.custodians == ("gwen", "olga")
    project = save(as_person, desk, project, "data", **data_page(("hospital",)))
    assert [(one.table, one.columns) for one in project.wanted] == [("admissions", ("diagnosis",))]
    assert project.custodians == ("olga",)


def test_a_stale_form_changes_nothing(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = project_at("draft")
    save(as_person, desk, project, "project", title="First")
    with pytest.raises(Conflict) as fault:
        save(as_person, desk, project, "project", title="Second")
    assert fault.value.code == "projects.project.stale"
    view = projects.view_application(as_person("amina"), desk, project.project_id)
    assert view.project.answers.title == "First"


def test_a_fault_writes_nothing(project_at: ProjectAt, as_person: As, desk: ProjectsDesk, sessions) -> None:  # type: ignore[no-untyped-def]
    project, before = project_at("draft"), None
    before = event_names(sessions)
    with pytest.raises(Invalid):
        save(as_person, desk, project, "project", title="x" * 201, lay_summary="kept?")
    assert event_names(sessions) == before


@pytest.mark.parametrize("person", ["ben", "esme", "farah", "gwen"])
def test_only_the_lead_writes(person: str, project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    project = save(as_person, desk, project_at("draft"), "people", organisation="X", add="esme")
    with pytest.raises(NotPermitted) as refusal:
        projects.save_application(
            as_person(person),
            desk,
            project.project_id,
            page="project",
            typed=PAGES["project"],
            version=project.version,
        )
    assert "projects.project.not_lead" in refusal.value.reasons


def test_what_was_sent_is_not_changed(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    with pytest.raises(NotPermitted) as refusal:
        save(as_person, desk, project_at("submitted"), "project", title="Other")
    assert refusal.value.reasons == ("projects.project.not_draft",)


def test_no_such_page_and_no_such_project(project_at: ProjectAt, as_person: As, desk: ProjectsDesk) -> None:
    with pytest.raises(NotFound):
        save(as_person, desk, project_at("draft"), "pages")
    with pytest.raises(NotFound):
        projects.view_project(as_person("farah"), desk, "p-aaaaaa")


def test_numbers_are_never_given_twice(project_at: ProjectAt) -> None:
    numbers = [project_at("draft").number for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_a_person_without_the_role_begins_nothing(as_person: As) -> None:
    with pytest.raises(NotPermitted):
        projects.draft_project(as_person("cara"))
    assert projects.why_not_draft(as_person("cara"))
    assert projects.why_not_draft(as_person("amina")) == ()


def test_rows_and_a_period_are_asked_for_and_come_to_the_order(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk
) -> None:
    key = "nhanes/demographics"
    typed = {f"rows/{key}": "age >= 40 and sex in (1, 2)", f"first/{key}": "2017-01-01", f"last/{key}": ""}
    project = save(as_person, desk, project_at("draft"), "data", columns=[f"{key}/age"], **typed)
    (one,) = project.wanted
    assert (one.rows, one.first_day, one.last_day) == ("age >= 40 and sex in (1, 2)", date(2017, 1, 1), None)
    project = save(as_person, desk, project, "settings", ends_on="2027-12-31")
    (table,) = approved_data(project).tables
    assert (table.rows, table.first_day, table.last_day) == (one.rows, one.first_day, None)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("rows", "age >= 'old'", "At character 8: age is of type integer"),
        ("rows", "height > 1", "there is no column height"),
        ("rows", "age = 1; drop table x", "At character 8"),
        ("first", "1 May", "must be a real date"),
    ],
)
def test_rows_that_cannot_be_read_are_told_at_their_field(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk, field: str, typed: str, words: str
) -> None:
    key = "nhanes/demographics"
    with pytest.raises(Invalid) as fault:
        save(as_person, desk, project_at("draft"), "data", columns=[f"{key}/age"], **{f"{field}/{key}": typed})
    assert words in fault.value.fields[f"{field}/{key}"]
