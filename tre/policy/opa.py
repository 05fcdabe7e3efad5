"""Owns the conversation with the policy server: the only module that speaks to OPA. Fails closed in every way.

Whatever is not a whole, well-typed answer within the timeout is `Unavailable`: nothing is permitted, nothing written.
The library lets the errors of its HTTP layer through as they are, so all of them are caught here. Must never retry (the
supervisor brings a dead server back), keep an answer for later, nor log a question: it holds who asks and about what.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlencode

from opa_client import OpaClient
from urllib3 import request
from urllib3.exceptions import HTTPError

from tre.kernel.actor import Actor
from tre.kernel.authz import Action, Decision, Facts, plain
from tre.kernel.conditions import Listed
from tre.kernel.facts import NoFacts
from tre.plumbing.config import Config
from tre.policy import answers, sentences, ucast
from tre.policy.connections import Connections, Sent

TIMEOUT_SECONDS = 1.0
UCAST = "application/vnd.opa.ucast.all+json"
LISTED = frozenset(
    {Action.PROJECTS_PROJECT_VIEW, Action.OUTPUTS_REQUEST_VIEW, Action.PEOPLE_PERSON_VIEW, Action.PEOPLE_PERSON_LIST}
)
PROVENANCE = {"provenance": "true"}
T = TypeVar("T")


class _Client(OpaClient):  # type: ignore[misc]
    """The library's client on our connections; the library calls their `post` and `close`."""

    def _init_session(self) -> Connections:
        return Connections(host=self.host, port=self.port, headers=self.headers)

    def compile_list(self, name: str, question: dict[str, Any]) -> Any:
        """Return the conditions of the list `name` as UCAST: a path and a form that the library does not know."""
        # Both are named here because OPA would otherwise compile all rules anew for each list, to look for them in METADATA.
        body = {"input": question, "unknowns": ["input.facts"], "options": {"maskRule": "data.lists.masks"}}
        answer = self._session.post(
            f"{self.root_url}/compile/lists/{name}", json=body, timeout=self.timeout, accept=UCAST
        )
        answer.raise_for_status()
        return answer.json()

    def send_check(self, question: dict[str, Any]) -> Sent:
        """Send what `query_rule` asks about a decision, and do not wait: the library always waits."""
        url = f"{self.root_url}/data/gate/decision?{urlencode(PROVENANCE)}"
        sent: Sent = self._session.send(url, json={"input": question}, timeout=self.timeout)
        return sent


class PolicyServer:
    """The gate, by way of a real OPA server; safe to share between threads."""

    def __init__(self, *, host: str, port: int, token: str) -> None:
        self._client = _Client(host=host, port=port, token=token, retries=0, timeout=TIMEOUT_SECONDS)

    def decide(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Decision:
        """Return the decision, allowed or not.

        Args:
            now: the moment that rules on dates go by, aware.

        Raises:
            Unavailable: there was no answer, or none that can be understood.
        """
        question = _question(action, actor, now) | {"facts": plain(facts)}
        answer = _asking(lambda: self._client.query_rule(question, "gate", "decision", PROVENANCE))
        return answers.decision(action, answer)

    def ask(self, action: Action, actor: Actor, facts: Facts, *, now: datetime) -> Callable[[], Decision]:
        """Send the question of `decide`, and return how to wait for its decision: once, and always.

        Raises:
            Unavailable: it cannot be sent; waiting raises it as `decide` does.
        """
        question = _question(action, actor, now) | {"facts": plain(facts)}
        sent = _asking(lambda: self._client.send_check(question))
        return lambda: answers.decision(action, _asking(lambda: _received(sent)))

    def conditions(self, action: Action, actor: Actor, *, now: datetime) -> Listed:
        """Return, for a list, the conditions on a row under which `action` is allowed: the same rule as `decide`.

        Raises:
            Unavailable: there was no answer, none that can be understood, or the action has no list.
        """
        if action not in LISTED:
            raise answers.cannot_decide(f"there is no list for {action}", code="policy.no_list")
        question = _question(action, actor, now)
        answer = _asking(lambda: self._client.compile_list(action.replace(".", "_"), question))
        return Listed(ucast.condition(answer), answers.list_revision(answer) or self._revision_for(action, question))

    def _revision_for(self, action: Action, question: dict[str, Any]) -> str:
        """Return the bundle's revision where the list's answer is empty, "no row", and so names none: a decision does.

        The same person is asked about, and about no row; what is decided there does not matter, that it is does.
        """
        about_none = question | {"facts": plain(NoFacts())}
        answer = _asking(lambda: self._client.query_rule(about_none, "gate", "decision", PROVENANCE))
        return answers.decision(action, answer).revision

    def sentence(self, reason: str) -> str:
        """Return the sentence for a reason code."""
        return sentences.sentence(reason)

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close_connection()


def policy_server(config: Config) -> PolicyServer:
    """Return the gate of this installation."""
    return PolicyServer(host=config.host, port=config.opa_port, token=config.secret("opa_token"))


def ready(config: Config) -> bool:
    """Say whether the policy server runs and has its signed bundle; running alone is not ready."""
    try:
        answer = request("GET", f"{config.opa_url}/health?bundles", timeout=TIMEOUT_SECONDS, retries=False)
    except (HTTPError, OSError):
        return False
    return answer.status == HTTPStatus.OK


def _question(action: Action, actor: Actor, now: datetime) -> dict[str, Any]:
    moment = now.astimezone(UTC)
    return {
        "action": str(action),
        "actor": {
            "person_id": actor.person_id,
            "roles": sorted(actor.roles),
            "member_of": sorted(actor.member_of),
            "proved_by": actor.proved_by,
        },
        "now": moment.isoformat(),
        "today": moment.date().isoformat(),
    }


def _received(sent: Sent) -> Any:
    answer = sent.answer()
    answer.raise_for_status()
    return answer.json()


def _asking(ask: Callable[[], T]) -> T:
    """Ask, and turn every way of getting no answer into `Unavailable`."""
    try:
        return ask()
    except (HTTPException, ConnectionError) as error:
        raise answers.cannot_decide("the policy server is not there", code="policy.unreachable") from error
    except TimeoutError as error:
        raise answers.cannot_decide("the policy server did not answer in time", code="policy.late") from error
    except (OSError, ValueError, TypeError) as error:
        raise answers.cannot_decide("the policy server refused the question", code="policy.refused") from error
