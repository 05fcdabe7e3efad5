"""Owns how a project becomes the facts of a decision. Must never load anything: it is handed values."""

from datetime import date

from tre.kernel.facts import ProjectFacts, Standing
from tre.projects.domain import completeness
from tre.projects.domain.project import Project


def about(project: Project, *, today: date, standing: Standing | None = None, decision_as: str = "") -> ProjectFacts:
    """Return the facts about a project.

    Args:
        today: date in UTC, for completeness.
        standing: of the actor, where the rule needs it.
        decision_as: role in which the actor decides, where this is a decision.
    """
    return ProjectFacts(
        project_id=project.project_id,
        state=project.state,
        lead_id=project.lead_id,
        members=project.member_ids,
        custodians=project.custodians,
        ends_on=project.answers.ends_on.isoformat() if project.answers.ends_on else "",
        decided=tuple(f"{one.role}:{one.person_id}" for one in project.decisions if one.is_yes),
        decision_as=decision_as,
        is_complete=completeness.is_complete(project, today=today),
        standing=standing or Standing(),
    )
