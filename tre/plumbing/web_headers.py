"""Owns the headers that every answer of the portal carries. Must never be loosened for one page (a page that needs more
sets its own header, in sight of its reviewer).
"""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tre.plumbing.config import Config


class SecurityHeaders:
    """ASGI middleware: sets each header that the answer does not set itself."""

    def __init__(self, app: ASGIApp, *, config: Config) -> None:
        self.app = app
        self.headers = headers_for(config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the answer starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    given.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def headers_for(config: Config) -> dict[str, str]:
    """Return the headers by name.

    `form-action` also covers redirects that follow a form in Chromium: without the provider and the hub in it, signing
    out and opening a workspace silently stay put.
    """
    workspaces = urlsplit(config.hub_origin)
    forms = f"'self' {_origin(config.oidc_issuer)} {config.hub_origin} {workspaces.scheme}://*.{workspaces.netloc}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'; frame-src 'self'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
