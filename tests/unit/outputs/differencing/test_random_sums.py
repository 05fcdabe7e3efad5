"""What two released sums differ by: random nested tables of records, and a brute force over persons that decides."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.finding import Finding, Verdict
from tests.factories.records import Columns, judged

APPETITE = Appetite(threshold=4, empty_cells="known", class_share=1.0)
LEVELS: Mapping[str, tuple[Any, ...]] = {"region": ("N", "S", "E"), "sex": ("F", "M"), "year": (2019, 2020, 2021, 2022)}
PLACES = list(product(*LEVELS.values()))
Flags = NDArray[np.bool_]


def _records(chance: np.random.Generator) -> Columns:
    """40 to 400 persons with one to three records each, few of the first years; few have very much."""
    count = int(chance.integers(40, 400))
    persons = np.repeat(np.arange(count), chance.integers(1, 4, count))
    large = chance.random(len(persons)) < float(chance.choice([0.0, 0.02, 0.05]))
    years = chance.choice(LEVELS["year"][2:], len(persons))
    few = chance.integers(0, len(persons), int(chance.integers(1, 12)))
    years[few] = chance.choice(LEVELS["year"][:2], len(few))  # as where a study began with some
    return {
        "who": persons.tolist(),
        "region": chance.choice(LEVELS["region"], count)[persons].tolist(),
        "sex": chance.choice(LEVELS["sex"], count)[persons].tolist(),
        "year": years.tolist(),
        "x": (np.round(chance.lognormal(3, 0.5, len(persons))) * np.where(large, 200, 1)).tolist(),
    }


def _spec(chance: np.random.Generator, statistic: str) -> dict[str, Any]:
    split = [str(one) for one in chance.permutation(["region", "sex"])[: int(chance.integers(0, 3))]]
    texts = [
        *([f"year >= {chance.integers(2020, 2023)}"] if chance.random() < 0.7 else []),
        *(
            [f"region != '{chance.choice(LEVELS['region'])}'"]
            if chance.random() < 0.3 and "region" not in split
            else []
        ),
    ]
    measure = {} if statistic == "count" else {"measure": "x"}
    spec = {"rows": split[:1], "columns": split[1:], "statistic": statistic, "margins": True, **measure}
    return spec | ({"filter": " and ".join(texts)} if texts else {})


def _inside(spec: Mapping[str, Any]) -> Flags:
    """Which places (region, sex, year) the filter leaves."""
    inside = np.ones(len(PLACES), dtype=bool)
    for part in spec.get("filter", "").split(" and ") if spec.get("filter") else []:
        name, sign, value = part.split(" ")
        at = list(LEVELS).index(name)
        inside &= [one[at] >= int(value) if sign == ">=" else one[at] != value.strip("'") for one in PLACES]
    return inside


def _cells(spec: Mapping[str, Any], answer: Answer) -> Iterator[Flags]:
    """Of each cell that is shown, which places it is made of."""
    for one in answer.cells:
        held = _inside(spec)
        for names, levels in ((spec["rows"], one.cell.row), (spec["columns"], one.cell.column)):
            for name, level in zip(names, levels, strict=False):
                held = held & [str(place[list(LEVELS).index(name)]) == level for place in PLACES]
        yield held


def _is_unsafe(columns: Columns, held: Flags, *, is_count: bool) -> bool:
    """Whether the sum over these places gives a person away, by the formulas."""
    inside = {place for place, flag in zip(PLACES, held, strict=True) if flag}
    sums: dict[int, float] = {}
    for who, region, sex, year, x in zip(*(columns[one] for one in ("who", *LEVELS, "x")), strict=True):
        if (region, sex, year) in inside:
            sums[who] = sums.get(who, 0.0) + x
    if 0 < len(sums) < APPETITE.threshold:
        return True
    first, second, *rest = sorted([*sums.values(), 0.0, 0.0], reverse=True)
    whole = sum(sums.values())
    return not is_count and whole > 0 and (first + second > 0.9 * whole or sum(rest) < 0.1 * first)


def _gives_away(columns: Columns, new: list[Flags], earlier: list[Flags], *, is_count: bool) -> bool:
    shown = {one.tobytes() for one in earlier}
    return any(
        _is_unsafe(columns, greater & ~lesser, is_count=is_count)
        for mine in new
        if mine.tobytes() not in shown
        for theirs in earlier
        for greater, lesser in ((mine, theirs), (theirs, mine))
        if (lesser <= greater).all() and (lesser < greater).any()
    )


def _of_sums(answer: Answer) -> list[Finding]:
    everything = [*answer.findings, *(one for cell in answer.cells for one in cell.findings)]
    return [one for one in everything if "difference" in one.figures]


@pytest.mark.slow
@pytest.mark.parametrize("statistic", ["sum", "mean", "count"])
def test_no_difference_that_gives_a_person_away_is_missed_and_none_else_is_called_unsafe(statistic: str) -> None:
    outcomes: list[bool] = []
    chance = np.random.default_rng(5)
    while len(outcomes) < 50:
        columns = _records(chance)
        specs = [_spec(chance, statistic) for _ in range(2)]
        alone = [judged(columns, one, appetite=APPETITE) for one in specs]
        if any(one.verdict is not Verdict.SAFE for one in alone):
            continue
        answer = judged(columns, specs[1], appetite=APPETITE, earlier=[alone[0].as_json()])
        theirs, mine = (list(_cells(spec, one)) for spec, one in zip(specs, alone, strict=True))
        is_unsafe = _gives_away(columns, mine, theirs, is_count=statistic == "count")
        outcomes.append(is_unsafe)
        assert not is_unsafe or answer.verdict is Verdict.UNSAFE, (specs, columns)
        assert is_unsafe or not _of_sums(answer), (specs, _of_sums(answer))
    assert 5 <= sum(outcomes) <= 45, "too tame or too wild to tell anything"
