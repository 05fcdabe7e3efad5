"""Owns the reading of UCAST, the tree of conditions that OPA makes of a rule for a list. Must never let an unknown part pass.

The form: a field condition `{type: field, operator, field, value}` or a compound one `{type: compound, operator, value: [...]}`
(OPA's compile API, `application/vnd.opa.ucast.all+json`). No result means no row; an empty query means every row.
"""

from collections.abc import Mapping
from typing import Any

from tre.kernel.conditions import AllOf, Always, AnyOf, Compare, Condition, Never, Scalar
from tre.policy.answers import mapping, odd

PREFIX = "facts."
_COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
_DEEPEST = 20


def condition(answer: object) -> Condition:
    """Return the conditions on a row in an answer of the compile API; fields lose the prefix `facts.`.

    Raises:
        Unavailable: anything in the answer is unknown, or compares with null, on which SQL and Rego disagree.
    """
    body = mapping(answer)
    if not set(body) <= {"result", "hints", "metrics"}:
        raise odd("fields")
    if "result" not in body:
        return Never()
    result = mapping(body["result"])
    if "query" not in result:
        raise odd("query")
    query = mapping(result["query"])
    return Always() if query == {} else _node(query, depth=0)


def _node(node: Mapping[str, Any], *, depth: int) -> Condition:
    if depth > _DEEPEST:
        raise odd("depth")
    match node:
        case {"type": "field", "operator": str(operator), "field": str(name), "value": value, **rest} if not rest:
            return Compare(_field(name), operator, _value(operator, value))
        case {"type": "compound", "operator": "and", "value": [_, *_] as parts, **rest} if not rest:
            return AllOf(tuple(_node(mapping(part), depth=depth + 1) for part in parts))
        case {"type": "compound", "operator": "or", "value": [_, *_] as parts, **rest} if not rest:
            return AnyOf(tuple(_node(mapping(part), depth=depth + 1) for part in parts))
        case _:
            raise odd("condition")


def _field(name: str) -> str:
    field = name.removeprefix(PREFIX)
    if field == name or not field.isidentifier():
        raise odd("field")
    return field


def _value(operator: str, value: object) -> Scalar | tuple[Scalar, ...]:
    if operator == "in":
        if not isinstance(value, list):
            raise odd("list of values")
        return tuple(_scalar(one) for one in value)
    if operator not in _COMPARISONS:
        raise odd("operator")
    return _scalar(value)


def _scalar(value: object) -> Scalar:
    if not isinstance(value, str | int | float | bool):
        raise odd("value")
    return value
