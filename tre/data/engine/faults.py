"""Owns what speaks against a row, as SQL over raw text and typed values. Must never mend a value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tre.data.domain.contract import Column, ColumnType, Range, Scalar, Table
from tre.data.domain.identifiers import NHS_DIGITS, NHS_NUMBER
from tre.data.engine.duck import literal, name
from tre.data.engine.reasons import KIND, MISSING, NOT_VALID, Fault

IDENTIFIER = "__identifier"
PERSON_RAW = "__person_raw"

SQL_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIME",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)
_HAVE_ENDS = (ColumnType.DECIMAL, ColumnType.DATE, ColumnType.TIMESTAMP)
"""Types with an infinity, which no measurement is."""
_MOST_IDENTIFIER = 10**15
_SMALLEST_OF_TEN = 10 ** (NHS_DIGITS - 1)
_WRITTEN_NUMBER = "[+-]?[0-9._]+([eE][+-]?[0-9]+)?"
FORM_ONLY = "nhs_number, check digit apart"


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """A stored column on its way.

    Args:
        raw: name of its raw text in the SELECT.
        raw_sql: how that is made from the file's column.
        is_read_typed: whether the engine read it as a type, so that it is no text.
        words: those that it is laid as places of; none where it is laid as it is.
    """

    column: Column
    table: Table
    raw: str
    raw_sql: str
    is_read_typed: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_plain_integer(self) -> bool:
        """Say whether its text is the number, with no code among the numbers."""
        column = self.column
        return column.type == ColumnType.INTEGER and not (self.table.near_zero or column.missing or column.recode)

    @property
    def parsed(self) -> str:
        """SQL of the value before codes are looked at; NULL where the text is not of the type."""
        column, raw, near_zero = self.column, self.raw, self.table.near_zero
        if column.type == ColumnType.TEXT:
            return raw
        if self.is_read_typed:
            return raw
        if self.is_plain_integer:
            return f"TRY_CAST({raw} AS BIGINT)"
        if column.type in _NUMBERS:
            number = f"TRY_CAST({raw} AS DOUBLE)"
            return f"(CASE WHEN abs({number}) < {near_zero!r} THEN 0.0 ELSE {number} END)" if near_zero else number
        return f"TRY_CAST({raw} AS {SQL_TYPES[column.type]})"


def identifier(raw: str) -> str:
    """Return the identifier in the text `raw` as a number: spaces and hyphens do not count."""
    tight = f"regexp_replace({raw}, '[ -]', '', 'g')"
    return f"coalesce(TRY_CAST({raw} AS BIGINT), TRY_CAST(TRY_CAST({tight} AS DECIMAL(18, 3)) AS BIGINT))"


def identifier_arm(kind: str) -> str:
    """Return the WHEN arm for an identifier that is missing or not valid; a right one costs no look at what is only for wrong ones."""
    if kind in {NHS_NUMBER, FORM_ONLY}:
        tight = f"regexp_replace({PERSON_RAW}, '[ -]', '', 'g')"
        slow = f"regexp_full_match({tight}, '[0-9]{{{NHS_DIGITS}}}')"
        usual = f"{IDENTIFIER} >= {_SMALLEST_OF_TEN} AND {PERSON_RAW} = CAST({IDENTIFIER} AS VARCHAR)"
        form = f"CASE WHEN {usual} THEN true ELSE {slow} END"
        valid = f"({form}) AND {nhs_check(IDENTIFIER)}" if kind == NHS_NUMBER else form
    else:
        valid = f"{IDENTIFIER} > 0 AND {IDENTIFIER} < {_MOST_IDENTIFIER} AND TRY_CAST({PERSON_RAW} AS DOUBLE) = {IDENTIFIER}"
    which = f"CASE WHEN nullif(trim({PERSON_RAW}), '') IS NULL THEN {number(MISSING)} ELSE {number(NOT_VALID)} END"
    return f"WHEN NOT coalesce({valid}, false) THEN {which}"


def number(reason: int) -> str:
    """Return a reason's number as SQL."""
    return f"{reason}::{KIND}"


def nhs_check(number: str) -> str:
    """Return an SQL condition: the BIGINT expression `number` carries a right NHS check digit (weights 10 to 2, modulus 11)."""
    total = " + ".join(f"(({number}) // {10**place} % 10) * {place + 1}" for place in range(1, NHS_DIGITS))
    return f"({number}) > 0 AND (11 - ({total}) % 11) % 11 = ({number}) % 10"


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A condition that speaks against a row.

    Args:
        of_raw: whether it looks at the raw text, so that it must be asked while that is at hand.
    """

    fault: Fault
    condition: str
    of_raw: bool


def arms(one: Cleaned) -> Iterator[Arm]:
    """Yield what can be wrong with one column: type, key, code, range."""
    column = one.column
    value = name(column.name)
    wrong = _wrong_of_type(column, value) if one.is_read_typed else _wrong(one, value)
    there = value if one.is_read_typed else one.raw
    if column.name in one.table.key:
        missing = f"{there} IS NULL" + (f" OR {wrong}" if wrong else "")
        yield Arm(fault=Fault.TYPE, condition=missing, of_raw=not one.is_read_typed)
    elif wrong:
        yield Arm(fault=Fault.TYPE, condition=f"{there} IS NOT NULL AND ({wrong})", of_raw=not one.is_read_typed)
    if column.codes:
        yield Arm(fault=Fault.CODE, condition=_unknown_code(column, value), of_raw=False)
    elif _is_recoded_whole(column):
        codes = [*column.recode, *column.missing]
        unknown = f"{one.raw} IS NOT NULL AND NOT coalesce({is_one_of(one, codes)}, false)"
        yield Arm(fault=Fault.CODE, condition=unknown, of_raw=True)
    if column.range:
        yield Arm(fault=Fault.RANGE, condition=_outside(column.range, value), of_raw=False)


def is_one_of(one: Cleaned, codes: Sequence[Scalar]) -> str:
    """Return a condition: the value is one of the codes; a number in a text column is compared as a number ('11.0' is 11)."""
    numbers = [code for code in codes if not isinstance(code, str)]
    texts = [code for code in codes if isinstance(code, str)]
    conditions = []
    if texts:
        conditions.append(f"{one.raw} IN ({_list(texts)})")
    if numbers:
        number = one.parsed if one.column.type in _NUMBERS else f"TRY_CAST({one.raw} AS DOUBLE)"
        conditions.append(f"{number} IN ({_list(numbers)})")
    return f"({' OR '.join(conditions)})"


def _list(values: Sequence[Scalar]) -> str:
    return ", ".join(literal(one) for one in values)


def _wrong_of_type(column: Column, value: str) -> str:
    """Return a condition on a value that the engine read as its type: it has no end. Fractions are looked at where it is read."""
    return f"NOT isfinite({value})" if column.type in _HAVE_ENDS else ""


def _wrong(one: Cleaned, value: str) -> str:
    """Return a condition on a text that is there: it is not of the type; empty where every text is."""
    column = one.column
    if column.type == ColumnType.TEXT:
        return ""
    wrong = f"{value} IS NULL"
    if column.missing:
        wrong += f" AND NOT coalesce({is_one_of(one, list(column.missing))}, false)"
    if one.is_plain_integer:
        # The engine takes 1.5 for 2 and 0x10 for 16: what it would write otherwise is looked at again.
        same = f"regexp_full_match({one.raw}, {literal(_WRITTEN_NUMBER)}) AND TRY_CAST({one.raw} AS DOUBLE) = {value}"
        wrong = f"({wrong}) OR ({one.raw} <> CAST({value} AS VARCHAR) AND NOT coalesce({same}, false))"
    elif column.type == ColumnType.INTEGER:
        wrong = f"({wrong}) OR {one.parsed} <> round({one.parsed})"
    if column.type in _HAVE_ENDS:
        wrong = f"({wrong}) OR NOT isfinite({value})"
    return wrong


def _unknown_code(column: Column, value: str) -> str:
    """Return a condition: the contract lists codes, and this is none of them."""
    known = [str(code) if column.type == ColumnType.TEXT else code for code in column.codes]
    return f"{value} IS NOT NULL AND {value} NOT IN ({_list(known)})"


def _is_recoded_whole(column: Column) -> bool:
    """Say whether it is a text column of numbers that are all recoded: the recoding is the list of codes."""
    return (
        column.type == ColumnType.TEXT
        and bool(column.recode)
        and not any(isinstance(one, str) for one in column.recode)
    )


def _outside(allowed: Range, value: str) -> str:
    ends = [f"{value} < {literal(allowed.low)}"] if allowed.low is not None else []
    ends += [f"{value} > {literal(allowed.high)}"] if allowed.high is not None else []
    return " OR ".join(ends)
