"""Owns the sentences about raw files that cannot be read. Must never repeat a line of a file: the engine's own messages do."""

import re

from tre.kernel.errors import Invalid

_LINE = re.compile(r"\ACSV Error on Line: (\d+)|: CSV Error on Line: (\d+)")
_COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_WHAT = (
    ("unterminated quote", "a value has a quote that is torn or stands alone"),
    ("Maximum line size", "the line is longer than any row can be"),
    ("Invalid unicode", "the bytes are not of the file's encoding"),
    ("state machine", "its lines end in different ways, or quotes are torn: give every line the same ending"),
    ("GZIP", "it is not what its ending says, or the packed file is damaged"),
    ("Parquet", "the Parquet file is damaged"),
)


def refuse(file: str, sentence: str) -> Invalid:
    """Return the refusal of a file: nothing is loaded."""
    return Invalid({file: sentence}, code="data.raw.invalid")


def unreadable(file: str, error: Exception) -> Invalid:
    """Return the refusal of a file that the engine could not read, with the place and the kind of fault.

    Args:
        file: its name.
        error: the engine's, whose message may repeat the line: only digits and known phrases are taken from it.
    """
    message = str(error)
    found = _LINE.search(message)
    place = f", line {found[1] or found[2]}" if found else ""
    sentence = f"{file}{place}: {_kind(message)}. Nothing was loaded: have the file mended."
    return Invalid({file: sentence}, code="data.raw.unreadable")


def _kind(message: str) -> str:
    columns = _COLUMNS.findall(message)  # the last one is the engine's; a line that says the same comes before it
    if columns:
        expected, there = columns[-1]
        return f"{there} values where the heading has {expected} columns"
    return next(
        (words for sign, words in _WHAT if sign in message),
        "it cannot be read as the contract says (torn quotes, wrong encoding, odd columns)",
    )
