"""Owns the answers that carry a file's bytes: pictures to be looked at, everything else to be saved.

Every such answer says itself that nothing in it may act (`sandbox`), be guessed to be another type, or be kept: whatever a
researcher wrote into a file, it is not a page of the portal. Must never answer with HTML or SVG that came from inside.
"""

from urllib.parse import quote

from fastapi.responses import Response

from output_checking.domain.checks.files.content import MEDIA_TYPE, Kind
from output_checking.presenters import Content, Download

INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
BYTES = "application/octet-stream"


def as_is(content: Content) -> Response:
    """Return a file under review: a picture as the picture that its bytes say it is, anything else as bytes to be saved."""
    media_type = MEDIA_TYPE.get(Kind(content.file.kind))
    if media_type is not None:
        return Response(content.body, media_type=media_type, headers={**INERT, "Content-Disposition": "inline"})
    return _attached(content.body, name=content.file.name, media_type=BYTES, sha256=content.file.sha256)


def saved(download: Download) -> Response:
    """Return released bytes, to be saved and never opened by the browser itself."""
    return _attached(download.body, name=download.name, media_type=download.media_type, sha256=download.sha256)


def _attached(body: bytes, *, name: str, media_type: str, sha256: str) -> Response:
    own_name = name.rpartition("/")[2]
    plain = "".join(one if one.isascii() and one not in '"\\' else "_" for one in own_name)
    # RFC 6266: a plain name for old programs, the full one for the others
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(own_name, safe='')}"
    headers = {**INERT, "Content-Disposition": told, **({"X-Content-SHA256": sha256} if sha256 else {})}
    return Response(body, media_type=media_type, headers=headers)
