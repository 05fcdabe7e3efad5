"""Owns which columns look like identifiers, each with a sentence that says why. Must never see a value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tre.data.domain.contract import ColumnClass
from tre.data.domain.inferring.measures import ColumnMeasure

_MOST, _HALF, _NEARLY_ALL = 0.8, 0.5, 0.95
_OWN_VALUES = 0.3
_PERSON = re.compile(
    r"(?i)(^|_)(person|patient|subject|participant|respondent|seqn|pid|mrn|chi|nhs)(_?(id|no|nr|number|key))?$"
)
_BIRTH = re.compile(r"(?i)(^|_)(dob|birth|born)|date_?of_?birth|birth_?(date|day|datetime)")
_NAME = re.compile(
    r"(?i)(^|_)(fore|given|first|last|family|sur|full|middle|maiden|patient|person|mother|father|kin)_?names?$|^names?$"
)
_ADDRESS = re.compile(r"(?i)(^|_)(address|addr|street|house|town|city|village)(_|[0-9]|$)")
_TELEPHONE = re.compile(r"(?i)(^|_)(tele)?phone|(^|_)(tel|mobile|fax)(_|$)")
_PLACE = re.compile(r"(?i)(^|_)(latitude|longitude|lat|lon|lng|easting|northing|uprn)$")


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Something that makes a column an identifier: the test of it, the class to give, the sentence that says why."""

    test: Callable[[ColumnMeasure], bool]
    kind: ColumnClass
    why: str
    rule: Any = None


def is_person_number(one: ColumnMeasure) -> bool:
    """Say whether the values are NHS, CHI or H&C numbers: ten digits whose check digit is right."""
    return one.filled > 0 and one.share("nhs number") >= _NEARLY_ALL


def is_called_person(one: ColumnMeasure) -> bool:
    """Say whether the column's name is one that identifiers of persons have, and its values are whole numbers."""
    return _PERSON.search(one.name) is not None and one.share("integer") >= _NEARLY_ALL


def sign_of(one: ColumnMeasure) -> Sign | None:
    """Return the first sign that the column is a direct identifier or close to one; None if there is none."""
    return next((sign for sign in SIGNS if sign.test(one)), None)


def _is(form: str, share: float) -> Callable[[ColumnMeasure], bool]:
    return lambda one: one.share(form) >= share


def _called(pattern: re.Pattern[str]) -> Callable[[ColumnMeasure], bool]:
    return lambda one: pattern.search(one.name) is not None


def _is_born(one: ColumnMeasure) -> bool:
    return _BIRTH.search(one.name) is not None and max(one.share("date"), one.share("timestamp")) >= _MOST


def _is_part_of_birth(one: ColumnMeasure) -> bool:
    return _BIRTH.search(one.name) is not None and re.search("(?i)day|month", one.name) is not None


def _reads_like_names(one: ColumnMeasure) -> bool:
    return one.share("name") >= _MOST and one.distinct >= one.filled * _OWN_VALUES and one.filled >= 20  # noqa: PLR2004


def _reads_like_addresses(one: ColumnMeasure) -> bool:
    return one.share("address") >= _MOST and one.spaces >= 1


_DIRECT, _COARSER = ColumnClass.DIRECT_IDENTIFIER, ColumnClass.GENERALISE
SIGNS: tuple[Sign, ...] = (
    Sign(test=_is("e-mail", _HALF), kind=_DIRECT, why="Most values are e-mail addresses, which name a person."),
    Sign(
        test=_is("national insurance number", _MOST),
        kind=_DIRECT,
        why="Most values have the form of National Insurance numbers, which name a person.",
    ),
    Sign(
        test=_is("postcode", _MOST),
        kind=_COARSER,
        rule="outward postcode",
        why="Most values are full postcodes, shared by some 15 addresses: only the first part is kept.",
    ),
    Sign(
        test=_is_born,
        kind=_COARSER,
        rule="year",
        why="The name and the dates say that this is the date of birth, which with sex and postcode names most people: only the year is kept.",
    ),
    Sign(
        test=_is_part_of_birth,
        kind=_DIRECT,
        why="The name says that this is the day or the month of birth: only the year is kept, in a column of its own.",
    ),
    Sign(
        test=lambda one: _BIRTH.search(one.name) is not None and one.share("integer") >= _MOST,
        kind=_COARSER,
        rule={"kind": "rounding", "step": 5},
        why="The name says that this is the year of birth: it is rounded to five years. Give the lowest that may be told.",
    ),
    Sign(
        test=_is("network address", _MOST),
        kind=_DIRECT,
        why="Most values are network addresses, which can lead to a person.",
    ),
    Sign(
        test=_called(_TELEPHONE),
        kind=_DIRECT,
        why="The name says that this is a telephone number, which names a person.",
    ),
    Sign(
        test=lambda one: one.share("telephone") >= _MOST and one.share("integer") < _MOST,
        kind=_DIRECT,
        why="Most values have the form of telephone numbers, which name a person.",
    ),
    Sign(test=_called(_NAME), kind=_DIRECT, why="The column's name says that this is a name."),
    Sign(test=_called(_ADDRESS), kind=_DIRECT, why="The column's name says that this is part of an address."),
    Sign(test=_called(_PLACE), kind=_DIRECT, why="The column's name says that this is an exact place."),
    Sign(
        test=_reads_like_addresses,
        kind=_DIRECT,
        why="Most values begin with a number and go on in words, as addresses do.",
    ),
    Sign(
        test=_reads_like_names,
        kind=_DIRECT,
        why="Most values are capitalised words, many of them different, as names of people are.",
    ),
    Sign(
        test=_is("universal identifier", _MOST),
        kind=_DIRECT,
        why="Most values are universal identifiers: a key of the source system, which joins to it.",
    ),
)
"""Signs in the order in which they are tried."""
