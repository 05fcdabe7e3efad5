"""The API of output checking, on the same services as the pages. Must never hold a rule.

Requests are made inside a workspace (the session API), where the files are; here they are seen, judged, withdrawn, downloaded.
"""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import BaseModel, Field

from output_checking.doors import Desk
from output_checking.presenters import Queue, RequestView, Summary
from output_checking.service import listing, releasing, reviewing, submitting, viewing
from output_checking.shown import as_is, saved
from tre.plumbing.web import Ctx

router = APIRouter(prefix="/api/v1/release-requests", tags=["outputs"])

Version = Annotated[int, Field(ge=0, description="the version that the caller has seen: another is refused as stale")]


class VoteIn(BaseModel):
    """A checker's view."""

    view: str = Field(description="approve, changes or refuse")
    comment: str = Field(default="", description="the reason; needed unless there is nothing to explain")
    version: Version


class WithdrawIn(BaseModel):
    """Which version of the request is withdrawn."""

    version: Version


@router.get("")
def list_requests(ctx: Ctx, desk: Desk, project_id: str = "") -> list[Summary]:
    """The requests of the caller's projects, newest first."""
    return list(listing.list_requests(ctx, desk, project_id=project_id))


@router.get("/queue")
def show_queue(ctx: Ctx, desk: Desk) -> Queue:
    """What waits for output checkers, sorted by what the caller can do about each."""
    return listing.queue(ctx, desk)


@router.get("/{request_id}")
def show_request(ctx: Ctx, desk: Desk, request_id: str) -> RequestView:
    """One request as the caller may see it."""
    return viewing.view_request(ctx, desk, request_id)


@router.get("/{request_id}/files/{file_id}", response_class=Response)
def show_file(ctx: Ctx, desk: Desk, request_id: str, file_id: str) -> Response:
    """The bytes of one file as submitted, for those who may look at it."""
    return as_is(viewing.view_file(ctx, desk, request_id, file_id))


@router.post("/{request_id}/votes")
def give_view(ctx: Ctx, desk: Desk, request_id: str, sent: Annotated[VoteIn, Body()]) -> RequestView:
    """Give one's view; the view that completes the round closes it."""
    return reviewing.vote(ctx, desk, request_id, view=sent.view, comment=sent.comment, version=sent.version)


@router.post("/{request_id}/withdraw")
def withdraw(ctx: Ctx, desk: Desk, request_id: str, sent: Annotated[WithdrawIn, Body()]) -> RequestView:
    """Take a request back."""
    return submitting.withdraw_request(ctx, desk, request_id, version=sent.version)


@router.get("/{request_id}/release", response_class=Response)
def download_release(ctx: Ctx, desk: Desk, request_id: str) -> Response:
    """A zip archive of the released files with the manifest."""
    return saved(releasing.download_release(ctx, desk, request_id))


@router.get("/{request_id}/release/{file_id}", response_class=Response)
def download_file(ctx: Ctx, desk: Desk, request_id: str, file_id: str) -> Response:
    """One released file."""
    return saved(releasing.download_file(ctx, desk, request_id, file_id))


@router.get("/{request_id}/manifest", response_class=Response)
def download_manifest(ctx: Ctx, desk: Desk, request_id: str) -> Response:
    """The manifest of the release."""
    return saved(releasing.download_manifest(ctx, desk, request_id))
