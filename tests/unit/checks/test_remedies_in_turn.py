"""One table treated in two ways and released twice: what both together leave open, against a reader who tries all counts."""

from typing import Any

import pytest

from tests.factories.records import judged, rules_in

THRESHOLD = 10
HIDDEN: dict[str, Any] = {
    "rows": ["r"],
    "margins": True,
    "suppressed": [{"row": ["r0"], "column": []}, {"row": ["r1"], "column": []}],
}
CASES = [(9, 15), (2, 22), (4, 11), (8, 13), (12, 14), (3, 40), (40, 50), (12, 55), (6, 6), (1, 24)]


def _is_small(options: set[int]) -> bool:
    return all(1 <= one < THRESHOLD for one in options)


def _become_small(counts: tuple[int, int], base: int) -> bool:
    """Whether a cell is surely of 1 to 9 persons by both tables together, and more is known of it than by the rounded one alone.

    The reader knows r0 + r1 from the total and r2, and of each what rounds to the same multiple (halves go up).
    """
    alone = [{n for n in range(200) if (n + base // 2) // base == (count + base // 2) // base} for count in counts]
    first = {n for n in alone[0] if sum(counts) - n in alone[1]}
    joint = [first, {sum(counts) - n for n in first}]
    return any(_is_small(both) and both != one for both, one in zip(joint, alone, strict=True))


@pytest.mark.parametrize("base", [5, 6, 10])
@pytest.mark.parametrize("counts", CASES)
@pytest.mark.parametrize("is_hidden_first", [True, False])
def test_hidden_and_rounded_in_turn_are_judged_as_by_a_reader_who_tries_all_counts(
    counts: tuple[int, int], base: int, *, is_hidden_first: bool
) -> None:
    """9 and 15 with 30 beside: 54 - 30 = 24 is told; rounded to base 6 they are 9 to 14 and 15 to 20: so 9 and 15 exactly."""
    levels = zip(("r0", "r1", "r2"), (*counts, 30), strict=True)
    data = {"r": [level for level, count in levels for _ in range(count)]}
    rounded = {"rows": ["r"], "margins": True, "rounding": f"base {base}"}
    first, second = (HIDDEN, rounded) if is_hidden_first else (rounded, HIDDEN)
    answer = judged(data, second, earlier=[judged(data, first).as_json()])
    assert ("differencing" in rules_in(answer)) is _become_small(counts, base)


def test_the_cases_are_of_both_kinds() -> None:
    found = [_become_small(counts, base) for counts in CASES for base in (5, 6, 10)]
    assert any(found)
    assert not all(found)
