"""Owns the addresses of a request's bytes: pictures to be looked at, released files to be saved. Holds no rule."""

from fastapi import APIRouter
from fastapi.responses import Response

from output_checking.domain.checks.files.content import Kind
from output_checking.doors import Desk
from output_checking.service import releasing
from output_checking.service.viewing import view_file
from output_checking.shown import as_is, saved
from tre.kernel.errors import NotFound
from tre.plumbing.web import Ctx

router = APIRouter()


@router.get("/outputs/{request_id}/files/{file_id}/picture")
def picture(ctx: Ctx, desk: Desk, request_id: str, file_id: str) -> Response:
    """The pixels of a PNG or JPEG; any other kind is not found here."""
    content = view_file(ctx, desk, request_id, file_id)
    if not Kind(content.file.kind).is_picture:
        raise NotFound("This file is no picture.", code="outputs.file.not_found")
    return as_is(content)


@router.get("/outputs/{request_id}/released/{file_id}")
def released_file(ctx: Ctx, desk: Desk, request_id: str, file_id: str) -> Response:
    """One released file, to be saved."""
    return saved(releasing.download_file(ctx, desk, request_id, file_id))


@router.get("/outputs/{request_id}/release.zip")
def release(ctx: Ctx, desk: Desk, request_id: str) -> Response:
    """All released files with the manifest, to be saved."""
    return saved(releasing.download_release(ctx, desk, request_id))


@router.get("/outputs/{request_id}/manifest.json")
def manifest(ctx: Ctx, desk: Desk, request_id: str) -> Response:
    """The manifest alone, to be saved."""
    return saved(releasing.download_manifest(ctx, desk, request_id))
