"""Owns the SQL that turns raw text into the contract's types, missing codes into NULL, and says what is wrong.

In three steps, each a SELECT over the one before: raw text, typed values, reason. Must never guess: what does not fit is a
fault with a reason, and the row goes to the quarantine.
"""

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Table
from tre.data.engine import faults
from tre.data.engine.duck import literal, name
from tre.data.engine.faults import IDENTIFIER, REASON, SQL_TYPES, Cleaned

__all__ = ["IDENTIFIER", "REASON", "cleaned", "stored"]
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)


def stored(table: Table) -> tuple[Column, ...]:
    """Return the columns that the store keeps: all but the person identifier and the direct identifiers."""
    dropped = {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    return tuple(one for one in table.columns if one.kind not in dropped)


def cleaned(table: Table, relation: str, *, identifier_kind: str) -> str:
    """Return a SELECT over the raw `relation`: the identifier as a number, each stored column typed, and a reason or NULL.

    A reference table has no identifier.
    """
    columns = [_cleaned(number, one, table) for number, one in enumerate(stored(table))]
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
    typed = f"SELECT {', '.join(values)}{through} FROM ({raw})"
    return f"SELECT {', '.join(kept)}, {reason} AS {REASON} FROM ({typed})"


def _cleaned(number: int, column: Column, table: Table) -> Cleaned:
    source = name(column.source)
    if column.extract:
        raw = f"nullif(regexp_extract({_tight(source)}, {literal(column.extract)}, 1), '')"
    elif column.type in _NUMBERS and table.dialect.decimal == ",":
        # A point would be a mark of thousands, or a mistake: it is made what no number has.
        raw = f"translate({_tight(source)}, ',.', '.?')"
    else:
        raw = _tight(source)
    return Cleaned(column=column, table=table, raw=f"__raw{number}", raw_sql=raw)


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
