"""Owns what happens to the made persons: registrations, stays, diagnoses, prescriptions, deaths.

Rates follow age, season follows the tables in `codes`; nothing happens before birth or after death.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tre.data.engine.made.chance import Choice, Ints, age_group
from tre.data.engine.made.codes import CHAPTERS, DEATHS, DIAGNOSES, DRUGS, ELECTIVE
from tre.data.engine.made.people import DAYS, FIRST_DAY, LAST_DAY, NEVER, People

Columns = dict[str, Any]

_STAYS = np.array([0.5, 0.8, 1.2, 2.6, 4.6])  # mean in the five years, by age group
_SUPPLIES = np.array([3.0, 8.0, 17.0, 31.0, 40.0])
_OTHER_DIAGNOSES = np.array([0.5, 1.0, 2.0, 3.0, 3.8])
_MOST_POSITIONS = 12
_MOVES = 0.3
_LENGTHS = np.array([7, 28, 28, 56])

_DIAGNOSIS, _DRUG, _CAUSE = Choice(DIAGNOSES), Choice([one for _, _, one in DRUGS]), Choice(DEATHS)
_ICD10 = np.array([one.code for one in DIAGNOSES])
_CHAPTER = np.array([CHAPTERS[one.code[0]] for one in DIAGNOSES])
_SPECIALTY = np.array([one.specialty for one in DIAGNOSES])
_METHOD = np.array(["elective" if one.code in ELECTIVE else "emergency" for one in DIAGNOSES])
_BNF, _SUBSTANCE = np.array([one for one, _, _ in DRUGS]), np.array([one for _, one, _ in DRUGS])
_CAUSES = np.array([one.code for one in DEATHS])


def registrations(random: np.random.Generator, people: People) -> Columns:
    """Everybody has a practice; some move to another within the years."""
    first = np.maximum(people.born, FIRST_DAY - random.integers(0, 4000, len(people)))
    moved = random.integers(FIRST_DAY, LAST_DAY, len(people))
    moves = (random.random(len(people)) < _MOVES) & (moved > first) & (moved < people.died)
    end = np.where(moves, moved, people.died)
    who = np.concatenate([np.arange(len(people)), np.flatnonzero(moves)])
    since = np.concatenate([first, moved[moves]])
    until = np.concatenate([end, people.died[moves]])
    practice = np.concatenate([people.practice, (people.practice[moves] + 7) % 120])
    return {
        "nhs_number": people.nhs_number[who],
        "practice_code": np.char.add("B", np.char.zfill((practice + 82001).astype(np.str_), 5)),
        "registered_on": since.astype("datetime64[D]"),
        "left_on": _or_nothing(until),
    }


def stays(random: np.random.Generator, people: People, *, first_number: int) -> tuple[Columns, Columns]:
    """Return the columns of admissions and of their diagnoses; stays are numbered from `first_number`."""
    who, day, group = _happen(random, people, _STAYS)
    number = first_number + np.arange(len(who))
    main = _DIAGNOSIS.draw(random, group=group, is_male=people.is_male[who], day=day)
    nights = np.minimum(random.geometric(1 / (1.5 + group), len(who)) - 1, 120)
    admissions = {
        "nhs_number": people.nhs_number[who],
        "admission_number": number,
        "admitted_on": day.astype("datetime64[D]"),
        "nights": nights,
        "method": _METHOD[main],
        "specialty": _SPECIALTY[main],
    }
    extra = np.minimum(random.poisson(_OTHER_DIAGNOSES[group]), _MOST_POSITIONS - 1)
    stay = np.repeat(np.arange(len(who)), extra + 1)
    position = np.arange(len(stay)) - np.repeat(np.cumsum(extra + 1) - (extra + 1), extra + 1) + 1
    other = _DIAGNOSIS.draw(random, group=group[stay], is_male=people.is_male[who[stay]], day=day[stay])
    code = np.where(position == 1, main[stay], other)
    diagnoses = {
        "nhs_number": people.nhs_number[who[stay]],
        "admission_number": number[stay],
        "position": position,
        "diagnosed_on": day[stay].astype("datetime64[D]"),
        "icd10": _ICD10[code],
        "chapter": _CHAPTER[code],
    }
    return admissions, diagnoses


def prescriptions(random: np.random.Generator, people: People) -> Columns:
    """Return the columns of prescriptions."""
    who, day, group = _happen(random, people, _SUPPLIES)
    drug = _DRUG.draw(random, group=group, is_male=people.is_male[who], day=day)
    return {
        "nhs_number": people.nhs_number[who],
        "issued_on": day.astype("datetime64[D]"),
        "bnf_code": _BNF[drug],
        "drug": _SUBSTANCE[drug],
        "days": random.choice(_LENGTHS, len(who)),
    }


def deaths(random: np.random.Generator, people: People) -> Columns:
    """Return the columns of deaths."""
    who = np.flatnonzero(people.died != NEVER)
    day = people.died[who]
    cause = _CAUSE.draw(random, group=age_group(day - people.born[who]), is_male=people.is_male[who], day=day)
    return {
        "nhs_number": people.nhs_number[who],
        "died_on": day.astype("datetime64[D]"),
        "cause_icd10": _CAUSES[cause],
    }


def _happen(random: np.random.Generator, people: People, means: NDArray[np.float64]) -> tuple[Ints, Ints, Ints]:
    """Return (person, day, age group) of happenings whose number follows age, in order of the day."""
    middle = (FIRST_DAY + LAST_DAY) // 2
    count = random.poisson(means[age_group(np.maximum(middle - people.born, 0))])
    who = np.repeat(np.arange(len(people)), count)
    day = FIRST_DAY + random.integers(0, DAYS, len(who))
    alive = (day >= people.born[who]) & (day <= people.died[who])
    who, day = who[alive], day[alive]
    order = np.argsort(day, kind="stable")
    who, day = who[order], day[order]
    return who, day, age_group(day - people.born[who])


def _or_nothing(day: Ints) -> NDArray[np.datetime64]:
    dates: NDArray[np.datetime64] = day.astype("datetime64[D]")
    dates[day > LAST_DAY] = np.datetime64("NaT")
    return dates
