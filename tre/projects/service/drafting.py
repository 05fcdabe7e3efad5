"""Owns the application until it is sent: draft, save a page, submit. Must never let anyone but the applicant write in it."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tre.kernel.actor import system_actor
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid, NotFound
from tre.kernel.facts import ProjectFacts
from tre.kernel.ids import new_id
from tre.people import service as people
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import facts
from tre.projects.domain import completeness
from tre.projects.domain.project import Project
from tre.projects.domain.reading import Typed
from tre.projects.domain.states import DRAFT, MACHINE
from tre.projects.service import pages_of_application as pages
from tre.projects.service.deciding import approved_data
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.loading import locked_row, value_of
from tre.projects.tables import ProjectMemberRow, ProjectNumberRow, ProjectRow


def draft_project(ctx: Context) -> Project:
    """Begin an application: the actor becomes its lead and first member, with the right to download.

    Raises:
        NotPermitted: the actor is no researcher or not in good standing.
    """
    with ctx.begin() as unit:
        return value_of(drafted_row(unit))


def drafted_row(unit: Unit) -> ProjectRow:
    """Begin an application inside the caller's transaction; return its row. Raises as `draft_project` does."""
    person = people.person_named(unit, unit.actor.person_id)
    row = ProjectRow(
        id=new_id("p"),
        number=_next_number(unit.session),
        state=MACHINE.first,
        version=1,
        lead_id=unit.actor.person_id,
        organisation=person.organisation,
        drafted_at=unit.now,
        state_since=unit.now,
        members=[ProjectMemberRow(person_id=unit.actor.person_id, may_download=True)],
    )
    _check(unit, Action.PROJECTS_PROJECT_DRAFT, row)
    unit.session.add(row)
    unit.record("projects.project.drafted", subject=row.id, project=row.id)
    unit.session.flush()
    return row


def why_not_draft(ctx: Context) -> tuple[str, ...]:
    """Return the sentences that speak against the actor's beginning an application; empty where they may."""
    with ctx.look() as unit:
        about = ProjectFacts(lead_id=unit.actor.person_id)
        unit.check(Action.PROJECTS_PROJECT_VIEW, about)
        return unit.why_not(Action.PROJECTS_PROJECT_DRAFT, about)


def save_application(
    ctx: Context, desk: ProjectsDesk, project_id: str, *, page: str, typed: Typed, version: int
) -> Project:
    """Save one page of the application (`people`, `project`, `data`, `settings`, `outputs`); gaps may remain.

    Args:
        typed: field name to what was typed.
        version: the version that the form was made from.

    Raises:
        NotFound: there is no such project, or no such page.
        Invalid: with a sentence for each field that cannot be accepted; nothing is saved then.
        Conflict: the application was changed since, or has been sent.
    """
    if page not in pages.WRITERS:
        raise NotFound("There is no such part of an application.", code="projects.application.no_page")
    with ctx.begin() as unit:
        row = locked_row(unit.session, project_id, version=version)
        _check(unit, Action.PROJECTS_PROJECT_DRAFT, row)
        if row.state != DRAFT:
            raise Conflict("The application was sent: it can no longer be changed.", code="projects.project.sent")
        pages.WRITERS[page](unit, desk, row, typed)
        unit.record("projects.project.saved", subject=row.id, project=row.id, detail={"page": page})
        unit.session.flush()
        return value_of(row)


def submit_project(ctx: Context, desk: ProjectsDesk, project_id: str, *, version: int) -> Project:
    """Send the application to those who decide.

    Raises:
        Invalid: with every gap, when it is not complete.
        NotPermitted: the actor is not its lead, or their training or terms are not in order.
        IllegalMove: it was sent before.
    """
    with ctx.begin() as unit:
        row = locked_row(unit.session, project_id, version=version)
        state = MACHINE.after(row.state, "submit")
        _require_complete(value_of(row), unit)
        pages.refresh_custodians(unit, desk, row)
        _check(unit, Action.PROJECTS_PROJECT_SUBMIT, row)
        row.state, row.submitted_at, row.state_since = state, unit.now, unit.now
        row.version += 1
        unit.record("projects.project.submitted", subject=row.id, project=row.id, detail=_what_is_asked(value_of(row)))
        unit.session.flush()
        # The custodian decides with the report at hand; sending the application is what orders it.
        desk.snapshots.order_assessment(replace(unit, actor=system_actor("submission")), approved_data(value_of(row)))
        return value_of(row)


def _check(unit: Unit, action: Action, row: ProjectRow) -> None:
    standing = people.standing_of(unit, unit.actor.person_id)
    unit.check(action, facts.about(value_of(row), today=unit.now.date(), standing=standing))


def _require_complete(project: Project, unit: Unit) -> None:
    gaps = completeness.missing(project, today=unit.now.date())
    if gaps:
        raise Invalid({name: sentence for page in gaps.values() for name, sentence in page.items()})


def _what_is_asked(project: Project) -> dict[str, object]:
    return {
        "datasets": list(project.dataset_ids),
        "tables": len(project.wanted),
        "columns": sum(len(one.columns) for one in project.wanted),
        "members": list(project.member_ids),
    }


def _next_number(session: Session) -> int:
    """Return a number that no project ever had: two projects must never share an account on the machine."""
    row = _number_row(session)
    if row is None:
        try:
            with session.begin_nested():
                session.add(ProjectNumberRow(id=1, latest=0))
        except IntegrityError:
            pass  # somebody made the row just now
        row = _number_row(session)
    if row is None:
        raise Conflict("The next project number could not be had: try again.", code="projects.project.number")
    row.latest += 1
    return row.latest


def _number_row(session: Session) -> ProjectNumberRow | None:
    return session.scalars(select(ProjectNumberRow).where(ProjectNumberRow.id == 1).with_for_update()).one_or_none()
