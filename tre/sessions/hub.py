"""Owns what is said to JupyterHub: who is known, who is shut out, start, stop, list. The one module that speaks to the hub.

Must never decide: it is called after the policy has. The start carries the sealed mount plan, without which the hub refuses.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tre.kernel.errors import TreError, Unavailable

SECONDS = 15.0
CONNECT_SECONDS = 1.0
_BASE = "http://hub/workspaces/hub/api"


class HubRefused(TreError):
    """The hub answered that it will not; the sentence is the hub's own."""

    default_code = "sessions.hub.refused"


@dataclass(frozen=True, kw_only=True)
class Server:
    """One workspace as the hub has it: `is_ready` when its server answers, `pending` spawn or stop, or nothing."""

    person_id: str
    project_id: str
    is_ready: bool
    pending: str = ""


class Hub:
    """A client of the hub's API over its unix socket.

    Args:
        socket: the hub's socket.
        token: the portal's token for it.
    """

    def __init__(self, socket: Path, token: str) -> None:
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)),
            base_url=_BASE,
            headers={"Authorization": f"token {token}"},
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def make_known(self, person_id: str) -> None:
        """Make a person known to the hub, without any right; raise `Unavailable` when the hub does not answer."""
        self._ask("PUT", f"/tre/persons/{person_id}")

    def shut_out(self, persons: Collection[str]) -> None:
        """Sign these persons out of the hub and let none of them in, and let everybody else; raise `Unavailable` when the hub
        does not answer.
        """
        self._ask("PUT", "/tre/shut-out", sorted(persons))

    def start(self, person_id: str, project_id: str, *, sealed_plan: str) -> None:
        """Ask for a start; return once it runs or is under way.

        Raises:
            HubRefused: the plan was refused, or the sandbox did not come up.
            Unavailable: the hub does not answer.
        """
        self._ask("POST", f"/users/{person_id}/servers/{project_id}", {"plan": sealed_plan})

    def stop(self, person_id: str, project_id: str) -> None:
        """Stop a workspace, if there is one; raise `Unavailable` when the hub does not answer."""
        self._ask("DELETE", f"/users/{person_id}/servers/{project_id}", ok={404})

    def server(self, person_id: str, project_id: str) -> Server | None:
        """Return one workspace as the hub has it; raise `Unavailable` when the hub does not answer."""
        answer = self._ask("GET", f"/users/{person_id}", ok={404})
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return next((one for one in _servers(answer.json()) if one.project_id == project_id), None)

    def servers(self) -> tuple[Server, ...]:
        """Return every workspace that the hub has; raise `Unavailable` when it does not answer."""
        answer = self._ask("GET", "/users?state=active&limit=200")
        return tuple(one for person in answer.json() for one in _servers(person))

    def _ask(
        self, method: str, path: str, body: Any = None, *, ok: frozenset[int] | set[int] = frozenset()
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Unavailable(
                "The hub that runs workspaces does not answer: try again in a minute.", code="sessions.hub.no_answer"
            ) from error
        if answer.is_success or answer.status_code in ok:
            return answer
        raise HubRefused(_sentence(answer))


def _servers(person: Any) -> tuple[Server, ...]:
    return tuple(
        Server(
            person_id=person["name"],
            project_id=name,
            is_ready=bool(server.get("ready")),
            pending=server.get("pending") or "",
        )
        for name, server in person.get("servers", {}).items()
        if name
    )


def _sentence(answer: httpx.Response) -> str:
    try:
        said = str(answer.json().get("message", ""))
    except ValueError:
        said = ""
    return (
        said
        or "The hub that runs workspaces refused: try again, and tell the people who run this service if it stays so."
    )
