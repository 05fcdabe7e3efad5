"""Owns the scanning of one free text before a project sees it: what names somebody is masked. Must never keep a text.

By shape (`tre.kernel.patterns`), and by what the broker knows of the row's person: the identifier, and the names that came
with the data. A name of anybody else, unless after a title, is not found: no list of shapes can know it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from tre.data.domain.small_numbers import told
from tre.kernel.patterns import Found, Sign, find_in_text

SCANNER = 1
"""Version of the rules, told in each manifest."""
FEWEST_DIGITS = 5
"""Of an identifier that is looked for: a shorter number stands in too many texts for other reasons."""
_WORD = re.compile(r"[^\W_]{2,}")
_DIGITS = re.compile(r"(?<!\d)\d(?:[ ./-]?\d)*(?!\d)")


class Treatment(StrEnum):
    """What becomes of a text in which something is found, as the contract says."""

    MASK = "mask"
    """What is found is replaced by its kind in brackets."""
    WITHHOLD = "withhold"
    """The whole text is left empty."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the broker knows of a person: the identifier (0 where unknown), and marks of the words of the names."""

    identifier: int = 0
    names: Collection[int] = frozenset()


NOTHING_KNOWN = Known()


@dataclass(kw_only=True)
class TextFigures:
    """What was found in one column: how many texts there are, in how many each sign was found, and how many were withheld."""

    texts: int = 0
    withheld: int = 0
    found: Counter[str] = field(default_factory=Counter)


def scanned_name(column: str) -> str:
    """Return the name of a scanned column; with a colon in it, so that no column of a contract, none unscanned, has it."""
    return f"scanned: {column}"


def scanned(text: str, known: Known, *, treatment: Treatment, figures: TextFigures) -> str | None:
    """Return a text as a project may see it (None where it is withheld), and count in `figures` what was found."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    places = [*find_in_text(plain), *_own(plain, known)] if known is not NOTHING_KNOWN else list(find_in_text(plain))
    figures.texts += 1
    if not places:
        return plain
    figures.found.update({str(one.sign) for one in places})
    if treatment == Treatment.WITHHOLD:
        figures.withheld += 1
        return None
    return _masked(plain, places)


def words_of(text: str) -> set[int]:
    """Return the marks of the words of a name."""
    return {mark_of(one) for one in _WORD.findall(unicodedata.normalize("NFC", text))}


@lru_cache(maxsize=1 << 18)
def mark_of(word: str) -> int:
    """Return 64 bits that stand for a word, however it is capitalised and accented."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(one))
    return int.from_bytes(blake2b(bare.encode(), digest_size=8, person=b"tre/names").digest(), "little", signed=True)


def shown(column: str, treatment: Treatment, figures: TextFigures) -> dict[str, Any]:
    """Return the figures of one column as plain data that may be kept and shown: small counts withheld, the others rounded."""
    return {
        "column": column,
        "when_found": str(treatment),
        "texts": _said(figures.texts),
        "withheld": _said(figures.withheld),
        "found": [[sign, _said(count)] for sign, count in sorted(figures.found.items())],
        "scanner": SCANNER,
    }


def sentence_of(entry: Mapping[str, Any]) -> str:
    """Return what was found in one column, as a sentence."""
    found = ", ".join(f"{sign} in {count}" for sign, count in entry["found"]) or "nothing"
    done = "those texts are withheld" if entry["when_found"] == Treatment.WITHHOLD else "masked"
    return f"Of {entry['texts']} texts: {found}{f' ({done})' if entry['found'] else ''}."


def _said(count: int) -> str:
    return told(count) if count else "none"


def _own(text: str, known: Known) -> list[Found]:
    places: list[Found] = []
    if known.identifier >= 10 ** (FEWEST_DIGITS - 1):
        numbers = ((one, re.sub(r"\D", "", one.group())) for one in _DIGITS.finditer(text))
        wanted = str(known.identifier)
        places += [Found(*one.span(), Sign.OWN_IDENTIFIER) for one, digits in numbers if digits.lstrip("0") == wanted]
    if known.names:
        places += [
            Found(*one.span(), Sign.OWN_NAME) for one in _WORD.finditer(text) if mark_of(one.group()) in known.names
        ]
    return places


def _masked(text: str, places: list[Found]) -> str:
    """Put the sign of what is found in its place; what overlaps is one, called by what begins first and is longest."""
    done, at = [], 0
    merged: list[tuple[int, int, Sign]] = []
    for one in sorted(places, key=lambda place: (place.start, -place.end)):
        if merged and one.start < merged[-1][1]:
            start, end, sign = merged[-1]
            merged[-1] = (start, max(end, one.end), sign)
        else:
            merged.append((one.start, one.end, one.sign))
    for start, end, sign in merged:
        done += [text[at:start], f"[{sign}]"]
        at = end
    return "".join([*done, text[at:]])
