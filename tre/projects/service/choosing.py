"""Owns carrying columns from the catalogue into an application. Must never let anyone but the applicant write in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid
from tre.kernel.facts import ProjectFacts
from tre.people import service as people
from tre.plumbing.unit_of_work import Context
from tre.projects import facts
from tre.projects.domain import completeness
from tre.projects.domain.states import DRAFT
from tre.projects.service import pages_of_application as pages
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.drafting import drafted_row
from tre.projects.service.loading import locked_row, value_of
from tre.projects.tables import ProjectRow

MOST_DRAFTS = 50


@dataclass(frozen=True, kw_only=True)
class OwnDraft:
    """An application that the actor has begun and not sent."""

    project_id: str
    title: str


def own_drafts(ctx: Context) -> tuple[OwnDraft, ...]:
    """Return the actor's own applications that are not sent yet, newest first."""
    with ctx.look() as unit:
        unit.check(Action.PROJECTS_PROJECT_VIEW, ProjectFacts(lead_id=unit.actor.person_id))
        mine = select(ProjectRow).where(ProjectRow.lead_id == unit.actor.person_id, ProjectRow.state == DRAFT)
        rows = unit.session.scalars(mine.order_by(ProjectRow.drafted_at.desc()).limit(MOST_DRAFTS))
        return tuple(OwnDraft(project_id=row.id, title=row.title or "Application without a title") for row in rows)


def ask_for_columns(ctx: Context, desk: ProjectsDesk, *, project_id: str, columns: Sequence[str]) -> tuple[str, int]:
    """Put columns of the catalogue into an application; return its id and how many were not in it before.

    Args:
        project_id: of the actor's draft; empty to begin another application.
        columns: each as `dataset/table/column`.

    Raises:
        Invalid: none was chosen, or the catalogue has no such column.
        NotPermitted: the actor may not begin or write this application.
        Conflict: the application was sent.
    """
    if not columns:
        raise Invalid({"columns": "Choose the columns that you want to ask for"})
    with ctx.begin() as unit:
        row = locked_row(unit.session, project_id) if project_id else drafted_row(unit)
        standing = people.standing_of(unit, unit.actor.person_id)
        about = facts.about(value_of(row), today=unit.now.date(), standing=standing)
        unit.check(Action.PROJECTS_PROJECT_DRAFT, about)
        if row.state != DRAFT:
            raise Conflict("The application was sent: it can no longer be changed.", code="projects.project.sent")
        added = pages.add_columns(unit, desk, row, {"columns": list(columns)})
        detail = {"page": completeness.DATA, "columns_added": added}
        unit.record("projects.project.saved", subject=row.id, project=row.id, detail=detail)
        return row.id, added
