"""Owns how words of the data are made harmless and measured for a terminal. Must never let a level's name steer what is around it."""

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator

STRANGE = "�"
NARROWEST, USUAL = 40, 100


def plain(given: str) -> str:
    """Return a text without signs that steer: escape sequences, line ends, and those that turn the direction of reading."""
    return "".join(map(_sign, given))


def _sign(one: str) -> str:
    if one.isprintable():
        return one
    return " " if unicodedata.category(one) == "Zs" else STRANGE


def width_of(given: str) -> int:
    """Return how many columns of a terminal a text takes: two for a sign of East Asia, none for one that is set upon another."""
    return sum(0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF") for one in given)


def padded(given: str, width: int, *, side: str = "right") -> str:
    """Return a text filled up to a width, the blanks on one side of it."""
    blanks = " " * (width - width_of(given))
    return given + blanks if side == "right" else blanks + given


def terminal_width() -> int:
    """Return the width there is to write in; a usual one where nothing tells (COLUMNS, or the terminal)."""
    return max(NARROWEST, shutil.get_terminal_size((USUAL, 24)).columns)


def wrapped(given: str, *, indent: int = 0) -> Iterator[str]:
    """Yield a sentence in lines as wide as the terminal, those after the first further in."""
    yield from textwrap.wrap(
        given, terminal_width(), subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    ) or [""]
