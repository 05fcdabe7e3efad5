"""Tables of one to four dimensions made from known persons: brute force over those persons says which cells are unsafe."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pytest

from output_checking.domain.checks.appetite import Appetite
from tests.factories.records import judged

T, N, K, P, C = 10, 2, 0.9, 10.0, 0.9
TABLES = 60
Key = tuple[str, ...]
# what happens to one cell of a table: (persons, contributions)
Made = dict[Key, list[tuple[int, float]]]


def _amounts(chance: random.Random, count: int) -> list[float]:
    return [float(chance.randint(20, 200)) for _ in range(count)]


def _cell(chance: random.Random, kind: str) -> list[float]:
    """The contributions of a cell built to be safe, or to break one rule."""
    many = _amounts(chance, chance.randint(25, 60))
    return {
        "safe": many,
        "few": _amounts(chance, chance.randint(1, 9)),
        "edge": _amounts(chance, chance.choice([9, 10, 11])),
        "empty": [],
        "dominated": [*many, sum(many) * chance.uniform(8.0, 20.0)],
        "estimable": [*many, sum(many) * chance.uniform(9.0, 12.0), sum(many) * 2],
        "negative": [*many, -sum(many) * chance.uniform(8.0, 20.0)],
        "large": _amounts(chance, chance.randint(300, 900)),
    }[kind]


def _table(chance: random.Random) -> tuple[Made, list[str]]:
    sizes = [
        chance.randint(2, 3 if dimensions > 2 else 5)
        for dimensions in [chance.randint(1, 4)]
        for _ in range(dimensions)
    ]
    names = [f"d{place}" for place in range(len(sizes))]
    kinds = (
        ["safe"]
        if chance.random() < 0.3
        else ["safe"] * 5 + ["few", "edge", "empty", "dominated", "estimable", "negative", "large"]
    )
    who, made = iter(range(10**9)), Made()
    for levels in product(*([f"l{one}" for one in range(size)] for size in sizes)):
        made[levels] = [(next(who), amount) for amount in _cell(chance, chance.choice(kinds))]
    if chance.random() < 0.5:  # some persons are in two cells
        keys = list(made)
        for _ in range(20):
            source, target = chance.sample(keys, 2)
            if made[source]:
                made[target].append((made[source][0][0], 50.0))
    return made, names


def _records(made: Made, names: Sequence[str]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = defaultdict(list)
    for levels, persons in made.items():
        for who, amount in persons:
            columns["who"].append(who)
            columns["x"].append(amount)
            for name, level in zip(names, levels, strict=True):
                columns[name].append(level)
    return columns


def _persons(made: Made, keys: Sequence[Key]) -> set[int]:
    return {who for key in keys for who, _ in made[key]}


def _lines(made: Made, key: Key, rows: int) -> Iterator[list[Key]]:
    """The row, the column, and the line along each dimension through a cell."""
    yield [one for one in made if one[:rows] == key[:rows]]
    yield [one for one in made if one[rows:] == key[rows:]]
    for place in range(len(key)):
        yield [one for one in made if one[:place] + one[place + 1 :] == key[:place] + key[place + 1 :]]


def _is_unsafe(made: Made, key: Key, *, rows: int, statistic: str) -> bool:
    here = _persons(made, [key])
    if len(here) < T:
        return True
    for line in _lines(made, key, rows):
        everybody = _persons(made, line)
        outside = len(everybody) - len(here)
        if len(line) > 1 and (
            outside == 0 or (statistic == "persons" and outside < T and len(here) / len(everybody) >= C)
        ):
            return True
    if statistic == "persons":
        return False
    sums: Mapping[int, float] = defaultdict(float)
    for who, amount in made[key]:
        sums[who] += amount  # type: ignore[index]
    ordered = sorted(map(abs, sums.values()), reverse=True)
    return sum(ordered[:N]) > K * sum(ordered) or sum(ordered[2:]) < P / 100 * ordered[0]


@pytest.mark.parametrize("statistic", ["persons", "sum"])
def test_every_unsafe_cell_is_flagged_and_hardly_another(statistic: str) -> None:
    chance = random.Random(f"constructed {statistic}")
    flagged, right, truly = 0, 0, 0
    for _ in range(TABLES):
        made, names = _table(chance)
        if not any(made.values()):
            continue
        rows = chance.randint(1, len(names))
        spec = {
            "rows": names[:rows],
            "columns": names[rows:],
            "statistic": statistic,
            **({"measure": "x"} if statistic == "sum" else {}),
        }
        answer = judged(_records(made, names), spec, appetite=Appetite())
        seen = {one.cell.row + one.cell.column for one in answer.cells if one.is_unsafe}
        # a level without anybody is not in the data, so it has no cells in the output either
        there = {one.cell.row + one.cell.column for one in answer.cells}
        unsafe = {
            key
            for key in made
            if key in there and _is_unsafe({one: made[one] for one in there}, key, rows=rows, statistic=statistic)
        }
        assert unsafe <= seen, (statistic, unsafe - seen)
        flagged, right, truly = flagged + len(seen), right + len(seen & unsafe), truly + len(unsafe)
        assert answer.verdict == ("unsafe" if unsafe else "safe")
    assert truly > 150
    assert right / flagged >= 0.95
