"""Owns the SQL that turns raw text into the contract's types, missing codes into NULL, and says what is wrong.

In three steps, each a SELECT over the one before: raw text, typed values, reason. Must never guess: what does not fit is a
fault with a reason, and the row goes to the quarantine.
"""

from collections.abc import Mapping

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Table
from tre.data.engine import faults
from tre.data.engine.duck import literal, name
from tre.data.engine.faults import IDENTIFIER, REASON, SQL_TYPES, Cleaned

__all__ = ["IDENTIFIER", "REASON", "cleaned", "stored"]
TEXT = "VARCHAR"
FIRST_INEXACT = 2**53
"""From here on a DOUBLE (IEEE 754) no longer holds every whole number."""
_ALL_TEXT: Mapping[str, str] = {}
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)


def stored(table: Table) -> tuple[Column, ...]:
    """Return the columns that the store keeps: all but the person identifier and the direct identifiers."""
    dropped = {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    return tuple(one for one in table.columns if one.kind not in dropped)


def read_types(table: Table) -> dict[str, str]:
    """Return raw column to the type that the engine may read it as, which is faster than text; all others are text.

    Whole numbers are read as DOUBLE: as BIGINT the engine would take 1.5 for 2. One too large for that is read as text.
    """
    found: dict[str, str] = {}
    for one in table.columns:
        found[one.source] = (
            _read_type(one, table) if found.get(one.source, "") in {"", _read_type(one, table)} else TEXT
        )
    return {source: kind for source, kind in found.items() if kind != TEXT}


def cleaned(table: Table, relation: str, *, identifier_kind: str, typed: Mapping[str, str] = _ALL_TEXT) -> str:
    """Return a SELECT over the raw `relation`: the identifier as a number, each stored column typed, and a reason or NULL.

    A reference table has no identifier.

    Args:
        identifier_kind: what counts as valid.
        typed: raw columns that the relation gives as a type already, as `read_types` says.
    """
    columns = [_cleaned(number, one, table, typed) for number, one in enumerate(stored(table))]
    raws = [f"{one.raw_sql} AS {one.raw}" for one in columns]
    values = [f"{_value(one)} AS {name(one.column.name)}" for one in columns]
    arms = [arm for one in columns for arm in faults.arms(one)]
    if table.has_person:
        raws.append(f"{_tight(name(table.person_column.source))} AS {faults.PERSON_RAW}")
        values.insert(0, f"{faults.identifier(faults.PERSON_RAW)} AS {IDENTIFIER}")
        arms[:0] = faults.identifier_arms(identifier_kind)
    kept = [IDENTIFIER] if table.has_person else []
    kept += [name(one.column.name) for one in columns]
    through = "".join(f", {one.raw}" for one in columns) + (f", {faults.PERSON_RAW}" if table.has_person else "")
    reason = f"CASE {' '.join(arms)} END" if arms else "CAST(NULL AS VARCHAR)"
    raw = f"SELECT {', '.join(raws) or '1'} FROM {relation}"
    values_of_raw = f"SELECT {', '.join(values)}{through} FROM ({raw})"
    return f"SELECT {', '.join(kept)}, {reason} AS {REASON} FROM ({values_of_raw})"


def _read_type(column: Column, table: Table) -> str:
    is_dropped = column.kind in {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    is_coded = column.extract or column.missing or column.recode or table.near_zero
    if is_dropped or is_coded or column.type == ColumnType.TEXT:
        return TEXT
    if column.type in _NUMBERS:
        return "DOUBLE" if table.dialect.decimal == "." else TEXT
    return SQL_TYPES[column.type]


def _cleaned(number: int, column: Column, table: Table, typed: Mapping[str, str]) -> Cleaned:
    source, is_number = name(column.source), column.type in _NUMBERS
    is_typed = column.source in typed
    if is_typed:
        raw = _exact(source) if column.type == ColumnType.INTEGER else source
    elif column.extract:
        raw = f"nullif(regexp_extract({_tight(source)}, {literal(column.extract)}, 1), '')"
    elif is_number and table.dialect.decimal == ",":
        # A point would be a mark of thousands, or a mistake: it is made what no number has.
        raw = f"translate({_tight(source)}, ',.', '.?')"
    else:
        raw = _tight(source)
    return Cleaned(column=column, table=table, raw=f"__raw{number}", raw_sql=raw, is_read_typed=is_typed)


def _exact(source: str) -> str:
    """Return the number, or stop the engine where it is so large that its last digit was lost: the text is read then."""
    return f"(CASE WHEN abs({source}) >= {FIRST_INEXACT} THEN CAST(error('not exact') AS DOUBLE) ELSE {source} END)"


def _tight(source: str) -> str:
    """Return the text without spaces around it, or NULL; trimming itself costs more than all the rest, so only where needed."""
    return f"(CASE WHEN {source} < '!' OR suffix({source}, ' ') THEN nullif(trim({source}), '') ELSE {source} END)"


def _value(one: Cleaned) -> str:
    column = one.column
    arms = []
    if column.missing:
        arms.append(f"WHEN {faults.is_one_of(one, list(column.missing))} THEN NULL")
    arms += [f"WHEN {faults.is_one_of(one, [old])} THEN {literal(new)}" for old, new in column.recode.items()]
    whole = f"CASE {' '.join(arms)} ELSE {one.parsed} END" if arms else one.parsed
    return f"TRY_CAST({whole} AS {SQL_TYPES[column.type]})"
