"""Owns what the services of this room are handed besides the context, as bootstrap filled it in."""

from dataclasses import dataclass

from tre.sessions.hub import Hub
from tre.sessions.ports import Snapshots


@dataclass(frozen=True, kw_only=True)
class SessionsDesk:
    """The hub's client and the snapshots."""

    hub: Hub
    snapshots: Snapshots
