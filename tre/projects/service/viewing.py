"""Owns what a person sees of projects: the list, and one project with all that belongs to it. Must never change anything."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from tre.kernel.authz import Action, Facts
from tre.kernel.facts import SnapshotFacts
from tre.people import service as people
from tre.plumbing.conditions import clause
from tre.plumbing.paging import Page
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import facts, presenters
from tre.projects.domain import completeness
from tre.projects.domain.decisions import Seat, open_seats
from tre.projects.domain.project import Project
from tre.projects.domain.states import APPROVED, DRAFT, MACHINE, SUBMITTED
from tre.projects.ports import AssessmentCard, Dataset, SnapshotCard, WorkspaceCard
from tre.projects.service.deciding import COLUMNS, roles_open_to_actor
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.loading import row_of, value_of
from tre.projects.tables import ProjectRow

PAGE_ROWS = 20
_ADMIN_MOVES = {
    "suspend": Action.PROJECTS_PROJECT_SUSPEND,
    "resume": Action.PROJECTS_PROJECT_RESUME,
    "close": Action.PROJECTS_PROJECT_CLOSE,
}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is shown of the list: words to look for, one state or all, the page."""

    words: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class ProjectView:
    """One project as the actor sees it.

    Args:
        names: person id to name, for everybody the page speaks of.
        moves: what the actor may do now: submit, edit, suspend, resume, close, order_snapshot.
        roles: roles in which the actor may decide now.
        history: dated sentences, newest first.
    """

    project: Project
    names: dict[str, str]
    datasets: tuple[Dataset, ...]
    snapshot: SnapshotCard
    assessment: AssessmentCard
    workspace: WorkspaceCard
    moves: frozenset[str]
    roles: tuple[str, ...]
    waiting_for: tuple[Seat, ...]
    steps: tuple[presenters.Step, ...]
    history: tuple[presenters.Line, ...]
    gaps: dict[str, dict[str, str]]
    progress: dict[str, str]


def list_projects(ctx: Context, listing: Listing) -> Page[Project]:
    """Return the projects that the actor may see, newest change first: the same rule as `view_project`."""
    with ctx.begin() as unit:
        allowed = clause(unit.conditions(Action.PROJECTS_PROJECT_VIEW), COLUMNS)
        where = [allowed, *_filters(listing)]
        total = unit.session.scalar(select(func.count()).select_from(ProjectRow).where(*where)) or 0
        wanted = select(ProjectRow).where(*where).order_by(ProjectRow.state_since.desc(), ProjectRow.id)
        rows = unit.session.scalars(wanted.limit(PAGE_ROWS).offset((listing.page - 1) * PAGE_ROWS))
        found = tuple(value_of(row) for row in rows)
        unit.record("projects.project.listed", detail={"found": total})
        return Page(rows=found, number=listing.page, total=total, size=PAGE_ROWS)


def view_project(ctx: Context, desk: ProjectsDesk, project_id: str) -> ProjectView:
    """Return one project with its snapshot, the actor's workspace, its history, and what the actor may do now.

    Raises:
        NotFound: there is no such project.
        NotPermitted: it is not the actor's to see.
    """
    with ctx.begin() as unit:
        view = _view(unit, desk, project_id)
        unit.record("projects.project.viewed", subject=project_id, project=project_id)
        return view


def look_at_snapshot(ctx: Context, desk: ProjectsDesk, project_id: str) -> SnapshotCard:
    """Return the snapshot's state, for the part of the page that asks every two seconds; raises as `view_project`."""
    with ctx.look() as unit:
        project = value_of(row_of(unit.session, project_id))
        with unit.checking(Action.PROJECTS_PROJECT_VIEW, facts.about(project, today=unit.now.date())):
            return desk.snapshots.card(unit, project_id)


def look_at_assessment(
    ctx: Context, desk: ProjectsDesk, project_id: str
) -> tuple[Project, AssessmentCard, tuple[str, ...]]:
    """Return the project, the report on what it asks for and the actor's roles; raises as `view_project`."""
    with ctx.look() as unit:
        project = value_of(row_of(unit.session, project_id))
        unit.check(Action.PROJECTS_PROJECT_VIEW, facts.about(project, today=unit.now.date()))
        report = desk.snapshots.assessment(unit, project_id) if _sees_report(unit, project) else AssessmentCard()
        return project, report, roles_open_to_actor(unit, project)


def view_application(ctx: Context, desk: ProjectsDesk, project_id: str) -> ProjectView:
    """Return the application for its lead to go on with; raises as `view_project`, and when it is not a draft of theirs."""
    with ctx.begin() as unit:
        project = value_of(row_of(unit.session, project_id))
        unit.check(Action.PROJECTS_PROJECT_DRAFT, facts.about(project, today=unit.now.date()))
        view = _view(unit, desk, project_id)
        unit.record("projects.project.opened", subject=project_id, project=project_id)
        return view


def _view(unit: Unit, desk: ProjectsDesk, project_id: str) -> ProjectView:
    project = value_of(row_of(unit.session, project_id))
    with unit.checking(Action.PROJECTS_PROJECT_VIEW, facts.about(project, today=unit.now.date())):
        return _laid_out(unit, desk, project)


def _laid_out(unit: Unit, desk: ProjectsDesk, project: Project) -> ProjectView:
    project_id, today = project.project_id, unit.now.date()
    history = presenters.lines(unit.session, project_id)
    names = people.names_of(unit, sorted(_persons(project) | {one.person_id for one in history})) | dict(
        presenters.PROCESSES
    )
    snapshot = desk.snapshots.card(unit, project_id)
    return ProjectView(
        project=project,
        names=names,
        datasets=tuple(desk.catalogue.datasets(unit)),
        snapshot=snapshot,
        assessment=desk.snapshots.assessment(unit, project_id) if _sees_report(unit, project) else AssessmentCard(),
        workspace=desk.workspaces.card(unit, project_id) if _is_member(unit, project) else WorkspaceCard(),
        moves=_moves(unit, project),
        roles=roles_open_to_actor(unit, project),
        waiting_for=open_seats(project) if project.state == SUBMITTED else (),
        steps=presenters.steps(project, snapshot),
        history=history,
        gaps=completeness.missing(project, today=today),
        progress=completeness.progress(project, today=today),
    )


def _moves(unit: Unit, project: Project) -> frozenset[str]:
    about = facts.about(project, today=unit.now.date(), standing=people.standing_of(unit, unit.actor.person_id))
    existing = {move: action for move, action in _ADMIN_MOVES.items() if MACHINE.may_move(project.state, move)}
    if project.state == DRAFT:
        existing["edit"] = Action.PROJECTS_PROJECT_DRAFT
    questions: dict[str, tuple[Action, Facts]] = {move: (action, about) for move, action in existing.items()}
    if project.state == APPROVED:
        snapshot = SnapshotFacts(
            project_id=project.project_id, project_state=project.state, custodians=tuple(project.custodians)
        )
        questions["order_snapshot"] = (Action.DATA_SNAPSHOT_REQUEST, snapshot)
    against = unit.why_not_each(questions)
    return frozenset(move for move, why in against.items() if not why)


def _sees_report(unit: Unit, project: Project) -> bool:
    """Say whether the actor is shown the report: who decides or oversees, not the applicants; it tells of the whole data."""
    return unit.actor.person_id not in project.member_ids


def _is_member(unit: Unit, project: Project) -> bool:
    return unit.actor.person_id in project.member_ids


def _persons(project: Project) -> set[str]:
    decided = {one.person_id for one in project.decisions}
    return {project.lead_id, *project.member_ids, *project.custodians} | decided


def _filters(listing: Listing) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if listing.state:
        found.append(ProjectRow.state == listing.state)
    if listing.words:
        like = f"%{_literal(listing.words)}%"
        fields = (ProjectRow.title, ProjectRow.id, ProjectRow.organisation)
        found.append(or_(*(field.ilike(like, escape="\\") for field in fields)))
    return found


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
