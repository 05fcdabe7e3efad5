"""Only a tree whose every part is known becomes conditions."""

from typing import Any

import pytest

from tre.kernel.conditions import AllOf, Always, AnyOf, Compare, Never
from tre.kernel.errors import Unavailable
from tre.policy import ucast


def field(name: str = "facts.state", operator: str = "eq", value: object = "draft", **more: object) -> dict[str, Any]:
    return {"type": "field", "field": name, "operator": operator, "value": value} | more


def compound(operator: str, *parts: object) -> dict[str, Any]:
    return {"type": "compound", "operator": operator, "value": list(parts)}


def answer(query: object) -> dict[str, Any]:
    return {"result": {"query": query}}


def test_no_result_is_never_and_an_empty_query_always() -> None:
    assert ucast.condition({}) == Never()
    assert ucast.condition({"hints": []}) == Never()
    assert ucast.condition(answer({})) == Always()


def test_a_tree_keeps_its_shape() -> None:
    tree = compound(
        "or", field(), compound("and", field("facts.id", "in", ["a", "b"]), field(operator="ne", value="x"))
    )
    assert ucast.condition(answer(tree)) == AnyOf(
        (Compare("state", "eq", "draft"), AllOf((Compare("id", "in", ("a", "b")), Compare("state", "ne", "x"))))
    )


DEEP: dict[str, Any] = field()
for _ in range(30):
    DEEP = compound("and", DEEP)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        {"result": None},
        {"result": {}},
        {"result": {"query": None}},
        {"result": {"query": []}},
        {"code": "internal_error"},
        answer({"type": "field"}),
        answer(field(name="state")),
        answer(field(name="facts.")),
        answer(field(name="facts.a.b")),
        answer(field(name="actor.roles")),
        answer(field(operator="startswith")),
        answer(field(operator="like")),
        answer(field(value=None)),
        answer(field(value=["a"])),
        answer(field(value={"field": "facts.id"})),
        answer(field(operator="in", value="abc")),
        answer(field(operator="in", value=[None])),
        answer(field(more=1)),
        answer(compound("not", field())),
        answer(compound("or")),
        answer(compound("or", "x")),
        answer(compound("and", field(), {})),
        answer({"type": "compound", "operator": "or", "value": field()}),
        answer({"type": "document", "value": 1}),
        answer(DEEP),
    ],
)
def test_an_unknown_part_is_no_answer(odd: object) -> None:
    with pytest.raises(Unavailable):
        ucast.condition(odd)
