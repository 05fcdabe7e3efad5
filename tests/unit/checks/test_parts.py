"""How the sums per person are taken apart to fit into the memory changes nothing of the evidence."""

import random
from typing import Any

import numpy as np
import pytest

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.evidence import contributions, parts, slices
from output_checking.domain.checks.evidence.folding import Amount, sum_per_person
from output_checking.domain.checks.evidence.slices import Records, how_many, join, spread, take_apart
from tests.factories.records import judged

SPEC = {"rows": ["r"], "columns": ["c"], "statistic": "sum", "measure": "x", "margins": True}


def _answer(*, busiest: int = 0, weighted: bool = False) -> Answer:
    """The answer on 600 records of 50 persons, and some more of one of them; some without a value."""
    chance = random.Random(7)
    persons = [chance.randrange(50) for _ in range(600)] + [3] * busiest
    columns: dict[str, list[Any]] = {
        "who": [f"P{one}" for one in persons],
        "r": [chance.choice("abcd") for _ in persons],
        "c": [chance.choice("uvw") for _ in persons],
        "x": [chance.choice([None, 0.0, float(chance.randrange(-20, 90))]) for _ in persons],
        "w": [float(chance.randrange(1, 4)) for _ in persons],
    }
    return judged(columns, SPEC | ({"weight": "w"} if weighted else {}))


@pytest.mark.parametrize("part", [1, 7, 64, 599])
@pytest.mark.parametrize("weighted", [False, True])
def test_any_number_of_parts_gives_the_same_evidence(
    monkeypatch: pytest.MonkeyPatch, part: int, weighted: bool
) -> None:
    whole = _answer(weighted=weighted)
    monkeypatch.setattr(parts, "PART", part)
    assert _answer(weighted=weighted).cells == whole.cells


@pytest.mark.parametrize("most", [3, 7, 64])
@pytest.mark.parametrize("read", [10, 50, 1_000])
def test_any_number_of_reads_and_slices_gives_the_same_evidence(
    monkeypatch: pytest.MonkeyPatch, most: int, read: int
) -> None:
    whole = _answer()
    monkeypatch.setattr(parts, "how_many", lambda records, **_: how_many(records, most=most))
    monkeypatch.setattr(parts, "READ", read)
    monkeypatch.setattr(slices, "PIECE", 40)
    assert _answer().cells == whole.cells


def test_each_person_is_wholly_in_one_slice() -> None:
    persons = spread(np.arange(5_000) % 1_000)
    amounts = {"x": Amount(sums=np.arange(5_000.0), held=np.arange(5_000) % 3 > 0)}
    given = Records(persons=persons, cells=np.arange(5_000, dtype=np.int32), amounts=amounts)
    found = [join(one) for one in take_apart(given, how_many(5_000, most=300))]
    assert len(found) == 32
    assert sum(len(set(one.persons.tolist())) for one in found) == 1_000
    records = [
        (one.persons[at], one.cells[at], one.amounts["x"].sums[at], held[at])
        for one in found
        if (held := one.amounts["x"].held) is not None
        for at in range(len(one.cells))
    ]
    assert sorted(records, key=lambda one: one[1]) == list(
        zip(persons, range(5_000), range(5_000), np.arange(5_000) % 3 > 0, strict=True)
    )


def test_persons_who_differ_in_the_highest_digit_alone_are_told_apart() -> None:
    persons = np.array([7, 7 + (1 << 48), 7, 7 + (1 << 48), 7], dtype=np.uint64)
    found = sum_per_person(
        persons, np.zeros(5, dtype=np.int32), {"x": Amount(sums=np.array([1.0, 10.0, 2.0, 20.0, 4.0]))}
    )
    assert found.amounts["x"].sums.tolist() == [7.0, 30.0]


def test_a_part_that_one_person_makes_too_large_is_summed_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 of the 1,600 records are one person's: of that part the database hands over at most 12 sums for each person."""
    whole, read = _answer(busiest=1_000), list[int]()
    monkeypatch.setattr(parts, "PART", 100)

    def noted(persons: Any, cells: Any, amounts: Any) -> Any:
        read.append(len(persons))
        return sum_per_person(persons, cells, amounts)

    monkeypatch.setattr(contributions, "sum_per_person", noted)
    assert _answer(busiest=1_000).cells == whole.cells
    assert len(read) == 16
    assert max(read) < 300


def test_every_kind_of_total_is_made_from_the_same_sums() -> None:
    """By hand: person 1 adds 3 − 3 to row a (zero), 3 + 4 to column u; person 2 adds −5 to (a, u)."""
    columns: dict[str, list[Any]] = {
        "who": [1, 1, 1, 2],
        "r": ["a", "a", "b", "a"],
        "c": ["u", "v", "u", "u"],
        "x": [3.0, -3.0, 4.0, -5.0],
    }
    cells = {(one.cell.row, one.cell.column): one.cell.measure for one in judged(columns, SPEC).cells}
    found = {
        place: (one.holders, one.total, one.absolute, one.largest[:2], one.zeros, one.negatives)
        for place, one in cells.items()
        if one
    }
    assert found == {
        (("a",), ("u",)): (2, -2.0, 8.0, (5.0, 3.0), 0, 1),
        (("a",), ("v",)): (1, -3.0, 3.0, (3.0, 0.0), 0, 1),
        (("b",), ("u",)): (1, 4.0, 4.0, (4.0, 0.0), 0, 0),
        (("a",), ()): (2, -5.0, 5.0, (5.0, 0.0), 1, 1),
        (("b",), ()): (1, 4.0, 4.0, (4.0, 0.0), 0, 0),
        ((), ("u",)): (2, 2.0, 12.0, (7.0, 5.0), 0, 1),
        ((), ("v",)): (1, -3.0, 3.0, (3.0, 0.0), 0, 1),
        ((), ()): (2, -1.0, 9.0, (5.0, 4.0), 0, 1),
    }
