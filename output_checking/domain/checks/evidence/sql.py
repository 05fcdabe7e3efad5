"""Owns how parts of a specification are written in SQL. Must never paste a name or a value unquoted."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import (
    Among,
    Column,
    Compare,
    Either,
    Every,
    Expression,
    Literal,
    Missing,
    Not,
    Operand,
)
from output_checking.domain.checks.specification.model import Dimension, TableSpec, merged_name

_TEXTS = ("VARCHAR", "ENUM", "UUID")
_DATES = ("DATE", "TIMESTAMP")


def condition(tree: Expression | None, source: Source) -> str:  # noqa: PLR0911 - one for each construct
    """Return a filter as an SQL condition; `true` where there is none.

    Raises:
        CannotJudge: `source.column_missing`, or `specification.filter` where a column is compared with another type.
    """
    if tree is None:
        return "true"
    match tree:
        case Compare(left, sign, right):
            _comparable(left, right, source)
            return f"({_operand(left, source)} {sign} {_operand(right, source)})"
        case Among(column, values):
            for value in values:
                _comparable(column, value, source)
            return f"({_operand(column, source)} in ({', '.join(map(literal, values))}))"
        case Missing(column):
            return f"({_operand(column, source)} is null)"
        case Not(part):
            return f"(not {condition(part, source)})"
        case Every(parts):
            return "(" + " and ".join(condition(part, source) for part in parts) + ")"
        case Either(parts):
            return "(" + " or ".join(condition(part, source) for part in parts) + ")"


def literal(value: Literal) -> str:
    """Return a value as SQL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else repr(value)


def number(column: str, source: Source) -> str:
    """Return a column as a number: truth values count as 0 and 1.

    Raises:
        CannotJudge: `source.not_a_number`.
    """
    source.named(column)
    if not (source.is_number(column) or source.types[column] == "BOOLEAN"):
        raise CannotJudge(
            f"The column '{column}' does not hold numbers (it holds {source.types[column]}), so nothing can be computed from it.",
            code="source.not_a_number",
        )
    if source.types[column] == "BOOLEAN":
        return f"cast(cast({quoted(column)} as tinyint) as double)"
    return f"cast({quoted(column)} as double)"


def amount(source: Source, spec: TableSpec) -> str:
    """Return the SQL of what a record adds to a table: a DOUBLE, null where it has no value or no weight.

    A record of weight 0 is not in a weighted table: its person hides nobody.

    Raises:
        CannotJudge: `source.column_missing`, `source.not_a_number`.
    """
    if spec.statistic.is_magnitude:
        one = number(spec.measure, source)
    elif spec.measure:
        one = f"case when {quoted(source.named(spec.measure))} is not null then 1::double end"
    else:
        one = "1::double"
    return f"({one}) * nullif({number(spec.weight, source)}, 0)" if spec.weight else one


def band_code(dimension: Dimension, source: Source) -> str:
    """Return the expression of a band's place (0 is the first), null outside all bands."""
    value, edges = number(dimension.column, source), dimension.edges
    within = " and ".join(bounds(value, edges[0], edges[-1])) or f"{value} is not null"
    return f"case when {within} then {_halved(value, edges, 0, len(edges) - 1)} end"


def bounds(value: str, low: float | None, high: float | None) -> list[str]:
    """Return the conditions that a number is in a band; none where the band is open at both ends."""
    return [
        *([] if low is None else [f"{value} >= {float(low)!r}"]),
        *([] if high is None else [f"{value} < {float(high)!r}"]),
    ]


def _halved(value: str, edges: Sequence[float | None], low: int, high: int) -> str:
    # half of the bands fall away with each comparison: of 40 bands a record is compared 6 times
    if high - low == 1:
        return str(low)
    middle = (low + high) // 2
    lower, upper = _halved(value, edges, low, middle), _halved(value, edges, middle, high)
    return f"case when {value} < {float(edges[middle] or 0)!r} then {lower} else {upper} end"


def level_name(dimension: Dimension, value: str) -> str:
    """Return the expression of a level's name, given that of a value of a column without bands."""
    level = f"cast({value} as varchar)"
    cases = [
        f"when {level} in ({', '.join(map(text, group))}) then {text(merged_name(group))}" for group in dimension.merged
    ]
    return f"case {' '.join(cases)} else {level} end" if cases else level


def person_key(source: Source) -> str:
    """Return the expression that tells persons apart.

    Whole numbers as they are; anything else as a 64-bit hash, which is several times faster. Two persons with one hash
    would be counted as one: too few, never too many (10 million persons: once in 370,000 outputs).
    """
    column = quoted(source.person)
    kind = source.types[source.person]
    return f"cast({column} as bigint)" if kind in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"} else f"hash({column})"


def _operand(operand: Operand, source: Source) -> str:
    return quoted(source.named(operand.name)) if isinstance(operand, Column) else literal(operand)


def _comparable(left: Operand, right: Operand, source: Source) -> None:
    for one, other in ((left, right), (right, left)):
        if not isinstance(one, Column):
            continue
        kind = source.types[source.named(one.name)]
        if isinstance(other, Column):
            its = source.types[source.named(other.name)]
            is_alike, what = kind.startswith(_TEXTS) == its.startswith(_TEXTS), f"'{other.name}' ({its})"
        else:
            is_alike, what = _is_of_kind(other, kind), literal(other)
        if not is_alike:
            hint = "; a date is written '2020-12-31'" if kind.startswith(_DATES) else ""
            raise CannotJudge(
                f"The filter compares '{one.name}' ({kind}) with {what[:60]}, which is of another kind{hint}.",
                code="specification.filter",
            )


def _is_of_kind(value: Literal, kind: str) -> bool:
    if kind.startswith(_DATES):
        with suppress(ValueError):
            return isinstance(value, str) and bool(datetime.fromisoformat(value))
        return False
    return (kind.startswith("TIME") and isinstance(value, str)) or kind.startswith(_TEXTS) == isinstance(value, str)
