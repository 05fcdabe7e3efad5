"""Nothing but a whole, well-typed answer is a decision."""

from typing import Any

import pytest

from tre.kernel.authz import Action
from tre.kernel.errors import Unavailable
from tre.policy import answers

ACTION = Action.OUTPUTS_REVIEW_VOTE
WHOLE: dict[str, Any] = {
    "result": {"allowed": True, "reasons": [], "obligations": {"hours": 12}},
    "provenance": {"bundles": {"policy": {"revision": "abc"}}},
}


def with_result(**changes: object) -> dict[str, Any]:
    return WHOLE | {"result": WHOLE["result"] | changes}


def test_a_whole_answer_is_a_decision() -> None:
    decision = answers.decision(ACTION, WHOLE)
    assert (decision.action, decision.allowed, decision.reasons) == (ACTION, True, ())
    assert (decision.obligations, decision.revision) == ({"hours": 12}, "abc")


def test_a_no_without_a_reason_gets_one() -> None:
    assert answers.decision(ACTION, with_result(allowed=False)).reasons == ("policy.no_reason",)


def test_no_result_is_no_decision() -> None:
    with pytest.raises(Unavailable) as caught:
        answers.decision(ACTION, {"provenance": WHOLE["provenance"]})
    assert caught.value.code == "policy.no_result"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "true",
        True,
        {"result": True},
        {"result": None},
        {"result": []},
        with_result(allowed="true"),
        with_result(allowed=1),
        with_result(allowed=None),
        with_result(reasons=None),
        with_result(reasons="none"),
        with_result(reasons=[1], allowed=False),
        with_result(reasons=[""], allowed=False),
        with_result(reasons=["people.training.expired"]),
        with_result(obligations=None),
        with_result(obligations=[]),
        with_result(more=True),
        {"result": {"allowed": True}, "provenance": WHOLE["provenance"]},
        WHOLE | {"provenance": {}},
        WHOLE | {"provenance": {"bundles": {}}},
        WHOLE | {"provenance": {"bundles": {"policy": {"revision": ""}}}},
        WHOLE | {"provenance": {"bundles": {"other": {"revision": "abc"}}}},
        {"result": WHOLE["result"]},
    ],
)
def test_an_odd_answer_is_no_decision(answer: object) -> None:
    with pytest.raises(Unavailable) as caught:
        answers.decision(ACTION, answer)
    assert "Nothing was changed" in caught.value.sentence


def listed(masks: object) -> dict[str, Any]:
    return {"result": {"query": {}, "masks": masks}}


def test_a_list_tells_the_revision_beside_its_conditions() -> None:
    assert answers.list_revision(listed({"policy": {"revision": "abc"}})) == "abc"
    assert answers.list_revision({}) == ""


@pytest.mark.parametrize(
    "masks",
    [None, {}, [], {"policy": {}}, {"policy": {"revision": ""}}, {"policy": {"revision": 1}}, {"policy": {"revision": "abc"}, "person": {}}],
)  # fmt: skip
def test_a_list_without_its_revision_is_no_answer(masks: object) -> None:
    with pytest.raises(Unavailable):
        answers.list_revision(listed(masks))
