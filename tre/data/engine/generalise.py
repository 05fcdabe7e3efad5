"""Owns the SQL of the rules that make a column coarser. Must never be used for what a contract does not call `generalise`.

Only functions that DuckDB has and that become Spark's by transpilation: the plan is written once for both.
"""

from collections.abc import Sequence
from datetime import date

from tre.data.domain.contract import ITSELF, Column, ColumnType, Generalisation, Geography, Rule, Scalar
from tre.data.engine.duck import literal, name

SHIFT = "p.shift_days"
"""Days that a person's dates are shifted by: a column of the snapshot's table `persons`, joined as `p`."""

_OUTWARD = "^([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}$"


def published_value(column: Column, *, on: date) -> str:
    """Return the SQL expression of what a snapshot shows of `column` of the stored row `s`.

    Args:
        on: day on which ages are reckoned.
    """
    value = f"s.{name(column.name)}"
    if column.rule is None:
        return value
    match column.rule.kind:
        case Rule.YEAR:
            return f"CAST(year({value}) AS INTEGER)"
        case Rule.MONTH:
            return f"CAST(date_trunc('month', {value}) AS DATE)"
        case Rule.AGE_BAND:
            return _age_band(_age(value, column.type, on), column.rule)
        case Rule.OUTWARD_POSTCODE:
            return _outward(value)
        case _:
            return _by_parameters(column, column.rule, value)


def _by_parameters(column: Column, rule: Generalisation, value: str) -> str:
    if rule.kind == Rule.DATE_SHIFT:
        return f"CAST({value} + {SHIFT} * INTERVAL '1' DAY AS {column.type.upper()})"
    if rule.kind == Rule.ROUNDING:
        return _rounded(value, rule, "BIGINT" if column.type == ColumnType.INTEGER else "DOUBLE")
    if rule.kind == Rule.GEOGRAPHY and rule.geography:
        return _area(value, rule.geography)
    return _recoded(value, rule, column.published_type)


def _rounded(value: str, rule: Generalisation, kind: str) -> str:
    ends = [(rule.lowest, "<"), (rule.highest, ">")]
    arms = [
        f"WHEN {value} {sign} {literal(end)} THEN CAST({literal(end)} AS {kind})"
        for end, sign in ends
        if end is not None
    ]
    rounded = f"CAST(round({value} / {literal(rule.step)}) * {literal(rule.step)} AS {kind})"
    return f"CASE {' '.join(arms)} ELSE {rounded} END" if arms else rounded


def _age(value: str, kind: ColumnType, on: date) -> str:
    """Return the age in whole years; a column of whole numbers holds it already."""
    if kind == ColumnType.INTEGER:
        return value
    early = f"CASE WHEN month({value}) * 100 + day({value}) > {on.month * 100 + on.day} THEN 1 ELSE 0 END"
    return f"({on.year} - year({value}) - {early})"


def _age_band(age: str, rule: Generalisation) -> str:
    arms = " ".join(
        f"WHEN {age} < {start + rule.width} THEN '{start:02d}-{min(start + rule.width, rule.top) - 1:02d}'"
        for start in range(0, rule.top, rule.width)
    )
    return f"CASE WHEN {age} < 0 THEN NULL WHEN {age} >= {rule.top} THEN '{rule.top}+' {arms} END"


def _tight(value: str) -> str:
    return f"replace(upper({value}), ' ', '')"


def _outward(value: str) -> str:
    """The inward part is always the last three characters, with or without a space before it."""
    return f"nullif(regexp_extract({_tight(value)}, {literal(_OUTWARD)}, 1), '')"


def _area(value: str, geography: Geography) -> str:
    """Return a look into a map: as arms of a CASE, the text would be taken apart anew for each area."""
    pairs = [(code, area) for area, codes in geography.areas.items() for code in codes]
    codes, areas = (", ".join(literal(pair[side]) for pair in pairs) for side in (0, 1))
    code = f"nullif(regexp_extract({_tight(value)}, {literal(geography.key)}, 1), '')"
    area = f"map([{codes}], [{areas}])[{code}]"
    if not geography.elsewhere:
        return area
    if geography.elsewhere == ITSELF:
        return f"coalesce({area}, {code})"
    return f"CASE WHEN {code} IS NOT NULL THEN coalesce({area}, {literal(geography.elsewhere)}) END"


def _recoded(value: str, rule: Generalisation, kind: ColumnType) -> str:
    gathered: dict[Scalar, list[Scalar]] = {}
    for old, new in rule.codes.items():
        gathered.setdefault(new, []).append(old)
    arms = " ".join(f"WHEN {value} IN ({_listed(old)}) THEN {_as(new, kind)}" for new, old in gathered.items())
    rest = f"WHEN {value} IS NULL THEN NULL ELSE {_as(rule.otherwise, kind)}" if rule.otherwise is not None else ""
    return f"CASE {arms} {rest} END"


def _as(value: Scalar, kind: ColumnType) -> str:
    return literal(str(value)) if kind == ColumnType.TEXT else literal(value)


def _listed(codes: Sequence[Scalar]) -> str:
    return ", ".join(literal(one) for one in codes)
