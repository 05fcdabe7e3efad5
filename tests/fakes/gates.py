"""Owns a gate that does not answer for a while: the real one behind, as the policy server is when it comes back."""

from collections.abc import Callable
from datetime import datetime

from tre.kernel.actor import Actor
from tre.kernel.authz import Action, Decision, Facts, Gate
from tre.kernel.conditions import Listed
from tre.kernel.errors import Unavailable


class SilentGate:
    """Raises what the real gate raises while its server is down, then asks the real one."""

    def __init__(self, real: Gate, *, silent_for: int) -> None:
        self._real, self._left = real, silent_for

    def decide(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Decision:
        """Return the real decision once the silence is over."""
        if self._left:
            self._left -= 1
            raise Unavailable("The policy server does not answer.", code="policy.unavailable")
        return self._real.decide(action, actor, facts, now=now)

    def ask(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Callable[[], Decision]:
        """Return the real decision to wait for, once the silence is over."""
        decision = self.decide(action, actor, facts, now=now)
        return lambda: decision

    def conditions(self, action: Action, actor: Actor, *, now: datetime) -> Listed:
        """Return the real conditions."""
        return self._real.conditions(action, actor, now=now)

    def sentence(self, reason: str) -> str:
        """Return the real sentence."""
        return self._real.sentence(reason)
