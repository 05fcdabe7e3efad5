"""Owns one transaction and its record, and the context that every service function is handed.

A unit refuses to commit unless the gate was asked and an event recorded in it; a refusal is recorded too. When the gate
cannot answer, nothing at all is written. Must never swallow an error.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from tre.kernel.actor import Actor
from tre.kernel.authz import Action, Decision, Facts, Gate
from tre.kernel.clock import Clock
from tre.kernel.conditions import Condition
from tre.kernel.errors import NotPermitted
from tre.kernel.events import Event
from tre.plumbing.audit_table import append
from tre.plumbing.config import Config
from tre.plumbing.db import SessionMaker, read_only

ASKED_AT_ONCE = 16  # each takes a connection while it is under way
Key = TypeVar("Key", bound=Hashable)


class Undecided(AssertionError):
    """A service function tried to commit without asking the gate or without a record: a fault of ours."""


@dataclass(kw_only=True)
class Unit:
    """One transaction on behalf of one actor."""

    session: Session
    actor: Actor
    gate: Gate
    now: datetime
    config: Config
    decisions: list[Decision] = field(default_factory=list)
    asked: int = 0
    events: list[tuple[Event, Decision | None]] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def check(self, action: Action, facts: Facts) -> Decision:
        """Ask the gate; return a yes.

        Raises:
            NotPermitted: with the policy's reasons, in words.
            Unavailable: the policy server did not answer.
        """
        return self._heed(self.gate.decide(action, self.actor, facts, now=self.now))

    @contextmanager
    def checking(self, action: Action, facts: Facts) -> Iterator[None]:
        """Ask the gate, and go on in the block while it thinks, with reading alone: what was read is shown to nobody before
        the yes. A no, or no answer, outweighs whatever went wrong in the block, so that it tells nothing either.

        Raises:
            NotPermitted, Unavailable: as `check`, at the end of the block.
        """
        decision = self.gate.ask(action, self.actor, facts, now=self.now)
        try:
            yield
        finally:
            self._heed(decision())

    def why_not(self, action: Action, facts: Facts) -> tuple[str, ...]:
        """Return the sentences that speak against `action`, empty when it would be allowed: for buttons and explanations."""
        return self.why_not_each({action: (action, facts)})[action]

    def why_not_each(self, questions: Mapping[Key, tuple[Action, Facts]]) -> dict[Key, tuple[str, ...]]:
        """Return the same for several, each under the key of its question: all are asked before the first answer is awaited,
        since a page asks many and most of the time of each is waiting.
        """
        given = list(questions.items())
        found: dict[Key, tuple[str, ...]] = {}
        for start in range(0, len(given), ASKED_AT_ONCE):
            some = given[start : start + ASKED_AT_ONCE]
            asked = [(key, self.gate.ask(action, self.actor, facts, now=self.now)) for key, (action, facts) in some]
            found |= {key: self._against(decision()) for key, decision in asked}
        return found

    def _against(self, decision: Decision) -> tuple[str, ...]:
        self.asked += 1
        if decision.allowed:
            return ()
        return tuple(self.gate.sentence(one) for one in decision.reasons) or ("The policy does not permit it.",)

    def may(self, action: Action, facts: Facts) -> bool:
        """Say whether `action` would be allowed: no page shows a button that would be refused."""
        return not self.why_not(action, facts)

    def conditions(self, action: Action) -> Condition:
        """Return the conditions on rows under which `action` is allowed: a list is the same rule as the single check."""
        listed = self.gate.conditions(action, self.actor, now=self.now)
        self.decisions.append(Decision(action=action, allowed=True, revision=listed.revision))
        return listed.condition

    def _heed(self, decision: Decision) -> Decision:
        self.decisions.append(decision)
        if not decision.allowed:
            raise NotPermitted(decision.reasons, sentences=[self.gate.sentence(one) for one in decision.reasons])
        return decision

    def record(
        self, name: str, *, subject: str = "", project: str = "", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Record that something happened, with the latest decision; written in the same transaction."""
        event = Event(
            name=name,
            at=self.now,
            person_id=self.actor.person_id,
            subject=subject,
            project_id=project,
            detail=detail or {},
        )
        self.events.append((event, self.decisions[-1] if self.decisions else None))

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do `act` once the transaction is committed, and not at all if it is not."""
        self.afterwards.append(act)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every service function is handed: who asks, the gate, the clock, the records and the settings."""

    actor: Actor
    gate: Gate
    clock: Clock
    sessions: SessionMaker
    config: Config

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        """Open one transaction; commit it with its record at the end, or leave nothing behind but the refusal's record."""
        with self.sessions() as session:
            unit = Unit(session=session, actor=self.actor, gate=self.gate, now=self.clock.now(), config=self.config)
            try:
                yield unit
                _require_record(unit)
                append(session, unit.events)
                session.commit()
            except NotPermitted as refusal:
                session.rollback()
                self._record_refusal(unit, refusal)
                raise
        for act in unit.afterwards:
            act()

    @contextmanager
    def look(self) -> Iterator[Unit]:
        """Open a unit that writes nothing: for a page that asks again every two seconds, where a record each time would
        drown the record. The gate must be asked all the same; a refusal is recorded.
        """
        with self.sessions() as session:
            read_only(session)
            unit = Unit(session=session, actor=self.actor, gate=self.gate, now=self.clock.now(), config=self.config)
            try:
                yield unit
                if not unit.decisions and not unit.asked:
                    raise Undecided("nothing was asked of the gate in this look")
            except NotPermitted as refusal:
                session.rollback()
                self._record_refusal(unit, refusal)
                raise
            finally:
                session.rollback()

    def _record_refusal(self, unit: Unit, refusal: NotPermitted) -> None:
        if not unit.decisions:
            return
        decision = unit.decisions[-1]
        room, thing, _ = str(decision.action).split(".")
        event = Event(
            name=f"{room}.{thing}.refused",
            at=unit.now,
            person_id=self.actor.person_id,
            detail={"action": str(decision.action), "reasons": list(refusal.reasons)},
        )
        with self.sessions() as session:
            append(session, [(event, decision)])
            session.commit()


def _require_record(unit: Unit) -> None:
    if not unit.decisions:
        raise Undecided("nothing was asked of the gate in this unit")
    if not unit.events:
        raise Undecided("nothing was recorded in this unit")
