"""Owns the shapes of values that name one person: health numbers, postcodes, days … Must never decide what to do about one.

The data room makes pseudonyms of one of these shapes (a test holds the two together) and masks the others in free text;
output checking looks for them in files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# "P" (person) or "R" (record), then 16 bytes in base32 without padding: 26 characters, of which the last carries 3 bits.
PSEUDONYM_PATTERN = r"(?<![A-Z0-9])[PR][A-Z2-7]{25}[AEIMQUY4](?![A-Z0-9])"

# Ten digits, alone or grouped 3 3 4 as printed on letters; the check digit decides whether it is one.
NHS_NUMBER_PATTERN = r"(?<![0-9A-Za-z.,])\d{3}([ -]?)\d{3}\1\d{4}(?![0-9A-Za-z]|[.,]\d)"

# Full UK postcode (BS 7666) as printed; the space is required: without it, codes of other kinds look the same.
POSTCODE_PATTERN = r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
# A whole day: 2024-03-12, 12/03/2024, 12.3.24, 12 March 2024, 12th of March, March 12, 2024.
DATE_PATTERN = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\b(?:\.?,? \d{{4}})?"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?)"
)

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


class Sign(StrEnum):
    """What kind of thing in a text names one person; its words stand in the place of what is masked."""

    HEALTH_NUMBER = "health number"
    """NHS, CHI or H&C number with a right check digit."""
    INSURANCE_NUMBER = "National Insurance number"
    EMAIL = "e-mail address"
    DATE = "date"
    TELEPHONE = "telephone number"
    LONG_NUMBER = "long number"
    """Nine digits or more in one: a key of some register, or a health number with a slip in it."""
    POSTCODE = "postcode"
    TITLED_NAME = "name after a title"
    OWN_IDENTIFIER = "the person's own identifier"
    """Known, not told by its shape; so is the next."""
    OWN_NAME = "the person's own name"


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a text, from place `start` up to `end`."""

    start: int
    end: int
    sign: Sign


# Read more widely than in files: what is masked for nothing costs a word, what is missed names somebody.
_IN_TEXT: tuple[tuple[Sign, re.Pattern[str]], ...] = (
    (Sign.INSURANCE_NUMBER, re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)),
    (Sign.DATE, re.compile(rf"(?<!\d){DATE_PATTERN}(?!\d)|(?<!\d)(?:19|20)\d\d[01]\d[0-3]\d(?!\d)", re.IGNORECASE)),
    (Sign.TELEPHONE, re.compile(r"(?<![\w.,])(?:\+\d|00\d|\(?0)(?:[ ()-]{0,2}\d){8,13}(?!\d)")),
    (Sign.LONG_NUMBER, re.compile(rf"(?<!\d)\d{{9,}}(?!\d)|{NHS_NUMBER_PATTERN}")),
    (
        Sign.POSTCODE,
        re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
    ),
)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sister|Nurse|Sir|Rev)\b\.? ?(?:[A-Z]\.? ){0,2}[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?"
)
_DIGIT = re.compile(r"\d")
_TEN_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .-]?\d){9}(?!\w|[.,-]\d)")
"""However they are grouped: in a letter nobody holds to the form in which the number is printed."""


def find_in_text(text: str) -> Iterator[Found]:
    """Yield what in a free text names one person by its shape; what is found may overlap."""
    if _DIGIT.search(text):
        for start, value in find_nhs_numbers(text):
            yield Found(start, start + len(value), Sign.HEALTH_NUMBER)
        for found in _TEN_DIGITS.finditer(text):
            if is_nhs_number(re.sub(r"\D", "", found.group())):
                yield Found(*found.span(), Sign.HEALTH_NUMBER)
        for sign, pattern in _IN_TEXT:
            for found in pattern.finditer(text):
                yield Found(*found.span(), sign)
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield Found(*found.span(), Sign.EMAIL)
    for found in _TITLED.finditer(text):
        yield Found(*found.span(), Sign.TITLED_NAME)
