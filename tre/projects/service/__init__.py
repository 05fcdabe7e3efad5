"""What a person can do with projects, one named function each, and what other rooms may ask."""

from tre.projects.service.asking import (
    Summary,
    approved_plan,
    facts_of,
    legal_basis_of,
    projects_of,
    public_project,
    public_projects,
    summaries_of,
    summary_of,
)
from tre.projects.service.choosing import OwnDraft, ask_for_columns, own_drafts
from tre.projects.service.deciding import Case, assess_again, decide_project, list_decisions
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.drafting import draft_project, save_application, submit_project, why_not_draft
from tre.projects.service.running import close_project, order_again, resume_project, suspend_project
from tre.projects.service.viewing import (
    Listing,
    ProjectView,
    list_projects,
    look_at_assessment,
    look_at_snapshot,
    view_application,
    view_project,
)

__all__ = [
    "Case",
    "Listing",
    "OwnDraft",
    "ProjectView",
    "ProjectsDesk",
    "Summary",
    "approved_plan",
    "ask_for_columns",
    "assess_again",
    "close_project",
    "decide_project",
    "draft_project",
    "facts_of",
    "legal_basis_of",
    "list_decisions",
    "list_projects",
    "look_at_assessment",
    "look_at_snapshot",
    "order_again",
    "own_drafts",
    "projects_of",
    "public_project",
    "public_projects",
    "resume_project",
    "save_application",
    "submit_project",
    "summaries_of",
    "summary_of",
    "suspend_project",
    "view_application",
    "view_project",
    "why_not_draft",
]
