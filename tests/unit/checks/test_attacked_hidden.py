"""Treated tables that once went through though a reader with arithmetic undoes the treatment.

Each is the smallest one; its figures are worked out beside it.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.finding import Verdict, Weight
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import Columns, cell_at, judged, rules_in

KEY = b"a secret of sixteen"
KNOWN = Appetite(empty_cells="known")
Counts = Sequence[tuple[str, str, int]]
GRID = {"rows": ["r"], "columns": ["c"]}


def _columns(counts: Counts) -> dict[str, list[Any]]:
    return {
        "r": [row for row, _, count in counts for _ in range(count)],
        "c": [column for _, column, count in counts for _ in range(count)],
    }


def _hidden(*cells: tuple[str, str]) -> list[dict[str, list[str]]]:
    return [{"row": [row], "column": [column]} for row, column in cells]


def _figures(answer: Answer, row: str, column: str) -> list[tuple[Any, Any]]:
    found = cell_at(answer, (row,), (column,)).findings
    return [(one.figures["least"], one.figures["most"]) for one in found if one.rule == "linked_cells"]


SMALL = _columns([("a", "p", 3), ("a", "q", 30), ("b", "p", 30), ("b", "q", 30)])


def test_a_hidden_sum_of_nothing_is_found_all_the_same() -> None:
    """Three persons with 0: the row's total 115 less the 115 beside it leaves 0, and each of the three has it."""
    columns: Columns = {**SMALL, "x": [0.0] * 3 + [float(one % 7 + 1) for one in range(90)]}
    spec = {**GRID, "statistic": "sum", "measure": "x", "margins": True, "suppressed": _hidden(("a", "p"))}
    answer = judged(columns, spec)
    assert (0.0, 0.0) in _figures(answer, "a", "p")
    assert rules_in(answer) == {"linked_cells"}


@pytest.mark.parametrize("normalize", ["row", "column", "all"])
def test_a_hidden_share_is_what_the_others_leave_of_one(normalize: str) -> None:
    """One of the shares of a row is hidden: 30 / 33 beside it leaves 3 / 33, without any total shown."""
    answer = judged(SMALL, {**GRID, "normalize": normalize, "suppressed": _hidden(("a", "p"))})
    assert _figures(answer, "a", "p") == [(3, 3)]


def test_a_hidden_share_is_open_where_two_are() -> None:
    """Of 25 + 3 in row a and 25 + 30 in row b each is hidden: a's are 0 to 28, wide enough."""
    columns = _columns(
        [
            (r, c, n)
            for r, c, n in (
                ("a", "p", 3),
                ("a", "q", 25),
                ("a", "s", 30),
                ("b", "p", 20),
                ("b", "q", 25),
                ("b", "s", 30),
            )
        ]
    )
    spec = {**GRID, "normalize": "row", "suppressed": _hidden(("a", "p"), ("a", "q"))}
    assert judged(columns, spec).verdict is Verdict.SAFE


def test_nobody_has_two_sexes_however_many_diagnoses() -> None:
    """50 persons have d3, 47 of them men: the hidden women are 3, though persons stand in several columns."""
    persons = [("M", "d1", 47), ("M", "d3", 47), ("F", "d1", 60), ("F", "d3", 3)]
    columns: Columns = {
        "who": [f"{sex}{number}" for sex, _, count in persons for number in range(count)],
        "r": [sex for sex, _, count in persons for _ in range(count)],
        "c": [diagnosis for _, diagnosis, count in persons for _ in range(count)],
    }
    spec = {**GRID, "statistic": "persons", "margins": True, "suppressed": _hidden(("F", "d3"))}
    assert _figures(judged(columns, spec), "F", "d3") == [(3, 3)]


@pytest.mark.parametrize("statistic", ["sum", "mean"])
def test_what_hidden_cells_add_up_to_is_shown_as_well(statistic: str) -> None:
    """3 and 2 persons are hidden in row a and covered in row b: the total of a less the 30 shown is a sum of 5 persons."""
    columns: dict[str, Any] = _columns(
        [("a", "p", 3), ("a", "q", 2), ("a", "s", 30), ("b", "p", 30), ("b", "q", 30), ("b", "s", 30)]
    )
    columns["x"] = [float(one % 7 + 20) for one in range(125)]
    cells = _hidden(("a", "p"), ("a", "q"), ("b", "p"), ("b", "q"))
    answer = judged(columns, {**GRID, "statistic": statistic, "measure": "x", "margins": True, "suppressed": cells})
    assert [_figures(answer, "a", one) for one in "pq"] == [[(0, 5)], [(0, 5)]]
    assert rules_in(answer) == {"linked_cells"}


def test_many_records_of_few_persons_hide_nobody() -> None:
    """3 persons with 100 records each, hidden beside 20 of one record each: 300 of 320 are theirs at least, give or take 20.

    Ten persons with 100 records each would be 1,000 records: so wide it must be.
    """
    columns: dict[str, Any] = _columns(
        [("a", "p", 300), ("a", "q", 20), ("a", "s", 30), ("b", "p", 20), ("b", "q", 20), ("b", "s", 30)]
    )
    columns["who"] = [one % 3 if one < 300 else one for one in range(420)]
    cells = _hidden(("a", "p"), ("a", "q"), ("b", "p"), ("b", "q"))
    answer = judged(columns, {**GRID, "margins": True, "suppressed": cells})
    (found,) = cell_at(answer, ("a",), ("p",)).findings
    assert (found.figures["least"], found.figures["most"], found.figures["protection_level"]) == (280, 320, 1000)


def test_sums_of_any_size_are_reckoned_with() -> None:
    """Hidden alone in its row and column, 3 persons' sum is their total less the rest: in billionths or in billions."""
    for unit in (1e-9, 1.0, 1e12):
        columns: Columns = {**SMALL, "x": [unit * (one % 7 + 1) for one in range(93)]}
        spec = {**GRID, "statistic": "sum", "measure": "x", "margins": True, "suppressed": _hidden(("a", "p"))}
        answer = judged(columns, spec)
        assert rules_in(answer) == {"linked_cells"}
        assert _figures(answer, "a", "p")[0] == pytest.approx((6 * unit, 6 * unit))


def test_a_rounded_nobody_is_nobody_where_everybody_else_is_rounded_up() -> None:
    """To the middle of each six 1 to 6 are 3 and only 0 is 0; to base 5 a 0 may be 2."""
    columns = _columns([("a", "p", 20), ("a", "q", 20), ("b", "p", 20), ("b", "s", 20), ("a", "s", 20)])
    for how, rules in (("midpoint 6", ["class_disclosure", "empty_cells"]), ("base 5", ["class_disclosure"])):
        assert sorted(rules_in(judged(columns, {**GRID, "rounding": how}))) == rules


def test_records_that_are_as_many_as_the_persons_by_chance_are_no_persons() -> None:
    """Three persons have 4 values each, 9 have none: 12 values, 12 persons, and 3 behind the figure."""
    columns: Columns = {
        "who": [one // 4 for one in range(12)] + list(range(100, 109)),
        "x": [1.0] * 12 + [None] * 9,
    }
    answer = judged(columns, {"measure": "x", "rounding": "base 10"})
    assert rules_in(answer) == {"threshold"}


def test_records_are_rounded_as_records() -> None:
    """30 persons with 3 records each: 90, not 30."""
    columns: Columns = {"who": [one // 3 for one in range(90)]}
    assert cell_at(judged(columns, {"rounding": "base 10"}), margin="").cell.value == 90


@pytest.mark.parametrize(("noise", "verdict"), [(1, Verdict.REVIEW), (4, Verdict.REVIEW), (5, Verdict.SAFE)])
def test_a_little_noise_leaves_the_small_small(noise: int, verdict: Verdict) -> None:
    """One person in a. Moved by 1 at most a 2 may be shown: 1 to 3 persons, surely few. By 4: a 5, for 1 to 9; by 5: a 6, for 1 to 11."""
    columns: Columns = {"r": ["a"] + ["b"] * 30 + ["c"] * 30}
    answer = judged(columns, {"rows": ["r"], "noise": noise}, key=KEY)
    assert answer.verdict is verdict


def test_noise_is_made_here_and_never_taken_for_made() -> None:
    """4 persons in a. A specification that says they were moved does not move them; with the key the engine does, the same each time."""
    columns: Columns = {"r": ["a"] * 4 + ["b"] * 300 + ["c"] * 300}
    spec = {"rows": ["r"], "noise": 5}
    claimed = judged(columns, spec)
    assert claimed.verdict is Verdict.REVIEW
    assert rules_in(claimed, weight=Weight.REVIEW) == {"unseen_noise"}
    tables = [judged(columns, spec, key=key) for key in (KEY, KEY, *(bytes([one]) * 16 for one in range(20)))]
    shown = [[float(one.cell.value or 0) for one in table.cells] for table in tables]
    assert shown[0] == shown[1]
    assert len({tuple(one) for one in shown}) > 10, "another key, other noise"
    for place, count in enumerate((4, 300, 300)):
        assert all(abs(values[place] - count) <= 5 for values in shown)
    with pytest.raises(CannotJudge, match="noise"):
        judged(columns, {**spec, "noise": 1000})


def test_hiding_what_is_left_to_a_person_does_not_settle_it() -> None:
    """A rounded 5 stands for 3 to 7. Hidden beside its total, which is rebuilt from it, it is a 5 again."""
    columns = _columns([("a", "p", 4), ("a", "q", 30), ("b", "p", 30), ("b", "q", 30)])
    spec = {**GRID, "rounding": "base 5", "margins": True}
    assert judged(columns, spec).verdict is Verdict.REVIEW
    assert judged(columns, {**spec, "suppressed": _hidden(("a", "p"))}).verdict is Verdict.REVIEW


def test_shares_of_persons_add_up_to_one_though_persons_do_not_add_up() -> None:
    """In row a 40 persons are in q, 3 of them in p as well: the shares are of 43.

    Where p is hidden in both rows, 1 less 40 / 43 is left: 3."""
    persons = [("a", "q", 0, 40), ("a", "p", 0, 3), ("b", "q", 40, 70), ("b", "p", 60, 90)]
    columns: Columns = {
        "who": [who for _, _, first, last in persons for who in range(first, last)],
        "r": [row for row, _, first, last in persons for _ in range(first, last)],
        "c": [column for _, column, first, last in persons for _ in range(first, last)],
    }
    spec = {
        **GRID,
        "statistic": "persons",
        "normalize": "row",
        "margins": True,
        "suppressed": _hidden(("a", "p"), ("b", "p")),
    }
    assert _figures(judged(columns, spec, appetite=KNOWN), "a", "p") == [(3, 3)]
