"""Owns drawing from the tables by age, sex and season, many at once. Must never use a random source but the one it is given."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tre.data.engine.made.codes import ALL, FEMALE_ONLY, Frequency

Ints = NDArray[np.int64]

AGES = 5
_STRATA = AGES * 2 * 2  # age group, sex, winter or not
DAYS_A_YEAR = 365.25
_AGE_STARTS = np.array([18, 45, 65, 80])
_WINTER_MONTHS = np.array([True, True, False, False, False, False, False, False, False, False, True, True])


def age_group(days_old: Ints) -> Ints:
    """Return 0 to 4 for ages 0–17, 18–44, 45–64, 65–79, 80 and over."""
    return np.searchsorted(_AGE_STARTS, days_old / DAYS_A_YEAR, side="right").astype(np.int64)


def is_winter(days: Ints) -> NDArray[np.bool_]:
    """Say of each day (days since 1970) whether it lies in November to February."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    winter: NDArray[np.bool_] = _WINTER_MONTHS[months]
    return winter


class Choice:
    """One table of frequencies, ready to be drawn from."""

    def __init__(self, table: Sequence[Frequency]) -> None:
        heights = np.empty((_STRATA, len(table)))
        for stratum in range(_STRATA):
            group, rest = divmod(stratum, 4)
            sex, winter = divmod(rest, 2)
            heights[stratum] = [_weight(one, group, sex=sex, winter=winter) for one in table]
        shares = np.cumsum(heights, axis=1) / heights.sum(axis=1, keepdims=True)
        shares[:, -1] = 1.0
        self._width = len(table)
        self._steps = (shares + np.arange(_STRATA)[:, None]).ravel()

    def draw(self, random: np.random.Generator, *, group: Ints, is_male: NDArray[np.bool_], day: Ints) -> Ints:
        """Return one index into the table for each row."""
        stratum = group * 4 + is_male * 2 + is_winter(day)
        place = np.searchsorted(self._steps, stratum + random.random(len(stratum)), side="right")
        drawn: Ints = np.minimum(place - stratum * self._width, self._width - 1).astype(np.int64)
        return drawn


def _weight(one: Frequency, group: int, *, sex: int, winter: int) -> float:
    wanted = ALL if one.sex == ALL else int(one.sex != FEMALE_ONLY)
    if wanted not in (ALL, sex):
        return 0.0
    return one.weights[group] * (one.winter if winter else 1.0)
