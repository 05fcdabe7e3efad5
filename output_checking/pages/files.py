"""Owns how bytes of a request reach a browser: pictures to be looked at, released files to be saved.

Every such answer says itself that nothing in it may act (`sandbox`), be guessed to be another type, or be kept: whatever a
researcher wrote into a file, it is not a page of the portal. Must never answer with HTML or SVG that came from inside.
"""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from output_checking.domain.checks.content import MEDIA_TYPE, Kind
from output_checking.doors import Desk
from output_checking.presenters import Download
from output_checking.service import releasing
from output_checking.service.viewing import view_file
from tre.kernel.errors import NotFound
from tre.plumbing.web import Ctx

router = APIRouter()

INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@router.get("/outputs/{request_id}/files/{file_id}/picture")
def picture(ctx: Ctx, desk: Desk, request_id: str, file_id: str) -> Response:
    """The pixels of a PNG or JPEG; any other kind is not found here."""
    content = view_file(ctx, desk, request_id, file_id)
    media_type = MEDIA_TYPE.get(Kind(content.file.kind))
    if media_type is None:
        raise NotFound("This file is no picture.", code="outputs.file.not_found")
    return Response(content.body, media_type=media_type, headers={**INERT, "Content-Disposition": "inline"})


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


def saved(download: Download) -> Response:
    """Return bytes that a browser saves and never opens; the name is written after RFC 6266."""
    name = download.name.rpartition("/")[2]
    plain = "".join(one if one.isascii() and one not in '"\\' else "_" for one in name)
    headers = {
        **INERT,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
    if download.sha256:
        headers["X-Content-SHA256"] = download.sha256
    return Response(
        download.body,
        media_type="application/octet-stream" if download.sha256 else download.media_type,
        headers=headers,
    )
