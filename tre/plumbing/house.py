"""Owns what every door needs of the house: settings, records, clock, gate, and who a sign-in session belongs to.

Bootstrap puts the parts in; rooms add theirs in its own class. Must never build anything itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from tre.kernel.actor import Actor
from tre.kernel.authz import Gate
from tre.kernel.clock import Clock
from tre.plumbing.config import Config
from tre.plumbing.db import SessionMaker
from tre.plumbing.unit_of_work import Context

ActorOfSession = Callable[[str], Actor | None]


@dataclass(frozen=True, kw_only=True)
class Foundations:
    """The parts under every room.

    Args:
        config: the settings.
        engine: of the governance records.
        sessions: maker of database sessions on that engine.
        clock: the only "now".
        gate: the one gate.
        actor_of: the signed-in person for the opaque id in the cookie; None when it is unknown, ended or idle too long.
    """

    config: Config
    engine: Engine
    sessions: SessionMaker
    clock: Clock
    gate: Gate
    actor_of: ActorOfSession

    def context(self, actor: Actor) -> Context:
        """Return what a service function is handed when `actor` asks."""
        return Context(actor=actor, gate=self.gate, clock=self.clock, sessions=self.sessions, config=self.config)

    def close(self) -> None:
        """Let go of the records and of the policy server: for a process that goes on without them."""
        self.engine.dispose()
        close_gate = getattr(self.gate, "close", None)  # a gate that keeps connections can be told to let go of them
        if close_gate is not None:
            close_gate()
