"""Owns the translation of a policy's conditions on a row into a SQLAlchemy clause. Must never take a column by free text."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from tre.kernel.conditions import AllOf, Always, AnyOf, Compare, Condition, Never

Columns = Mapping[str, Any]

# Rego holds null != "draft" true, SQL calls it unknown: `ne` is therefore IS DISTINCT FROM.
_COMPARE: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": operator.eq,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "in": lambda column, value: column.in_(value),
}


def clause(condition: Condition, columns: Columns) -> ColumnElement[bool]:
    """Return `condition` as a clause over `columns` (field name as in the policy to column).

    Raises:
        KeyError: the policy speaks of a field or an operator that this list does not know: nothing is shown then.
    """
    match condition:
        case Always():
            return true()
        case Never():
            return false()
        case Compare(field, how, value):
            return _COMPARE[how](columns[field], value)
        case AllOf(parts):
            return and_(true(), *(clause(part, columns) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(clause(part, columns) for part in parts))
