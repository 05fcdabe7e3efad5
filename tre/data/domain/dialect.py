"""Owns how a text file of rows is written: delimiter, quote, decimal mark, encoding. Must never read a file."""

from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
"""Tried in this order where a contract names none: the one that gives the contract's columns is taken, never a guess."""
QUOTES = ('"', "'")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a file is written; empty where it is to be found out.

    Args:
        delimiter: one character between values; found out by the heading.
        quote: one character around values; found out by the heading.
        decimal: mark between whole and fraction, `.` or `,`: never found out, because 1,234 may be either.
        encoding: of the bytes; found out by a byte order mark, else UTF-8, because others cannot be told apart safely.
    """

    delimiter: str = ""
    quote: str = ""
    decimal: str = "."
    encoding: str = ""
