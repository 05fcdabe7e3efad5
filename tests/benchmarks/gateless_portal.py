"""The portal with the gate and the record left out: the peer of the gate's benchmark, and nothing else. Never shipped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import FastAPI

from tre.entrypoints.app import make_app
from tre.entrypoints.bootstrap import build_house
from tre.kernel.actor import Actor
from tre.kernel.authz import Action, Decision, Facts, Gate
from tre.kernel.conditions import Always, Listed
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context, Unit


@dataclass(frozen=True)
class OpenGate:
    """Says yes without asking."""

    real: Gate

    def decide(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Decision:
        """Say yes."""
        return Decision(action=action, allowed=True)

    def ask(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Callable[[], Decision]:
        """Say yes."""
        return lambda: Decision(action=action, allowed=True)

    def conditions(self, action: Action, actor: Actor, *, now: datetime) -> Listed:
        """Say every row."""
        return Listed(Always(), revision="")

    def sentence(self, reason: str) -> str:
        """Return the real gate's sentence."""
        return self.real.sentence(reason)


@contextmanager
def _begin(self: Context) -> Iterator[Unit]:
    with self.sessions() as session:
        yield Unit(session=session, actor=self.actor, gate=self.gate, now=self.clock.now(), config=self.config)
        session.commit()


def create() -> FastAPI:
    """Return the portal without decisions and without a record."""
    Context.begin = _begin  # type: ignore[method-assign]  # this process is the benchmark's peer alone
    house = build_house(Config())
    return make_app(replace(house, gate=OpenGate(house.gate)))
