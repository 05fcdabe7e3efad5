"""Owns the made persons: numbers, names, births, addresses, practices, deaths, opt-outs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tre.data.domain.identifiers import check_digits
from tre.data.engine.made import names
from tre.data.engine.made.chance import DAYS_A_YEAR, Ints
from tre.kernel.errors import Invalid

FIRST_DAY = int(np.datetime64("2019-01-01").astype(np.int64))
LAST_DAY = int(np.datetime64("2023-12-31").astype(np.int64))
DAYS = LAST_DAY - FIRST_DAY + 1
NEVER = LAST_DAY + 100_000

_SYNTHETIC_START = 999_000_000  # nine digits: numbers that begin with 999 are never issued, and are kept for tests
_SYNTHETIC_COUNT = 1_000_000
_BIRTHS_AFTER_START = 0.045
_AGE_STEPS = np.array([0, 18, 30, 45, 60, 75, 90, 101])
_AGE_SHARES = np.array([0.20, 0.155, 0.195, 0.195, 0.155, 0.088, 0.012])
_OPTED_OUT = 0.05
PRACTICES = 120
MOST_PERSONS = 900_000


@dataclass(frozen=True, kw_only=True)
class People:
    """Some persons, a row each. Days count from 1970; `died` is far in the future for the living."""

    nhs_number: Ints
    is_male: NDArray[np.bool_]
    born: Ints
    died: Ints
    practice: Ints
    columns: dict[str, Any]

    def __len__(self) -> int:
        return len(self.nhs_number)


def all_numbers(random: np.random.Generator, size: int) -> Ints:
    """Return `size` different valid NHS numbers from the range kept for tests, in random order.

    Raises:
        Invalid: the range does not hold so many.
    """
    if not 0 < size <= MOST_PERSONS:
        raise Invalid({"size": f"Choose from 1 to {MOST_PERSONS:,} persons: the range of test numbers holds no more."})
    bases = _SYNTHETIC_START + random.permutation(_SYNTHETIC_COUNT)
    digits = check_digits(bases)
    numbers: Ints = (bases * 10 + digits)[digits < 10]  # noqa: PLR2004 - a check digit of 10 does not exist
    return numbers[:size]


def make_people(random: np.random.Generator, numbers: Ints) -> People:
    """Return a person for each number."""
    count = len(numbers)
    is_male = random.random(count) < 0.49  # noqa: PLR2004 - about the share in England
    born = _births(random, count)
    columns = {
        "nhs_number": numbers,
        "given_name": np.where(is_male, random.choice(names.MALE, count), random.choice(names.FEMALE, count)),
        "family_name": random.choice(names.FAMILY, count),
        "address": _addresses(random, count),
        "date_of_birth": born.astype("datetime64[D]"),
        "postcode": _postcodes(random, count),
        "sex": np.where(is_male, "male", "female"),
        "ethnic_group": random.choice(names.ETHNIC_GROUPS, count, p=names.ETHNIC_SHARES),
    }
    practice = random.integers(0, PRACTICES, count)
    return People(
        nhs_number=numbers, is_male=is_male, born=born, died=_deaths(random, born), practice=practice, columns=columns
    )


def opt_outs(random: np.random.Generator, people: People) -> dict[str, Any]:
    """Return the columns of the opt-out list: about one in twenty, most of them from long before."""
    chosen = people.nhs_number[random.random(len(people)) < _OPTED_OUT]
    since = LAST_DAY - random.integers(0, 2 * DAYS, len(chosen))
    return {"nhs_number": chosen, "effective_from": since.astype("datetime64[D]")}


def _births(random: np.random.Generator, count: int) -> Ints:
    step = random.choice(len(_AGE_SHARES), count, p=_AGE_SHARES)
    low, high = _AGE_STEPS[step], _AGE_STEPS[step + 1]
    age_days = ((low + random.random(count) * (high - low)) * DAYS_A_YEAR).astype(np.int64)
    born = FIRST_DAY - age_days
    later = random.random(count) < _BIRTHS_AFTER_START
    return np.where(later, FIRST_DAY + random.integers(0, DAYS, count), born)


def _deaths(random: np.random.Generator, born: Ints) -> Ints:
    """Gompertz mortality: the yearly hazard doubles about every eight years of age."""
    age = np.maximum(FIRST_DAY - born, 0) / DAYS_A_YEAR
    hazard = 0.00004 * np.exp(0.094 * age) + 0.0001
    years = random.exponential(1.0, len(born)) / hazard
    day = np.maximum(born, FIRST_DAY) + (np.minimum(years, 1000) * DAYS_A_YEAR).astype(np.int64)
    return np.where(day <= LAST_DAY, day, NEVER)


def _addresses(random: np.random.Generator, count: int) -> NDArray[np.str_]:
    numbers = random.integers(1, 180, count).astype(np.str_)
    streets = np.char.add(
        np.char.add(random.choice(names.STREETS, count), " "), random.choice(names.STREET_KINDS, count)
    )
    return np.char.add(np.char.add(numbers, " "), streets)


def _postcodes(random: np.random.Generator, count: int) -> NDArray[np.str_]:
    letters = np.array(list(names.INWARD_LETTERS))
    inward = np.char.add(random.integers(1, 10, count).astype(np.str_), random.choice(letters, count))
    inward = np.char.add(inward, random.choice(letters, count))
    return np.char.add(np.char.add(random.choice(names.DISTRICTS, count), " "), inward)
