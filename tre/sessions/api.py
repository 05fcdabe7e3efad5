"""The API of workspaces, on the same services as the pages. Must never hold a rule."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from tre.kernel.ids import PRACTICE
from tre.plumbing.web import Ctx
from tre.sessions import service
from tre.sessions.domain.session import WorkspaceSession
from tre.sessions.doors import Desk

router = APIRouter(prefix="/api/v1", tags=["workspaces"])


class SessionOut(BaseModel):
    """One stretch of work of one person in one project."""

    model_config = ConfigDict(from_attributes=True)

    session_id: str
    project_id: str
    person_id: str
    state: str
    opened_at: datetime
    live_at: datetime | None
    lapses_at: datetime
    stopped_at: datetime | None
    why: str
    snapshot_version: str


class WorkspaceOut(BaseModel):
    """The caller's workspace in a project: the newest session, why it cannot be opened, where it is."""

    session: SessionOut | None
    why_not: list[str]
    url: str


class PracticeIn(BaseModel):
    """On which dataset's made-up data to practise."""

    dataset: str


class PracticeOut(WorkspaceOut):
    """The caller's practice workspace, and the datasets that can be practised on."""

    datasets: list[str]


class WatchedOut(BaseModel):
    """One running session, whose it is, and the bytes that left it."""

    session: SessionOut
    name: str
    title: str
    today_bytes: int
    all_bytes: int
    refused: int


@router.post("/projects/{project_id}/workspace", status_code=202)
def open_workspace(ctx: Ctx, desk: Desk, project_id: str) -> SessionOut:
    """Open the caller's workspace, or return to the one that runs."""
    return _out(service.open_workspace(ctx, desk, project_id))


@router.get("/projects/{project_id}/workspace")
def view_workspace(ctx: Ctx, desk: Desk, project_id: str) -> WorkspaceOut:
    """Return how the caller's workspace stands."""
    view = service.look_at_workspace(ctx, desk, project_id)
    session = _out(view.session) if view.session else None
    return WorkspaceOut(session=session, why_not=list(view.why_not), url=view.url)


@router.delete("/projects/{project_id}/workspace")
def stop_own_workspace(ctx: Ctx, desk: Desk, project_id: str) -> SessionOut:
    """Stop the caller's workspace."""
    return _out(service.stop_own_workspace(ctx, desk, project_id))


@router.post("/practice/workspace", status_code=202)
def open_practice(ctx: Ctx, desk: Desk, wanted: PracticeIn) -> SessionOut:
    """Open the caller's practice workspace on the made-up data of a dataset, or return to the one that runs."""
    return _out(service.open_practice(ctx, desk, wanted.dataset))


@router.get("/practice/workspace")
def view_practice(ctx: Ctx, desk: Desk) -> PracticeOut:
    """Return how the caller's practice workspace stands, and what can be practised on."""
    found = service.look_at_practice(ctx, desk)
    session = _out(found.workspace.session) if found.workspace.session else None
    return PracticeOut(
        session=session,
        why_not=list(found.workspace.why_not),
        url=found.workspace.url,
        datasets=[one.dataset_id for one in found.twins],
    )


@router.delete("/practice/workspace")
def stop_practice(ctx: Ctx, desk: Desk) -> SessionOut:
    """Stop the caller's practice workspace."""
    return _out(service.stop_own_workspace(ctx, desk, PRACTICE))


@router.get("/workspaces")
def watch_workspaces(ctx: Ctx) -> list[WatchedOut]:
    """Return every workspace that runs now: for admins."""
    return [
        WatchedOut(
            session=_out(one.session),
            name=one.name,
            title=one.title,
            today_bytes=one.outgoing.today_bytes,
            all_bytes=one.outgoing.all_bytes,
            refused=one.outgoing.refused,
        )
        for one in service.watch_workspaces(ctx)
    ]


@router.delete("/workspaces/{session_id}")
def stop_workspace(ctx: Ctx, desk: Desk, session_id: str) -> SessionOut:
    """Stop a workspace: one's own, or any for an admin."""
    return _out(service.stop_workspace(ctx, desk, session_id))


def _out(session: WorkspaceSession) -> SessionOut:
    return SessionOut.model_validate(session)
