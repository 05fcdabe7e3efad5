"""Owns the shapes of values that must not leave: project pseudonyms and NHS numbers. Must never decide what to do about one.

The data room makes pseudonyms of this shape (a test holds the two together); output checking looks for it in files.
"""

import re
from collections.abc import Iterator

# "P" (person) or "R" (record), then 16 bytes in base32 without padding: 26 characters, of which the last carries 3 bits.
PSEUDONYM_PATTERN = r"(?<![A-Z0-9])[PR][A-Z2-7]{25}[AEIMQUY4](?![A-Z0-9])"

# Ten digits, alone or grouped 3 3 4 as printed on letters; the check digit decides whether it is one.
NHS_NUMBER_PATTERN = r"(?<![0-9A-Za-z.,])\d{3}([ -]?)\d{3}\1\d{4}(?![0-9A-Za-z]|[.,]\d)"

_PSEUDONYM = re.compile(PSEUDONYM_PATTERN)
_NHS_NUMBER = re.compile(NHS_NUMBER_PATTERN)
_WEIGHTS = range(10, 1, -1)


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits carry a right check digit.

    Source: NHS Data Dictionary, attribute NHS NUMBER: weights 10 to 2, modulus 11; a check digit of 10 is never issued.
    """
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()) or digits == "0" * 10:  # noqa: PLR2004 - its length
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def find_pseudonyms(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, value) of each thing in `text` that has the shape of a project pseudonym."""
    for found in _PSEUDONYM.finditer(text):
        yield found.start(), found.group()


def find_nhs_numbers(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, value as written) of each thing in `text` that is a valid NHS number."""
    for found in _NHS_NUMBER.finditer(text):
        if is_nhs_number(re.sub(r"\D", "", found.group())):
            yield found.start(), found.group()
