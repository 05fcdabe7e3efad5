"""Owns the SQL that turns a raw text value into the contract's type, its missing codes into NULL, and says what is wrong.

Must never guess: what does not fit is a fault with a reason, and the row goes to the quarantine.
"""

from collections.abc import Mapping, Sequence

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Scalar, Table
from tre.data.domain.identifiers import NHS_DIGITS, NHS_NUMBER
from tre.data.engine.duck import literal, name

IDENTIFIER = "__identifier"
REASON = "__reason"

_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIME",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)


def stored(table: Table) -> tuple[Column, ...]:
    """Return the columns that the store keeps: all but the person identifier and the direct identifiers."""
    dropped = {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    return tuple(one for one in table.columns if one.kind not in dropped)


def cleaned(table: Table, relation: str, *, identifier_kind: str) -> str:
    """Return a SELECT over the raw `relation`: the identifier as a number, each stored column typed, and a reason or NULL.

    A reference table has no identifier.
    """
    columns = stored(table)
    values = [f"{_value(one, table.near_zero)} AS {name(one.name)}" for one in columns]
    faults = [fault for one in columns if (fault := _fault(one, table))]
    if table.has_person:
        person = table.person_column
        values.insert(0, f"{_identifier(person)} AS {IDENTIFIER}")
        faults.insert(0, _identifier_fault(person, identifier_kind))
    reason = f"CASE {' '.join(faults)} END" if faults else "CAST(NULL AS VARCHAR)"
    return f"SELECT {', '.join(values)}, {reason} AS {REASON} FROM {relation}"


def nhs_check(number: str) -> str:
    """Return an SQL condition: the BIGINT expression `number` carries a right NHS check digit (weights 10 to 2, modulus 11)."""
    total = " + ".join(f"(({number}) // {10**place} % 10) * {place + 1}" for place in range(1, NHS_DIGITS))
    return f"({number}) > 0 AND (11 - ({total}) % 11) % 11 = ({number}) % 10"


def _identifier(column: Column) -> str:
    return f"TRY_CAST(TRY_CAST(regexp_replace({_raw(column)}, '[ -]', '', 'g') AS DECIMAL(18, 3)) AS BIGINT)"


def _identifier_fault(column: Column, kind: str) -> str:
    number = _identifier(column)
    if kind == NHS_NUMBER:
        form = f"regexp_full_match(regexp_replace({_raw(column)}, '[ -]', '', 'g'), '[0-9]{{{NHS_DIGITS}}}')"
        valid = f"{form} AND {nhs_check(number)}"
    else:
        valid = f"{number} > 0 AND TRY_CAST({_raw(column)} AS DOUBLE) = {number}"
    return f"WHEN {_raw(column)} IS NULL THEN 'identifier missing' WHEN NOT coalesce({valid}, false) THEN 'identifier not valid'"


def _raw(column: Column) -> str:
    text = f"nullif(trim({name(column.source)}), '')"
    if column.extract:
        text = f"nullif(regexp_extract({text}, {literal(column.extract)}, 1), '')"
    return text


def _parsed(column: Column, near_zero: float) -> str:
    """Return the value before codes are looked at; NULL where the text is not of the type."""
    raw = _raw(column)
    if column.type == ColumnType.TEXT:
        return raw
    if column.type == ColumnType.INTEGER and not (near_zero or column.missing or column.recode):
        return f"TRY_CAST(TRY_CAST({raw} AS DECIMAL(18, 3)) AS BIGINT)"
    if column.type in _NUMBERS:
        number = f"TRY_CAST({raw} AS DOUBLE)"
        return f"(CASE WHEN abs({number}) < {near_zero!r} THEN 0.0 ELSE {number} END)" if near_zero else number
    return f"TRY_CAST({raw} AS {_TYPES[column.type]})"


def _value(column: Column, near_zero: float) -> str:
    parsed = _parsed(column, near_zero)
    arms = []
    if column.missing:
        arms.append(f"WHEN {_is_one_of(column, parsed, list(column.missing))} THEN NULL")
    arms += [f"WHEN {_is_one_of(column, parsed, [old])} THEN {literal(new)}" for old, new in column.recode.items()]
    whole = f"CASE {' '.join(arms)} ELSE {parsed} END" if arms else parsed
    return f"CAST({whole} AS {_TYPES[column.type]})"


def _is_one_of(column: Column, parsed: str, codes: Sequence[Scalar]) -> str:
    """Return a condition: the value is one of the codes; a number in a text column is compared as a number ('11.0' is 11)."""
    numbers = [one for one in codes if not isinstance(one, str)]
    texts = [one for one in codes if isinstance(one, str)]
    conditions = []
    if texts:
        conditions.append(f"{_raw(column)} IN ({', '.join(literal(one) for one in texts)})")
    if numbers:
        number = parsed if column.type in _NUMBERS else f"TRY_CAST({_raw(column)} AS DOUBLE)"
        conditions.append(f"{number} IN ({', '.join(literal(one) for one in numbers)})")
    return f"({' OR '.join(conditions)})"


def _fault(column: Column, table: Table) -> str:
    """Return a WHEN arm that gives the reason where a value does not fit; empty where every text fits."""
    parsed = _parsed(column, table.near_zero)
    missing = f"coalesce({_is_one_of(column, parsed, list(column.missing))}, false)" if column.missing else "false"
    absent = f"{_raw(column)} IS NULL OR {missing}"
    if column.type == ColumnType.TEXT:
        if not column.recode or any(isinstance(one, str) for one in column.recode):
            return ""
        known = f"coalesce({_is_one_of(column, parsed, list(column.recode))}, false)"
        return f"WHEN NOT ({absent} OR {known}) THEN {literal(column.name + ': code not in the contract')}"
    wrong = f"{parsed} IS NULL"
    if column.type == ColumnType.INTEGER:
        wrong += (
            f" OR TRY_CAST({_raw(column)} AS DOUBLE) <> round({parsed})"
            if not table.near_zero
            else f" OR {parsed} <> round({parsed})"
        )
    if column.name in table.key:
        return f"WHEN {_raw(column)} IS NULL OR {wrong} THEN {literal(column.name + ': part of the key is missing or no ' + column.type)}"
    return f"WHEN NOT ({absent}) AND ({wrong}) THEN {literal(column.name + ': not a value of type ' + column.type)}"
