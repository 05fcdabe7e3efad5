"""Owns the small language of a filter: its words, its tree and the reading of it. Must never hold or make SQL by pasting.

    age >= 18 and (sex = 'F' or region in ('North', 'South')) and not death is missing

Columns are bare words or stand between backquotes; text stands between single or double quotes. Nothing can be called and
nothing computed, so a filter can do no more than choose records.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from output_checking.domain.checks.refusal import CannotJudge

Literal = bool | int | float | str
LONGEST = 10_000
DEEPEST = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
    r"|`(?P<quoted>[^`]+)`|(?P<word>[^\W\d]\w*)|(?P<sign><=|>=|!=|<>|==|=|<|>|\(|\)|,))"
)
_WORDS = {"and", "or", "not", "in", "between", "is", "null", "missing", "true", "false"}
_SIGNS = {"==": "=", "<>": "!=", "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True)
class Column:
    """A column of the data."""

    name: str


Operand = Column | Literal


@dataclass(frozen=True)
class Compare:
    """`left sign right`; sign is one of = != < <= > >=."""

    left: Operand
    sign: str
    right: Operand


@dataclass(frozen=True)
class Among:
    """The column is one of the values."""

    column: Column
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class Missing:
    """The column has no value."""

    column: Column


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Expression"


@dataclass(frozen=True)
class Every:
    """All parts hold."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: "tuple[Expression, ...]"


Expression = Compare | Among | Missing | Not | Every | Either


def read_filter(text: str) -> Expression:
    """Return the tree of a filter.

    Raises:
        CannotJudge: `specification.filter` when it is not of the language.
    """
    if len(text) > LONGEST:
        raise _refused(f"it is longer than {LONGEST:,} characters")
    reader = _Reader(list(_tokens(text)))
    tree = reader.either()
    if reader.kind:
        raise _refused(f"'{reader.text}' stands where it should have ended")
    return tree


def columns_of(tree: Expression) -> set[str]:
    """Return the names of the columns that a filter reads."""
    match tree:
        case Compare(left, _, right):
            return {one.name for one in (left, right) if isinstance(one, Column)}
        case Among(column, _) | Missing(column):
            return {column.name}
        case Not(part):
            return columns_of(part)
        case Every(parts) | Either(parts):
            return set().union(*map(columns_of, parts))


def conjuncts(tree: Expression) -> tuple[Expression, ...]:
    """Return the parts that must all hold: those of an `and`, else the tree itself."""
    return tree.parts if isinstance(tree, Every) else (tree,)


def _refused(why: str) -> CannotJudge:
    return CannotJudge(
        f"The filter cannot be read: {why}. It takes comparisons, 'in (…)', 'between … and …', 'is missing', joined by "
        "and, or, not and brackets, such as: age >= 18 and sex = 'F'.",
        code="specification.filter",
    )


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if not found:
            raise _refused(f"'{text[place : place + 20].strip()}' is not of its language")
        kind = found.lastgroup or ""
        word = found.group(kind)
        if kind == "word" and word.lower() in _WORDS:
            yield "keyword", word.lower()
        elif kind == "text":
            yield kind, word[1:-1].replace(word[0] * 2, word[0])
        else:
            yield ("word" if kind == "quoted" else kind), word
        place = found.end()


class _Reader:
    """Reads the tokens from left to right; each method takes one construct off."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    @property
    def text(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def either(self) -> Expression:
        parts = [self.every()]
        while self._took("keyword", "or"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def every(self) -> Expression:
        parts = [self.negated()]
        while self._took("keyword", "and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def negated(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _refused(f"brackets or 'not' stand more than {DEEPEST} deep")
        tree = self._one()
        self._depth -= 1
        return tree

    def _one(self) -> Expression:
        if self._took("keyword", "not"):
            return Not(self.negated())
        if self._took("sign", "("):
            tree = self.either()
            self._need("sign", ")")
            return tree
        return self._predicate()

    def _predicate(self) -> Expression:
        left = self._operand()
        if self.kind == "sign" and self.text in _SIGNS:
            sign = _SIGNS[self._next()]
            return Compare(left, sign, self._operand())
        if not isinstance(left, Column):
            raise _refused(f"'{left}' is not compared with anything")
        if self._took("keyword", "is"):
            is_negated = self._took("keyword", "not")
            if not (self._took("keyword", "missing") or self._took("keyword", "null")):
                raise _refused(f"after 'is' stands '{self.text}'")
            return Not(Missing(left)) if is_negated else Missing(left)
        if self._took("keyword", "not"):
            return Not(self._range_or_list(left))
        if self.kind == "keyword" and self.text in {"in", "between"}:
            return self._range_or_list(left)
        return Compare(left=left, sign="=", right=True)

    def _range_or_list(self, column: Column) -> Expression:
        if self._took("keyword", "between"):
            low = self._literal()
            self._need("keyword", "and")
            return Every((Compare(column, ">=", low), Compare(column, "<=", self._literal())))
        self._need("keyword", "in")
        self._need("sign", "(")
        values = [self._literal()]
        while self._took("sign", ","):
            values.append(self._literal())
        self._need("sign", ")")
        return Among(column, tuple(values))

    def _operand(self) -> Operand:
        return Column(self._next()) if self.kind == "word" else self._literal()

    def _literal(self) -> Literal:
        kind, text = self.kind, self.text
        if kind == "number":
            self._next()
            value = int(text) if re.fullmatch(r"[+-]?\d{1,18}", text) else float(text)
            if not isfinite(value):
                raise _refused(f"'{text[:40]}' is larger than any number of the data can be")
            return value
        if kind == "text":
            return self._next()
        if kind == "keyword" and text in {"true", "false"}:
            return self._next() == "true"
        raise _refused(f"a value or a column is missing before '{text}'" if text else "it ends too early")

    def _next(self) -> str:
        text = self.text
        self._place += 1
        return text

    def _took(self, kind: str, text: str) -> bool:
        is_it = (self.kind, self.text) == (kind, text)
        self._place += is_it
        return is_it

    def _need(self, kind: str, text: str) -> None:
        if not self._took(kind, text):
            raise _refused(f"'{text}' is missing" + (f" before '{self.text}'" if self.text else " at its end"))
