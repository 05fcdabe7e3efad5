"""Owns the vocabulary of decisions: actions, facts, the answer, and the gate that every service asks.

Must never decide anything: who may do what is written in Rego alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from tre.kernel.actor import Actor
from tre.kernel.conditions import Listed


class Action(StrEnum):
    """Everything that can be asked of the gate: room, thing, verb. An unlisted action is refused."""

    PEOPLE_PERSON_VIEW = "people.person.view"
    PEOPLE_PERSON_LIST = "people.person.list"
    PEOPLE_PERSON_STOP = "people.person.stop"
    PEOPLE_PERSON_REINSTATE = "people.person.reinstate"
    PEOPLE_ROLE_GRANT = "people.role.grant"
    PEOPLE_TRAINING_RECORD = "people.training.record"
    PEOPLE_TERMS_SIGN = "people.terms.sign"

    PROJECTS_PROJECT_VIEW = "projects.project.view"
    PROJECTS_PROJECT_DRAFT = "projects.project.draft"
    PROJECTS_PROJECT_SUBMIT = "projects.project.submit"
    PROJECTS_PROJECT_DECIDE = "projects.project.decide"
    PROJECTS_PROJECT_SUSPEND = "projects.project.suspend"
    PROJECTS_PROJECT_RESUME = "projects.project.resume"
    PROJECTS_PROJECT_CLOSE = "projects.project.close"

    DATA_DATASET_VIEW = "data.dataset.view"
    DATA_DATASET_LOAD = "data.dataset.load"
    DATA_VERSION_VIEW = "data.version.view"
    DATA_VERSION_SIGN = "data.version.sign"
    DATA_VERSION_ACCEPT = "data.version.accept"
    DATA_VERSION_REFUSE = "data.version.refuse"
    DATA_TWIN_ORDER = "data.twin.order"
    DATA_TWIN_BUILD = "data.twin.build"
    DATA_OPT_OUTS_VIEW = "data.opt_outs.view"
    DATA_OPT_OUTS_LOAD = "data.opt_outs.load"
    DATA_OPT_OUTS_EXEMPT = "data.opt_outs.exempt"
    DATA_OPT_OUTS_HONOUR = "data.opt_outs.honour"
    DATA_ASSESSMENT_ORDER = "data.assessment.order"
    DATA_ASSESSMENT_MAKE = "data.assessment.make"
    DATA_SNAPSHOT_VIEW = "data.snapshot.view"
    DATA_SNAPSHOT_REQUEST = "data.snapshot.request"
    DATA_SNAPSHOT_BUILD = "data.snapshot.build"
    DATA_SNAPSHOT_REMOVE = "data.snapshot.remove"
    DATA_SNAPSHOT_RETIRE = "data.snapshot.retire"

    DATA_KEY_VIEW = "data.key.view"
    DATA_KEY_ROTATE = "data.key.rotate"
    DATA_KEY_RENEW = "data.key.renew"
    DATA_REIDENTIFICATION_VIEW = "data.reidentification.view"
    DATA_REIDENTIFICATION_ASK = "data.reidentification.ask"
    DATA_REIDENTIFICATION_APPROVE = "data.reidentification.approve"
    DATA_REIDENTIFICATION_REFUSE = "data.reidentification.refuse"
    DATA_REIDENTIFICATION_ANSWER = "data.reidentification.answer"
    DATA_REIDENTIFICATION_READ = "data.reidentification.read"
    DATA_REIDENTIFICATION_GIVE_UP = "data.reidentification.give_up"
    DATA_BRIDGE_VIEW = "data.bridge.view"
    DATA_BRIDGE_ASK = "data.bridge.ask"
    DATA_BRIDGE_AGREE = "data.bridge.agree"
    DATA_BRIDGE_REFUSE = "data.bridge.refuse"
    DATA_BRIDGE_LAY = "data.bridge.lay"
    DATA_BRIDGE_TAKE_AWAY = "data.bridge.take_away"

    SESSIONS_WORKSPACE_OPEN = "sessions.workspace.open"
    SESSIONS_WORKSPACE_KEEP = "sessions.workspace.keep"
    SESSIONS_WORKSPACE_STOP = "sessions.workspace.stop"
    SESSIONS_WORKSPACE_VIEW = "sessions.workspace.view"
    SESSIONS_WORKSPACE_WATCH = "sessions.workspace.watch"
    SESSIONS_PRACTICE_OPEN = "sessions.practice.open"
    SESSIONS_PRACTICE_KEEP = "sessions.practice.keep"

    OUTPUTS_REQUEST_VIEW = "outputs.request.view"
    OUTPUTS_REQUEST_SUBMIT = "outputs.request.submit"
    OUTPUTS_REQUEST_WITHDRAW = "outputs.request.withdraw"
    OUTPUTS_FILE_VIEW = "outputs.file.view"
    OUTPUTS_REVIEW_VOTE = "outputs.review.vote"
    OUTPUTS_RELEASE_DOWNLOAD = "outputs.release.download"

    AUDIT_RECORD_VIEW = "audit.record.view"
    AUDIT_RECORD_VERIFY = "audit.record.verify"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a decision is about: a small frozen dataclass per kind of thing, built from loaded values.

    Subclasses hold plain values, tuples and frozen dataclasses only; OPA holds no copy of our data.
    """


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The gate's answer.

    Args:
        action: what was asked.
        allowed: True only if the policy said so in as many words.
        reasons: reason codes; empty where allowed.
        obligations: what must be done with a yes (limits, expiry), by name.
        revision: revision of the policy bundle that answered.
    """

    action: Action
    allowed: bool
    reasons: tuple[str, ...] = ()
    obligations: Mapping[str, Any] = field(default_factory=dict)
    revision: str = ""


class Gate(Protocol):
    """The one gate. Raises `Unavailable` when the policy server cannot answer: nothing is permitted then."""

    def decide(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Decision:
        """Return the decision, allowed or not."""
        ...

    def ask(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Callable[[], Decision]:
        """Ask the same, and return how to wait for the decision; whoever asks waits, once."""
        ...

    def conditions(self, action: Action, actor: Actor, *, now: datetime) -> Listed:
        """Return, for a list, the conditions on a row under which `action` is allowed, by the same rule as `decide`."""
        ...

    def sentence(self, reason: str) -> str:
        """Return the sentence for a reason code."""
        ...


def plain(value: object) -> Any:
    """Return `value` as JSON-ready plain data: dataclasses to dicts, dates to ISO text, sets to sorted lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
