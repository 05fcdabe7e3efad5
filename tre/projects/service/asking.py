"""Owns what other rooms may ask about a project, within their own transaction. Must never ask the gate: they do."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.facts import ProjectFacts, Standing
from tre.plumbing.unit_of_work import Unit
from tre.projects import facts
from tre.projects.domain.project import Project
from tre.projects.domain.states import ON_THE_REGISTER
from tre.projects.ports import ApprovedData
from tre.projects.service.deciding import approved_data
from tre.projects.service.loading import row_of, value_of
from tre.projects.tables import ProjectMemberRow, ProjectRow


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What other rooms show of a project; `release_right` are the members who may download releases."""

    project_id: str
    number: int
    title: str
    organisation: str
    state: str
    lead_id: str
    members: tuple[str, ...]
    release_right: tuple[str, ...]
    ends_on: date | None


def facts_of(unit: Unit, project_id: str, *, standing: Standing | None = None) -> ProjectFacts:
    """Return the facts about a project as it is now; raise `NotFound`."""
    return facts.about(value_of(row_of(unit.session, project_id)), today=unit.now.date(), standing=standing)


def approved_plan(unit: Unit, project_id: str) -> ApprovedData:
    """Return what the project may have; raise `NotFound`."""
    return approved_data(value_of(row_of(unit.session, project_id)))


def legal_basis_of(session: Session, project_id: str) -> str:
    """Return how the project meets the duty of confidentiality (a code of `choices.COMMON_LAW`); empty while not answered."""
    return session.scalar(select(ProjectRow.common_law).where(ProjectRow.id == project_id)) or ""


def projects_of(session: Session, person_id: str) -> frozenset[str]:
    """Return the ids of the projects that the person is on now, whatever their state."""
    wanted = select(ProjectMemberRow.project_id).where(ProjectMemberRow.person_id == person_id)
    return frozenset(session.scalars(wanted))


def summary_of(unit: Unit, project_id: str) -> Summary:
    """Return what other rooms show of a project; raise `NotFound`."""
    return _summary(value_of(row_of(unit.session, project_id)))


def summaries_of(unit: Unit, project_ids: frozenset[str]) -> dict[str, Summary]:
    """Return the summaries of several projects by id; unknown ids are left out."""
    rows = unit.session.scalars(select(ProjectRow).where(ProjectRow.id.in_(project_ids)))
    return {row.id: _summary(value_of(row)) for row in rows}


def public_projects(session: Session) -> tuple[Project, ...]:
    """Return every project that was decided on, newest decision first: approved, suspended, closed and refused."""
    wanted = select(ProjectRow).where(ProjectRow.state.in_(ON_THE_REGISTER))
    rows = session.scalars(wanted.order_by(ProjectRow.submitted_at.desc(), ProjectRow.id))
    return tuple(value_of(row) for row in rows)


def public_project(session: Session, project_id: str) -> Project | None:
    """Return the project if it was decided on, else None."""
    row = session.get(ProjectRow, project_id)
    return value_of(row) if row is not None and row.state in ON_THE_REGISTER else None


def _summary(project: Project) -> Summary:
    return Summary(
        project_id=project.project_id,
        number=project.number,
        title=project.title,
        organisation=project.answers.organisation,
        state=project.state,
        lead_id=project.lead_id,
        members=project.member_ids,
        release_right=project.release_right,
        ends_on=project.answers.ends_on,
    )
