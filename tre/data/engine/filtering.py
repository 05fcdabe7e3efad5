"""Owns the SQL of which rows a project needs: its checked expression and its period. Must never take SQL from a form.

Both compare what the researcher sees, not what the store holds: a filter on a day of birth would else tell the day of whoever
passes it. Text is compared as text, in both engines, and a row without the value passes neither a condition nor its opposite.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tre.data.domain.contract import Column, ColumnType
from tre.data.domain.snapshot_plan import Period, PlannedTable
from tre.data.engine.duck import literal
from tre.kernel.expression import Comparison, Expression, Joined, Kind, Membership, Missing, Negation, Value

Render = Callable[[Column], str]
"""Gives the SQL of what is published of a column."""


def condition(planned: PlannedTable, render: Render) -> str:
    """Return the SQL condition of a table's rows; empty where the project may have all."""
    parts = []
    if planned.rows is not None:
        parts.append(_rendered(planned.rows, planned, render))
    if planned.period is not None:
        parts.append(_within(planned.period, render))
    return " AND ".join(f"({one})" for one in parts)


def _rendered(expression: Expression, planned: PlannedTable, render: Render) -> str:
    match expression:
        case Joined(by=by, parts=parts):
            return f" {by.upper()} ".join(f"({_rendered(one, planned, render)})" for one in parts)
        case Negation(of=inner):
            return f"NOT ({_rendered(inner, planned, render)})"
        case Missing(column=column):
            return f"{render(planned.table.column(column))} IS NULL"
        case Membership(column=column, values=values):
            return f"{render(planned.table.column(column))} IN ({', '.join(_value(one, planned.table.column(column)) for one in values)})"
        case Comparison(column=column, sign=sign, value=value):
            return f"{render(planned.table.column(column))} {sign} {_value(value, planned.table.column(column))}"


def _value(value: Value, column: Column) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"TIMESTAMP {literal(value.isoformat(sep=' '))}"
    if isinstance(value, date):
        return f"DATE {literal(value.isoformat())}"
    if Kind(column.published_type) == Kind.TIME:
        return f"TIME {literal(value)}"
    return literal(value)


def _within(period: Period, render: Render) -> str:
    value = render(period.column)
    if period.column.published_type == ColumnType.INTEGER:
        return f"{value} BETWEEN {period.first.year} AND {period.last.year}"
    kind = "TIMESTAMP" if period.column.published_type == ColumnType.TIMESTAMP else "DATE"
    after = period.last + timedelta(days=1)
    return f"{value} >= {kind} '{period.first.isoformat()}' AND {value} < {kind} '{after.isoformat()}'"
