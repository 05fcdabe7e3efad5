"""Owns how a project becomes the facts of a decision. Must never load anything: it is handed values."""

from dataclasses import dataclass
from datetime import date

from tre.kernel.facts import ProjectFacts, Standing
from tre.projects.domain import completeness
from tre.projects.domain.project import Project


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """Of a decision: in which role, whether it is a yes, and whether the broker's report on what is asked for is there."""

    role: str
    is_yes: bool = False
    is_assessed: bool = False


def about(
    project: Project, *, today: date, standing: Standing | None = None, decision: DecisionFacts | None = None
) -> ProjectFacts:
    """Return the facts about a project.

    Args:
        today: date in UTC, for completeness.
        standing: of the actor, where the rule needs it.
        decision: what is known of the decision, where this is one.
    """
    return ProjectFacts(
        project_id=project.project_id,
        state=project.state,
        lead_id=project.lead_id,
        members=project.member_ids,
        custodians=project.custodians,
        ends_on=project.answers.ends_on.isoformat() if project.answers.ends_on else "",
        decided=tuple(f"{one.role}:{one.person_id}" for one in project.decisions if one.is_yes),
        decision_as=decision.role if decision else "",
        is_yes=decision.is_yes if decision else False,
        is_assessed=decision.is_assessed if decision else False,
        is_complete=completeness.is_complete(project, today=today),
        standing=standing or Standing(),
    )
