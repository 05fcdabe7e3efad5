"""Owns the reading of the policy server's answers, strictly. Must never guess: an odd answer is no answer.

OPA leaves `result` out where a rule or the bundle is missing (HTTP 200, `{}`): that is "cannot decide", never a yes.
"""

from collections.abc import Mapping
from typing import Any

from tre.kernel.authz import Action, Decision
from tre.kernel.errors import Unavailable

NO_REASON = "policy.no_reason"
BUNDLE = "policy"
_FIELDS = {"allowed", "reasons", "obligations"}


def decision(action: Action, answer: object) -> Decision:
    """Return the decision in an answer of the data API with provenance.

    Raises:
        Unavailable: there is no result, no bundle revision, or anything in it is not of its type.
    """
    body = mapping(answer)
    if "result" not in body:
        raise cannot_decide("the policy is not loaded", code="policy.no_result")
    result = mapping(body["result"])
    if set(result) != _FIELDS:
        raise odd("fields")
    reasons = _reasons(result["reasons"])
    allowed = result["allowed"]
    if not isinstance(allowed, bool) or (allowed and reasons):
        raise odd("allowed")
    if not allowed:
        reasons = reasons or (NO_REASON,)
    return Decision(
        action=action,
        allowed=allowed,
        reasons=reasons,
        obligations=mapping(result["obligations"]),
        revision=_revision(body),
    )


def mapping(value: object) -> Mapping[str, Any]:
    """Return `value` if it is a JSON object; raise `Unavailable` if not."""
    if not isinstance(value, dict):
        raise odd("object")
    return value


def odd(what: str) -> Unavailable:
    """Return the error for an answer that is not what was asked for."""
    return cannot_decide(f"the answer's {what} cannot be understood", code="policy.odd_answer")


def cannot_decide(why: str, *, code: str) -> Unavailable:
    """Return the error for every way of not getting an answer: nothing is permitted then."""
    return Unavailable(
        f"It cannot be decided now whether you may do this: {why}. Nothing was changed. Try again in a minute; "
        "if it goes on, tell the operator.",
        code=code,
    )


def _reasons(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise odd("reasons")
    return tuple(value)


def list_revision(answer: object) -> str:
    """Return the bundle's revision in a list's answer, where it stands in the place of masks (`gate/lists.rego`).

    Returns:
        Empty where the answer has no result at all: no row, and nothing else is told then, so that it must be asked for.

    Raises:
        Unavailable: there is a result without a revision.
    """
    body = mapping(answer)
    if "result" not in body:
        return ""
    masks = mapping(mapping(body["result"]).get("masks"))
    revision = mapping(masks.get(BUNDLE)).get("revision")
    if set(masks) != {BUNDLE} or not isinstance(revision, str) or not revision:
        raise odd("revision")
    return revision


def _revision(body: Mapping[str, Any]) -> str:
    bundles = mapping(mapping(body.get("provenance")).get("bundles"))
    revision = mapping(bundles.get(BUNDLE)).get("revision")
    if not isinstance(revision, str) or not revision:
        raise odd("revision")
    return revision
