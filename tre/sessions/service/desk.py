"""Owns what the services of this room are handed besides the context, as bootstrap filled it in."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tre.sessions.hub import Hub
from tre.sessions.ports import Snapshots

Act = Callable[[], None]


def in_background(act: Act) -> None:
    """Do `act` beside the request: the hub takes seconds to start a workspace, and the page that tells of it must not wait.

    Where the process ends meanwhile, the timer notes what became of the start.
    """
    threading.Thread(target=act, name="workspace-start", daemon=True).start()


@dataclass(frozen=True, kw_only=True)
class SessionsDesk:
    """The hub's client, the snapshots, and how a start is made beside the request."""

    hub: Hub
    snapshots: Snapshots
    beside: Callable[[Act], None] = in_background
