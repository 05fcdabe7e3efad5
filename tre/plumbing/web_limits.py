"""Owns how much of a request is read. A body said to be too long is refused before its first byte, any other at the limit.

Must never hold a body, nor read on once the limit is passed.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tre.kernel.errors import TooLarge
from tre.plumbing.web_templates import say_bytes

PLAIN_FORM_BYTES = 1024**2


class BodyLimit:
    """ASGI middleware: reading more than the limit raises `TooLarge` inside the application, which answers 413.

    Args:
        app: the application inside.
        upload_bytes: most bytes of a multipart body; any other body may have `PLAIN_FORM_BYTES`.
    """

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with a counted body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = headers.get("content-type", "").startswith("multipart/form-data")
        limit = self.upload_bytes if is_upload else PLAIN_FORM_BYTES
        await self.app(scope, _counted(receive, limit=limit, announced=headers.get("content-length", "")), send)


def _counted(receive: Receive, *, limit: int, announced: str) -> Receive:
    told = TooLarge(
        f"What was sent is larger than {say_bytes(limit)}, the most accepted here. Send less.",
        code="web.body.too_large",
    )
    read = 0

    async def counted() -> Message:
        nonlocal read
        if announced.isdigit() and int(announced) > limit:
            raise told
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise told
        return message

    return counted
