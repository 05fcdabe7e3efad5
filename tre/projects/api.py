"""The API of projects, on the same services as the pages. Must never hold a rule."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from tre.plumbing.web import Ctx
from tre.projects import service
from tre.projects.domain.project import Project
from tre.projects.doors import Desk

router = APIRouter(prefix="/api/v1", tags=["projects"])

Version = Annotated[int, Field(ge=0, description="the version that the caller has seen: another is refused as stale")]


class MemberOut(BaseModel):
    """A person with access; `may_download` is the right to download releases."""

    person_id: str
    may_download: bool


class WantedOut(BaseModel):
    """One table asked for."""

    dataset_id: str
    table: str
    columns: list[str]
    why: str
    custodian_id: str


class DecisionOut(BaseModel):
    """One decision that was given."""

    role: str
    person_id: str
    is_yes: bool
    reason: str
    at: datetime


class ProjectOut(BaseModel):
    """One project; `answers` by the names of the application's fields."""

    project_id: str
    state: str
    state_since: datetime
    state_reason: str
    version: int
    lead_id: str
    title: str
    answers: dict[str, str | date | None]
    members: list[MemberOut]
    wanted: list[WantedOut]
    decisions: list[DecisionOut]
    submitted_at: datetime | None
    approved_at: datetime | None


class SnapshotOut(BaseModel):
    """A project's snapshot."""

    state: str
    version: str
    progress: int
    note: str
    built_at: datetime | None
    left_out: list[str]


class ProjectPageOut(BaseModel):
    """One project with its snapshot, what the caller may do now, what is missing in the application, and its history."""

    project: ProjectOut
    snapshot: SnapshotOut
    moves: list[str]
    roles: list[str]
    gaps: dict[str, dict[str, str]]
    history: list[str]


class PageIn(BaseModel):
    """One part of the application as typed: field name to text, or a list of texts."""

    version: Version
    fields: dict[str, str | list[str]]


class DecisionIn(BaseModel):
    """A decision: in which role (custodian, admin, lay_reviewer), yes or no, and why."""

    version: Version
    role: str
    answer: str
    reason: str


class MoveIn(BaseModel):
    """A move with its reason."""

    version: Version
    reason: str


@router.get("/projects")
def list_projects(ctx: Ctx, words: str = "", state: str = "", page: int = 1) -> list[ProjectOut]:
    """Return the projects that the caller may see, 20 a page."""
    listing = service.Listing(words=words[:100], state=state, page=max(1, min(page, 100_000)))
    return [_out(one) for one in service.list_projects(ctx, listing).rows]


@router.post("/projects", status_code=201)
def draft_project(ctx: Ctx) -> ProjectOut:
    """Begin an application."""
    return _out(service.draft_project(ctx))


@router.get("/projects/{project_id}")
def view_project(ctx: Ctx, desk: Desk, project_id: str) -> ProjectPageOut:
    """Return one project."""
    view = service.view_project(ctx, desk, project_id)
    return ProjectPageOut(
        project=_out(view.project),
        snapshot=SnapshotOut.model_validate(view.snapshot, from_attributes=True),
        moves=sorted(view.moves),
        roles=list(view.roles),
        gaps=view.gaps,
        history=[f"{one.at.isoformat()} {view.names[one.person_id]} {one.text}" for one in view.history],
    )


@router.put("/projects/{project_id}/application/{page}")
def save_application(ctx: Ctx, desk: Desk, project_id: str, page: str, typed: PageIn) -> ProjectOut:
    """Save one part of the application: people, project, data, settings or outputs."""
    saved = service.save_application(ctx, desk, project_id, page=page, typed=typed.fields, version=typed.version)
    return _out(saved)


@router.post("/projects/{project_id}/submit")
def submit_project(ctx: Ctx, desk: Desk, project_id: str, version: Annotated[Version, Body(embed=True)]) -> ProjectOut:
    """Send the application to those who decide."""
    return _out(service.submit_project(ctx, desk, project_id, version=version))


@router.get("/decisions")
def list_decisions(ctx: Ctx) -> dict[str, list[str]]:
    """Return what waits for the caller's decision: project id to the roles in which they may decide."""
    return {one.project.project_id: list(one.roles) for one in service.list_decisions(ctx)}


@router.post("/projects/{project_id}/decide")
def decide_project(ctx: Ctx, desk: Desk, project_id: str, given: DecisionIn) -> ProjectOut:
    """Give a decision."""
    typed: Mapping[str, str] = {"role": given.role, "answer": given.answer, "reason": given.reason}
    return _out(service.decide_project(ctx, desk, project_id, typed=typed, version=given.version))


@router.post("/projects/{project_id}/suspend")
def suspend_project(ctx: Ctx, desk: Desk, project_id: str, move: MoveIn) -> ProjectOut:
    """Suspend a project: its workspaces end within seconds."""
    typed = {"reason": move.reason}
    return _out(service.suspend_project(ctx, desk, project_id, typed=typed, version=move.version))


@router.post("/projects/{project_id}/resume")
def resume_project(ctx: Ctx, project_id: str, move: MoveIn) -> ProjectOut:
    """Let a suspended project go on."""
    return _out(service.resume_project(ctx, project_id, typed={"reason": move.reason}, version=move.version))


@router.post("/projects/{project_id}/close")
def close_project(ctx: Ctx, desk: Desk, project_id: str, move: MoveIn) -> ProjectOut:
    """End a project for good."""
    typed = {"reason": move.reason}
    return _out(service.close_project(ctx, desk, project_id, typed=typed, version=move.version))


def _out(project: Project) -> ProjectOut:
    answers = project.answers
    return ProjectOut(
        project_id=project.project_id,
        state=project.state,
        state_since=project.state_since,
        state_reason=project.state_reason,
        version=project.version,
        lead_id=project.lead_id,
        title=project.title,
        answers={name: getattr(answers, name) for name in answers.__dataclass_fields__},
        members=[MemberOut(person_id=one.person_id, may_download=one.may_download) for one in project.members],
        wanted=[
            WantedOut(
                dataset_id=one.dataset_id,
                table=one.table,
                columns=list(one.columns),
                why=one.why,
                custodian_id=one.custodian_id,
            )
            for one in project.wanted
        ],
        decisions=[DecisionOut.model_validate(one, from_attributes=True) for one in project.decisions],
        submitted_at=project.submitted_at,
        approved_at=project.approved_at,
    )
