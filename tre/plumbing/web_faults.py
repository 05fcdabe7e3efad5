"""Owns what happens when the portal itself is at fault: a calm page with a reference number, and a log line without values.

Must never let the server print an exception's message: it may carry what a person typed.
"""

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tre.plumbing.http_errors import answer_fault


class CalmFaults:
    """ASGI middleware, just inside the cookie's: whatever no handler caught becomes the fault page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; answer in the application's place when it failed before answering."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as fault:
            if started or scope["type"] != "http":
                raise
            await answer_fault(Request(scope, receive), fault)(scope, receive, send)
