"""Owns the SQL that turns raw text into the contract's types, missing codes into NULL, and says what is wrong.

In three steps, each a SELECT over the one before: raw text, typed values, reason. What needs the value alone and not its text
is asked later, of all rows at once: that no row is against it the engine often knows without looking. Must never guess: what
does not fit is a fault with a reason, and the row goes to the quarantine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Table
from tre.data.engine import faults
from tre.data.engine.duck import literal, name
from tre.data.engine.faults import IDENTIFIER, SQL_TYPES, Arm, Cleaned, number
from tre.data.engine.reasons import KIND, REASON, number_of

__all__ = ["BESIDE", "IDENTIFIER", "REASON", "Words", "cleaned", "judged", "later", "stored", "too_large"]
TEXT = "VARCHAR"
_FIRST_INEXACT = 2**53
"""From here on a DOUBLE (IEEE 754) no longer holds every whole number."""
_NOT_EXACT = f"CAST(error('not a whole number that is kept exactly') AS {KIND})"
_ALL_TEXT: Mapping[str, str] = {}
Words = Mapping[str, Sequence[str]]
"""Raw column to the words that it is laid as places of; a word that is not among them is laid in a column beside it."""
_NO_WORDS: Words = {}
BESIDE = "__beside_"
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


def cleaned(
    table: Table,
    relation: str,
    *,
    identifier_kind: str,
    typed: Mapping[str, str] = _ALL_TEXT,
    words: Words = _NO_WORDS,
) -> str:
    """Return a SELECT over the raw `relation`: the identifier as a number, each stored column typed, and a reason or NULL.

    What `later` names is still to be asked of the values. A reference table has no identifier. A number that is read as a
    type and is not whole stops the engine: its text is to be read.

    Args:
        identifier_kind: what counts as valid.
        typed: raw columns that the relation gives as a type already, as `read_types` says.
        words: of texts that nothing is asked of.
    """
    columns = _columns(table, typed, words)
    raws = [f"{one.raw_sql} AS {one.raw}" for one in columns]
    values = [f"{_value(one)} AS {name(one.column.name)}" for one in columns]
    kept = [name(one.column.name) for one in columns] + [_beside(one) for one in columns if one.words]
    through = [one.raw for one in columns]
    conditions = [f"WHEN {arm.condition} THEN {number(reason)}" for reason, arm in _arms(columns) if arm.of_raw]
    if table.has_person:
        raws.append(f"{name(table.person_column.source)} AS {faults.PERSON_RAW}")
        values.insert(0, f"{faults.identifier(faults.PERSON_RAW)} AS {IDENTIFIER}")
        kept.insert(0, IDENTIFIER)
        through.append(faults.PERSON_RAW)
        conditions.insert(0, faults.identifier_arm(identifier_kind))
    conditions = _inexact(columns) + conditions
    reason = f"CASE {' '.join(conditions)} END" if conditions else f"CAST(NULL AS {KIND})"
    raw = f"SELECT {', '.join(raws) or '1'} FROM {relation}"
    values_of_raw = f"SELECT {', '.join([*values, *through])} FROM ({raw})"
    return f"SELECT {', '.join(kept)}, {reason} AS {REASON} FROM ({values_of_raw})"


def later(table: Table, typed: Mapping[str, str] = _ALL_TEXT) -> list[tuple[int, str]]:
    """Return reason and condition of what is asked of the values alone, once the rows are typed."""
    return [(reason, arm.condition) for reason, arm in _arms(_columns(table, typed)) if not arm.of_raw]


def judged(table: Table, rows: str, typed: Mapping[str, str] = _ALL_TEXT) -> str:
    """Return a SELECT over cleaned rows in which the reason says all that speaks against them, too large numbers apart."""
    conditions = " ".join(f"WHEN {condition} THEN {number(reason)}" for reason, condition in later(table, typed))
    if not conditions:
        return rows
    return f"SELECT * REPLACE (least({REASON}, CASE {conditions} END) AS {REASON}) FROM ({rows})"


def too_large(table: Table, typed: Mapping[str, str]) -> list[str]:
    """Return conditions on whole numbers that may have lost their last digit, because they were read as DOUBLE."""
    found = []
    for one in _columns(table, typed):
        if one.is_read_typed and one.column.type == ColumnType.INTEGER:
            value = name(one.column.name)
            found += [f"{value} >= {_FIRST_INEXACT}", f"{value} <= -{_FIRST_INEXACT}"]
    return found


def _columns(table: Table, typed: Mapping[str, str], words: Words = _NO_WORDS) -> list[Cleaned]:
    return [
        _worded(_cleaned(place, one, table, typed), words.get(one.source, ()))
        for place, one in enumerate(stored(table))
    ]


def _worded(one: Cleaned, words: Sequence[str]) -> Cleaned:
    """Return the column laid by words, which have no space around them: its text need not be trimmed to be found among them."""
    return replace(one, words=tuple(words), raw_sql=name(one.column.source)) if words else one


def _beside(one: Cleaned) -> str:
    """Return the column of the texts that are not among the words."""
    text = f"nullif(trim({one.raw}), '')"
    return f"CASE WHEN {name(one.column.name)} IS NULL THEN {text} END AS {name(BESIDE + one.column.name)}"


def _arms(columns: list[Cleaned]) -> list[tuple[int, Arm]]:
    """Return what can be wrong with each column, with the reason's number."""
    return [(number_of(place, arm.fault), arm) for place, one in enumerate(columns) for arm in faults.arms(one)]


def _inexact(columns: list[Cleaned]) -> list[str]:
    """Return the arm that stops the engine where a number is not whole, or larger than whole numbers may be."""
    differ = [
        f"{one.raw} IS DISTINCT FROM {name(one.column.name)}"
        for one in columns
        if one.is_read_typed and one.column.type == ColumnType.INTEGER
    ]
    return [f"WHEN {one} THEN {_NOT_EXACT}" for one in differ]


def _read_type(column: Column, table: Table) -> str:
    is_dropped = column.kind in {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}
    is_coded = column.extract or column.missing or column.recode or table.near_zero
    if is_dropped or is_coded or column.type == ColumnType.TEXT:
        return TEXT
    if column.type in _NUMBERS:
        return "DOUBLE" if table.dialect.decimal == "." else TEXT
    return SQL_TYPES[column.type]


def _cleaned(place: int, column: Column, table: Table, typed: Mapping[str, str]) -> Cleaned:
    source, is_number = name(column.source), column.type in _NUMBERS
    is_typed = column.source in typed
    if is_typed:
        raw = source
    elif column.extract:
        raw = f"nullif(regexp_extract({_tight(source)}, {literal(column.extract)}, 1), '')"
    elif is_number and table.dialect.decimal == ",":
        # A point would be a mark of thousands, or a mistake: it is made what no number has.
        raw = f"translate({_tight(source)}, ',.', '.?')"
    else:
        raw = _tight(source)
    return Cleaned(column=column, table=table, raw=f"__raw{place}", raw_sql=raw, is_read_typed=is_typed)


def _tight(source: str) -> str:
    """Return the text without spaces around it, or NULL; trimming itself costs more than all the rest, so only where needed."""
    return f"(CASE WHEN {source} < '!' OR suffix({source}, ' ') THEN nullif(trim({source}), '') ELSE {source} END)"


def _value(one: Cleaned) -> str:
    column = one.column
    if one.words:
        return f"TRY_CAST({one.raw} AS ENUM({', '.join(literal(word) for word in one.words)}))"
    arms = []
    if column.missing:
        arms.append(f"WHEN {faults.is_one_of(one, list(column.missing))} THEN NULL")
    arms += [f"WHEN {faults.is_one_of(one, [old])} THEN {literal(new)}" for old, new in column.recode.items()]
    whole = f"CASE {' '.join(arms)} ELSE {one.parsed} END" if arms else one.parsed
    return f"TRY_CAST({whole} AS {SQL_TYPES[column.type]})"
