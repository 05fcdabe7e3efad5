"""How the sums per person are taken apart to fit into the memory changes nothing of the evidence."""

import random
from typing import Any

import pytest

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.evidence import contributions
from output_checking.domain.checks.evidence.folding import sum_per_person
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
    monkeypatch.setattr(contributions, "PART", part)
    assert _answer(weighted=weighted).cells == whole.cells


def test_a_part_that_one_person_makes_too_large_is_summed_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 of the 1,600 records are one person's: of that part the database hands over at most 12 sums for each person."""
    whole, read = _answer(busiest=1_000), list[int]()
    monkeypatch.setattr(contributions, "PART", 100)

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
