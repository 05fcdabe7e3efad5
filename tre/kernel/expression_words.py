"""Owns the words of an expression: cutting a text into names, values and signs, each with its place. Must never give them meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tre.kernel.errors import Invalid

CODE = "kernel.expression.invalid"
_WORD = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<text>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")+")'
    r"|(?P<number>-?\d+(?:\.\d+)?(?![A-Za-z_0-9.]))"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign><>|!=|<=|>=|[=<>(),])",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: its kind (`name`, `quoted name`, `text`, `number`, `sign`), what it says, its first character's place from 1."""

    kind: str
    text: str
    place: int

    def fault(self, sentence: str, *, field: str) -> Invalid:
        """Return the error that something is wrong with this word."""
        return Invalid({field: f"At character {self.place}: {sentence}."}, code=CODE)


class Cursor:
    """The words of an expression, read one after another."""

    def __init__(self, words: Sequence[Word], *, field: str) -> None:
        self._words = words
        self._at = 0
        self.field = field

    def take(self, what: str) -> Word | None:
        """Return the next word if it says `what` (a word of the language, in any case) and go on; else None."""
        word = self._words[self._at]
        if word.kind in {"name", "sign"} and word.text.lower() == what:
            self._at += 1
            return word
        return None

    def expect(self, what: str, remedy: str) -> None:
        """Go past the word `what`; raise `Invalid` with the remedy if another stands there."""
        if self.take(what) is None:
            raise self.fault(f"{remedy}.")

    def next_word(self, remedy: str) -> Word:
        """Return the next word and go on; raise `Invalid` with the remedy at the end."""
        word = self._words[self._at]
        if word.kind == "end":
            raise self.fault(f"The expression ends too early. {remedy}.")
        self._at += 1
        return word

    def expect_end(self) -> None:
        """Raise `Invalid` if there are words left."""
        word = self._words[self._at]
        if word.kind != "end":
            raise self.fault(f"{word.text} does not follow from what is before it: join conditions by and, or.")

    def fault(self, sentence: str) -> Invalid:
        """Return the error at the present place."""
        return Invalid({self.field: f"At character {self._words[self._at].place}: {sentence}"}, code=CODE)


def cut(text: str, *, field: str) -> tuple[Word, ...]:
    """Return the words of `text` and one that marks its end; raise `Invalid` at a character that begins none."""
    words = []
    place = 0
    while place < len(text):
        found = _WORD.match(text, place)
        if found is None:
            raise Word(kind="", text=text[place], place=place + 1).fault(_not_a_word(text[place:]), field=field)
        if found.lastgroup != "space":
            words.append(_word(found))
        place = found.end()
    return (*words, Word(kind="end", text="", place=len(text) + 1))


def _word(found: re.Match[str]) -> Word:
    text, place = found.group(), found.start() + 1
    match found.lastgroup:
        case "text":
            return Word(kind="text", text=text[1:-1].replace("''", "'"), place=place)
        case "quoted":
            return Word(kind="quoted name", text=text[1:-1].replace('""', '"'), place=place)
        case kind:
            return Word(kind=kind or "", text=text, place=place)


def _not_a_word(rest: str) -> str:
    if rest[0] == "'":
        return "this text has no closing quote: end it with '"
    if rest[0] == '"':
        return 'this name has no closing quote: end it with "'
    shown = rest[0] if rest[0].isprintable() else "a character that cannot be shown"
    return (
        f"{shown} means nothing here: use columns, values, = <> < <= > >=, in, between, is null, and, or, not, brackets"
    )
