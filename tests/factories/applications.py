"""Owns an application brought to a state by those who act on it, one service call after another."""

from collections.abc import Callable

from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects
from tre.projects.domain.project import Project

As = Callable[[str], Context]

PAGES: dict[str, dict[str, str | list[str]]] = {
    "people": {"organisation": "University of Somewhere", "add": "esme"},
    "project": {
        "title": "Blood pressure by age",
        "lay_summary": "We look at how blood pressure changes with age.",
        "purpose": "cause_and_treatment",
        "purpose_detail": "Mean systolic blood pressure by age band and sex.",
        "public_benefit": "Better advice for people with high blood pressure.",
        "article_6": "6-1-e",
        "article_9": "9-2-j",
        "common_law": "not_confidential",
    },
    "settings": {"ends_on-day": "30", "ends_on-month": "6", "ends_on-year": "2027"},
    "outputs": {"expected_outputs": "One table and one plot.", "publication": "A journal.", "may_download": ["amina"]},
}
DATA: dict[str, dict[str, str | list[str]]] = {
    "nhanes": {
        "columns": ["nhanes/demographics/age", "nhanes/demographics/sex", "nhanes/examination/systolic"],
        "why/nhanes/demographics": "To group by age and sex.",
        "why/nhanes/examination": "It is what we study.",
    },
    "hospital": {
        "columns": ["hospital/admissions/diagnosis"],
        "why/hospital/admissions": "To leave out those in hospital for it.",
    },
}
CUSTODIANS = {"nhanes": "gwen", "hospital": "olga"}


def data_page(datasets: tuple[str, ...]) -> dict[str, str | list[str]]:
    """Return the page on data as typed."""
    page: dict[str, str | list[str]] = {"columns": []}
    for one in datasets:
        columns = [*page["columns"], *DATA[one]["columns"]]
        page |= DATA[one] | {"columns": columns}
    return page


def yes(role: str) -> dict[str, str]:
    """Return a yes as typed."""
    return {"role": role, "answer": "yes", "reason": f"Fits, says the {role}."}


def project_at(
    state: str, *, as_person: As, desk: projects.ProjectsDesk, datasets: tuple[str, ...] = ("nhanes",)
) -> Project:
    """Return a project of amina's with esme on it: draft, complete, submitted, approved, refused, suspended or closed."""
    project = projects.draft_project(as_person("amina"))
    for step in PATHS[state]:
        project = STEPS[step](project, as_person, desk, datasets)
    return project


def _fill_in(project: Project, as_person: As, desk: projects.ProjectsDesk, datasets: tuple[str, ...]) -> Project:
    for page, typed in (PAGES | {"data": data_page(datasets)}).items():
        project = projects.save_application(
            as_person("amina"), desk, project.project_id, page=page, typed=typed, version=project.version
        )
    return project


def _submit(project: Project, as_person: As, desk: projects.ProjectsDesk, _datasets: tuple[str, ...]) -> Project:
    return projects.submit_project(as_person("amina"), desk, project.project_id, version=project.version)


def _refuse(project: Project, as_person: As, desk: projects.ProjectsDesk, _datasets: tuple[str, ...]) -> Project:
    return decide(project, as_person=as_person, desk=desk, who="hugo", typed=yes("lay_reviewer") | {"answer": "no"})


def _approve(project: Project, as_person: As, desk: projects.ProjectsDesk, datasets: tuple[str, ...]) -> Project:
    return approve(project, as_person=as_person, desk=desk, datasets=datasets)


def _suspend(project: Project, as_person: As, desk: projects.ProjectsDesk, _datasets: tuple[str, ...]) -> Project:
    typed = {"reason": "An inspection."}
    return projects.suspend_project(as_person("farah"), desk, project.project_id, typed=typed, version=project.version)


def _close(project: Project, as_person: As, desk: projects.ProjectsDesk, _datasets: tuple[str, ...]) -> Project:
    typed = {"reason": "The work is done."}
    return projects.close_project(as_person("farah"), desk, project.project_id, typed=typed, version=project.version)


STEPS: dict[str, Callable[[Project, As, projects.ProjectsDesk, tuple[str, ...]], Project]] = {
    "fill in": _fill_in,
    "submit": _submit,
    "refuse": _refuse,
    "approve": _approve,
    "suspend": _suspend,
    "close": _close,
}
PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "complete": ("fill in",),
    "submitted": ("fill in", "submit"),
    "refused": ("fill in", "submit", "refuse"),
    "approved": ("fill in", "submit", "approve"),
    "suspended": ("fill in", "submit", "approve", "suspend"),
    "closed": ("fill in", "submit", "approve", "close"),
}


def approve(
    project: Project, *, as_person: As, desk: projects.ProjectsDesk, datasets: tuple[str, ...] = ("nhanes",)
) -> Project:
    """Return the project after every yes that it needs."""
    for one in datasets:
        project = decide(project, as_person=as_person, desk=desk, who=CUSTODIANS[one], typed=yes("custodian"))
    project = decide(project, as_person=as_person, desk=desk, who="farah", typed=yes("admin"))
    return decide(project, as_person=as_person, desk=desk, who="hugo", typed=yes("lay_reviewer"))


def decide(project: Project, *, as_person: As, desk: projects.ProjectsDesk, who: str, typed: dict[str, str]) -> Project:
    """Return the project after one decision."""
    return projects.decide_project(as_person(who), desk, project.project_id, typed=typed, version=project.version)
