"""Owns the language in which a project says which rows it needs: parsed, checked against the columns, never run here.

    sex = 'F' and age between 40 and 69 and (code in ('I21', 'I22') or not code is null)

Comparison, in, between, is null; and, or, not; brackets. A value stands on the right, a column on the left; text and dates
in single quotes. There are no functions, no joins, no names but the columns': what it can say is what it can be read as.
Must never hold SQL: whoever runs it makes SQL of the tree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from tre.kernel.errors import Invalid
from tre.kernel.expression_words import Cursor, Word, cut

LONGEST = 2000
DEEPEST = 30
MOST_VALUES = 500
SIGNS = ("=", "<>", "!=", "<=", ">=", "<", ">")

_GREATEST = 2**53
"""Beyond it, neither engine compares whole numbers and decimals exactly."""

Value = str | int | float | bool | date | datetime


class Kind(StrEnum):
    """Type of a column, as far as comparing goes."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    BOOLEAN = "boolean"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A column against a value; `sign` is one of = <> < <= > >=."""

    column: str
    sign: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A column is one of the values."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A column has no value."""

    column: str


@dataclass(frozen=True, kw_only=True)
class Negation:
    """The opposite."""

    of: "Expression"


@dataclass(frozen=True, kw_only=True)
class Joined:
    """All of the parts hold (`and`), or any of them (`or`)."""

    by: str
    parts: tuple["Expression", ...]


Expression = Comparison | Membership | Missing | Negation | Joined


def parse(text: str, columns: Mapping[str, Kind], *, field: str = "rows") -> Expression:
    """Return the expression that `text` says.

    Args:
        columns: those that may be named, with their types.
        field: that the fault is told under.

    Raises:
        Invalid: the place (character, from 1) and what to do.
    """
    if len(text) > LONGEST:
        sentence = f"The expression is longer than {LONGEST} characters: say it in fewer, or ask for fewer values."
        raise Invalid({field: sentence}, code="kernel.expression.too_long")
    reader = _Reader(cursor=Cursor(cut(text, field=field), field=field), columns=columns)
    found = reader.either(0)
    reader.cursor.expect_end()
    return found


def columns_of(expression: Expression) -> frozenset[str]:
    """Return the columns that an expression names."""
    match expression:
        case Negation(of=inner):
            return columns_of(inner)
        case Joined(parts=parts):
            return frozenset().union(*(columns_of(one) for one in parts))
        case _:
            return frozenset({expression.column})


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads words by recursive descent: or binds least, then and, then not."""

    cursor: Cursor
    columns: Mapping[str, Kind]

    def either(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self.cursor.fault("There are too many brackets within brackets here: write it flatter.")
        return self._joined("or", depth)

    def _joined(self, by: str, depth: int) -> Expression:
        parts = [self._part(by, depth)]
        while self.cursor.take(by):
            parts.append(self._part(by, depth))
        return Joined(by=by, parts=tuple(parts)) if len(parts) > 1 else parts[0]

    def _part(self, by: str, depth: int) -> Expression:
        return self._joined("and", depth) if by == "or" else self._negated(depth)

    def _negated(self, depth: int) -> Expression:
        if self.cursor.take("not"):
            if depth > DEEPEST:
                raise self.cursor.fault("There are too many 'not' in a row here: write it flatter.")
            return Negation(of=self._negated(depth + 1))
        if self.cursor.take("("):
            inner = self.either(depth + 1)
            self.cursor.expect(")", "Close the bracket with )")
            return inner
        return self._about_column()

    def _about_column(self) -> Expression:
        name = self.cursor.next_word("Name a column here")
        if name.kind not in {"name", "quoted name"}:
            raise name.fault(
                f"{name.text} is no column: put the column on the left, as in age > 40", field=self.cursor.field
            )
        if name.text not in self.columns:
            known = ", ".join(sorted(self.columns)) or "none"
            raise name.fault(
                f"there is no column {name.text} to choose rows by. There are: {known}", field=self.cursor.field
            )
        opposite = bool(self.cursor.take("not"))
        found = self._relation(name, is_negated=opposite)
        return Negation(of=found) if opposite else found

    def _relation(self, name: Word, *, is_negated: bool) -> Expression:
        if self.cursor.take("in"):
            return Membership(column=name.text, values=self._values(name.text))
        if self.cursor.take("between"):
            low = self._value(name.text)
            self.cursor.expect("and", "Say between LOW and HIGH")
            high = self._value(name.text)
            ends = (
                Comparison(column=name.text, sign=">=", value=low),
                Comparison(column=name.text, sign="<=", value=high),
            )
            return Joined(by="and", parts=ends)
        if is_negated:
            raise self.cursor.fault("After 'not' comes 'in' or 'between'; or put 'not' in front of the column.")
        if self.cursor.take("is"):
            opposite = bool(self.cursor.take("not"))
            self.cursor.expect("null", "Say is null or is not null")
            missing = Missing(column=name.text)
            return Negation(of=missing) if opposite else missing
        return self._compared(name)

    def _compared(self, name: Word) -> Comparison:
        sign = self.cursor.next_word(f"Compare {name.text} with a value, as in {name.text} = 1")
        if sign.text not in SIGNS:
            raise sign.fault(
                f"{sign.text} is no comparison: use one of = <> < <= > >=, in, between, is null",
                field=self.cursor.field,
            )
        return Comparison(column=name.text, sign="<>" if sign.text == "!=" else sign.text, value=self._value(name.text))

    def _values(self, column: str) -> tuple[Value, ...]:
        self.cursor.expect("(", "List the values in brackets, as in ('A', 'B')")
        values = [self._value(column)]
        while self.cursor.take(","):
            values.append(self._value(column))
            if len(values) > MOST_VALUES:
                raise self.cursor.fault(f"There are more than {MOST_VALUES} values: use between, or fewer.")
        self.cursor.expect(")", "Close the list with )")
        return tuple(values)

    def _value(self, column: str) -> Value:
        word = self.cursor.next_word(f"Put a value for {column} here")
        try:
            return _READERS[self.columns[column]](word)
        except ValueError:
            remedy = _REMEDIES[self.columns[column]]
            raise word.fault(
                f"{column} is of type {self.columns[column]}, and {word.text} is not: {remedy}", field=self.cursor.field
            ) from None


def _text(word: Word) -> str:
    if word.kind != "text":
        raise ValueError
    return word.text


def _integer(word: Word) -> int:
    if word.kind != "number":
        raise ValueError
    value = int(word.text)
    if abs(value) > _GREATEST:
        raise ValueError
    return value


def _decimal(word: Word) -> float:
    if word.kind != "number":
        raise ValueError
    value = float(word.text)
    if abs(value) > _GREATEST:
        raise ValueError
    return value


def _date(word: Word) -> date:
    return date.fromisoformat(_text(word))


def _timestamp(word: Word) -> datetime:
    moment = datetime.fromisoformat(_text(word))
    if moment.tzinfo:
        raise ValueError
    return moment


def _time(word: Word) -> str:
    return time.fromisoformat(_text(word)).isoformat()


def _boolean(word: Word) -> bool:
    if word.kind != "name" or word.text.lower() not in {"true", "false"}:
        raise ValueError
    return word.text.lower() == "true"


_READERS: Mapping[Kind, Callable[[Word], Value]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.TIMESTAMP: _timestamp,
    Kind.TIME: _time,
    Kind.BOOLEAN: _boolean,
}
_REMEDIES = {
    Kind.TEXT: "put text in single quotes, as in 'I21'",
    Kind.INTEGER: "write a whole number without quotes, as in 40",
    Kind.DECIMAL: "write a number without quotes, as in 7.5",
    Kind.DATE: "write a date as year-month-day in single quotes, as in '2020-01-31'",
    Kind.TIMESTAMP: "write a moment in single quotes, as in '2020-01-31 08:30'",
    Kind.TIME: "write a time in single quotes, as in '08:30'",
    Kind.BOOLEAN: "write true or false without quotes",
}
