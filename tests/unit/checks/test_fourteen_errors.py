"""The fourteen ways in which acro 1.0.2 was found to err, each with the formula that gives the right verdict.

The records stand in `tests/comparison/cases.py`, so that the page in docs/ sets acro's answers beside the same ones. Here is a
test of each error with further variants of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.checks.finding import Weight
from output_checking.domain.names import require_names
from tests.comparison.cases import CASES, EVEN, ONE_LARGE, Case
from tests.comparison.page import ask_engine
from tests.factories.records import cell_at, judged, rules_in
from tre.kernel.errors import Invalid


@pytest.mark.parametrize("case", [pytest.param(one, id=f"{one.error} {one.name}") for one in CASES])
def test_each_output_gets_the_verdict_of_its_formula(case: Case) -> None:
    """The formula of each stands beside it in the case (`why`)."""
    assert ask_engine(case) == case.right


def _rows(first: Sequence[float | None], second: Sequence[float | None]) -> dict[str, Sequence[object]]:
    return {"r": ["a"] * len(first) + ["b"] * len(second), "x": [*first, *second]}


def test_1_a_function_of_ones_own_is_never_safe() -> None:
    """What `lambda s: s.max()` tells is one person's value, whatever N is: N = 40 gives review, 0 < N = 1 < 10 unsafe."""
    for name in ("<lambda>", "mean_", "Mean", "count distinct"):
        spec = {"rows": ["r"], "statistic": name, "measure": "x"}
        assert judged(_rows(EVEN, EVEN), spec).verdict == "review"
        assert rules_in(judged(_rows(EVEN, [1.0]), spec)) == {"threshold"}


@pytest.mark.parametrize(
    ("statistic", "rule"),
    [("min", "extremes"), ("max", "extremes"), ("std", "dominance"), ("var", "p_percent"), ("sum", "dominance"), ("mean", "p_percent")],
)  # fmt: skip
def test_2_one_dominating_value_is_found_whatever_is_shown(statistic: str, rule: str) -> None:
    """x1 = 100,000, x2 = 140, X = 104,680: (x1 + x2) / X = 95.7 % > 90 %; X − x1 − x2 = 4,540 < 10 % · x1 = 10,000.

    The maximum is x1, held by 1 person; the minimum is held by 1: 0 < 1 < 10.
    """
    answer = judged(_rows([*ONE_LARGE], [*EVEN]), {"rows": ["r"], "statistic": statistic, "measure": "x"})
    assert rule in {one.rule for one in cell_at(answer, ["a"]).findings}


def test_2_a_median_is_not_moved_by_one_large_value_but_needs_persons_on_both_sides() -> None:
    """Of 40 values 20 are on each side of the median: 20 ≥ 10. Of 18, 9 are: 9 < 10. Of 19, 10 are, the middle one on both."""
    spec = {"rows": ["r"], "statistic": "median", "measure": "x"}
    assert judged(_rows([*ONE_LARGE], [*EVEN]), spec).verdict == "safe"
    assert rules_in(judged(_rows([*range(18)], [*EVEN]), spec)) == {"quantiles"}
    assert judged(_rows([*range(19)], [*EVEN]), spec).verdict == "safe"


def _released(data: Mapping[str, Sequence[Any]], *specs: Mapping[str, Any]) -> Answer:
    """The answer on the last of some outputs, given those before it."""
    earlier = [judged(data, one).as_json() for one in specs[:-1]]
    return judged(data, specs[-1], earlier=earlier)


@pytest.mark.parametrize(("missing", "rules"), [(0, set()), (1, {"differencing"}), (9, {"differencing"}), (10, set())])
def test_3_what_two_tables_differ_by_is_a_group_as_well(missing: int, rules: set[str]) -> None:
    """N_A − N_B persons are in the first table alone: 0 tells nothing, 0 < 1 < 10 and 0 < 9 < 10 are unsafe, 10 is not < 10.

    Both tables alone are safe: 60 and 60 − `missing` persons. The same by a count, a mean, and the narrower table first.
    """
    data: dict[str, Sequence[Any]] = {
        "r": ["a"] * 60,
        "x": [*EVEN, *EVEN[:20]],
        "inside": [0] * missing + [1] * (60 - missing),
    }
    tables: tuple[dict[str, Any], ...] = ({"rows": ["r"]}, {"rows": ["r"], "statistic": "mean", "measure": "x"})
    for whole in tables:
        part = {**whole, "filter": "inside = 1"}
        assert rules_in(judged(data, part)) == set()
        assert rules_in(_released(data, whole, part)) == rules
        assert rules_in(_released(data, part, whole)) == rules


def test_3_nor_may_a_sum_over_three_tables_give_a_small_group() -> None:
    """80 in all, less 40 under 40 years, less 38 of 41 and over: 2 of exactly 40. With those of 51 and over: 80 − 40 − 18 = 22 ≥ 10."""
    data = {"age": [20 + place % 40 for place in range(80)]}
    earlier: tuple[dict[str, Any], ...] = ({}, {"filter": "age < 40"})
    assert rules_in(_released(data, *earlier, {"filter": "age >= 41"})) == {"differencing"}
    assert _released(data, *earlier, {"filter": "age >= 51"}).verdict == "safe"


def test_4_what_was_hidden_is_not_told_by_a_total() -> None:
    """Row a: 31 of c, 3 of d hidden, 12 of e: its total of 46 gives 46 − 31 − 12 = 3. With e hidden too 46 − 31 = 15 ≥ 10 in both.

    The same in one table with margins, where the column's total tells as well: 23 − 20 = 3 of d.
    """
    data = {"r": ["a"] * 46 + ["b"] * 60, "c": ["c"] * 31 + ["d"] * 3 + ["e"] * 12 + ["c", "d", "e"] * 20}

    def hidden(*cells: str) -> dict[str, Any]:
        told = [{"row": [one[0]], "column": [one[1]]} for one in cells]
        return {"rows": ["r"], "columns": ["c"], "suppressed": told}

    assert rules_in(_released(data, hidden("ad"), {"rows": ["r"]})) == {"differencing"}
    assert _released(data, hidden("ad", "ae"), {"rows": ["r"]}).verdict == "safe"
    assert rules_in(_released(data, hidden("ad", "ae"), {"columns": ["c"]})) == {"differencing"}
    for cells in (["ad"], ["ad", "ae"], ["ad", "bd"]):
        assert rules_in(judged(data, {**hidden(*cells), "margins": True})) == {"linked_cells"}


def test_5_persons_are_counted_not_records() -> None:
    """12 persons with 5 records each: N = 12 ≥ 10, safe. 9 persons with 60 records in all: 0 < 9 < 10, unsafe.

    Contributions are summed per person first: ten persons with 1 each and one with 100 records of 1 each make
    x1 = 100, x2 = 1, X = 110: (100 + 1) / 110 = 91.8 % > 90 %.
    """
    spec = {"rows": ["r"]}
    assert judged({"who": [*range(12)] * 5, "r": ["a"] * 60}, spec).verdict == "safe"
    assert rules_in(judged({"who": [one % 9 for one in range(60)], "r": ["a"] * 60}, spec)) == {"threshold"}
    summed = {"who": [*range(10), *[99] * 100], "r": ["a"] * 110, "x": [1.0] * 109 + [1.01]}
    answer = judged(summed, {"rows": ["r"], "statistic": "sum", "measure": "x"})
    assert {"dominance", "p_percent"} <= rules_in(answer)


def test_6_a_negative_value_leaves_the_rules_in_force_and_the_dominated_cell_is_the_one_marked() -> None:
    """Cell a: 95.7 % > 90 %, marked. Cell b: 40 even values and −5: not. A cell of −100,000 and 39 even values: 95.7 % too."""
    spec = {"rows": ["r"], "statistic": "sum", "measure": "x"}
    answer = judged(_rows([*ONE_LARGE], [-5.0, *EVEN]), spec)
    assert cell_at(answer, ["a"]).is_unsafe
    assert not cell_at(answer, ["b"]).is_unsafe
    assert {"dominance", "p_percent"} <= rules_in(judged(_rows([*EVEN[:39], -100_000.0], [*EVEN]), spec))


def test_7_both_ends_of_a_class_are_marked_and_emptiness_is_a_setting() -> None:
    """Row a: 50 of 50 are in (a, yes), 0 in (a, no): 100 % and 0 %. Row b: 95 of 100, 5 < 10 outside: near; 950 of 1,000: not."""
    data = {"r": ["a"] * 50 + ["b"] * 100, "c": ["yes"] * 50 + ["yes"] * 95 + ["no"] * 5}
    answer = judged(data, {"rows": ["r"], "columns": ["c"]})
    assert {one.rule for one in cell_at(answer, ["a"], ["yes"]).findings} == {"class_disclosure"}
    assert {one.rule for one in cell_at(answer, ["a"], ["no"]).findings} == {"empty_cells"}
    assert {one.rule for one in cell_at(answer, ["b"], ["yes"]).findings} == {"class_disclosure"}
    known = judged(data, {"rows": ["r"], "columns": ["c"]}, appetite=Appetite(empty_cells="known"))
    assert not cell_at(known, ["a"], ["no"]).findings
    assert cell_at(known, ["a"], ["yes"]).is_unsafe
    wide = {"r": ["b"] * 1000 + ["a"] * 1000, "c": (["yes"] * 950 + ["no"] * 50) * 2}
    assert judged(wide, {"rows": ["r"], "columns": ["c"]}).verdict == "safe"


@pytest.mark.parametrize("normalize", ["row", "column", "all"])
def test_8_shares_are_judged_by_the_counts_behind_them(normalize: str) -> None:
    """Shares of 0.25 with 50 persons behind each: safe. One of 9 persons: 0 < 9 < 10, unsafe."""
    spec = {"rows": ["r"], "columns": ["c"], "normalize": normalize}
    assert judged({"r": ["a", "b"] * 100, "c": ["c", "c", "d", "d"] * 50}, spec).verdict == "safe"
    few = {"r": ["a"] * 109 + ["b"] * 100, "c": ["c"] * 100 + ["d"] * 9 + ["c", "d"] * 50}
    assert "threshold" in rules_in(judged(few, spec))


def test_9_a_histogram_is_judged_as_the_table_behind_it() -> None:
    """Bins of 30, 0 and 40 persons: 0 where emptiness is known is no finding; 0 < 9 < 10 is; edges that are one person's value are."""
    spec = {"kind": "histogram", "measure": "x", "bins": [0, 10, 20, 30]}
    known = Appetite(empty_cells="known")
    assert judged({"x": [5.0] * 30 + [25.0] * 40}, spec, appetite=known).verdict == "safe"
    assert "threshold" in rules_in(judged({"x": [5.0] * 30 + [15.0] * 9 + [25.0] * 40}, spec, appetite=known))
    ends: dict[str, Sequence[Any]] = {"x": [1.0, *[5.0] * 30, 400.0]}
    assert "histogram_edges" in rules_in(judged(ends, {"kind": "histogram", "measure": "x", "bins": 1}))


def test_10_a_curve_is_judged_by_the_events_of_each_step() -> None:
    """At 10 and 20: 20 and 15 events, 120 and 100 at risk: safe, though the data end with 1. Every step: 0 < 1 < 10.

    At 10, 20 and 40 with 9 events from 20 to 40: 0 < 9 < 10.
    """
    data: dict[str, Sequence[Any]] = {
        "t": [4.0] * 20 + [15.0] * 15 + [30.0] * 84 + [99.0],
        "e": [1] * 35 + [0] * 84 + [1],
    }
    spec: dict[str, Any] = {"kind": "survival", "time": "t", "event": "e"}
    assert judged(data, {**spec, "times": [10, 20]}).verdict == "safe"
    assert judged(data, spec).verdict == "unsafe"
    later = {**data, "e": [1] * 44 + [0] * 76}
    assert judged(later, {**spec, "times": [10, 20]}).verdict == "safe"
    assert judged(later, {**spec, "times": [10, 20, 40]}).verdict == "unsafe"


def test_11_an_indicator_for_one_person_makes_the_model_tell_their_value() -> None:
    """y = a + b·d with d = 1 for one person: the least squares fit goes through that person: a + b = y.

    0 < 1 < 10 persons have d = 1. With 10 of them, a + b is their mean, and 10 is not < 10.
    """
    data: dict[str, Sequence[Any]] = {"y": [*EVEN, 5000.0], "d": [0] * 40 + [1]}
    model = {"kind": "regression", "model": "linear", "outcome": "y", "terms": ["d"]}
    answer = judged(data, model)
    assert {"indicator_of_few", "saturated_model"} <= rules_in(answer)
    assert cell_at(answer, ["1"]).cell.value == 5000.0
    assert "indicator_of_few" not in rules_in(judged({"y": [*EVEN, *EVEN[:10]], "d": [0] * 40 + [1] * 10}, model))


def test_12_weights_percentiles_and_cox_models_are_judged() -> None:
    """Weighted: w·x counts: 40 even values of which one has the weight 1,000 make 139,000 of 143,641 = 96.8 % with the second: > 90 %."""
    data: dict[str, Sequence[Any]] = {
        "r": ["a"] * 40,
        "x": EVEN,
        "w": [1000.0] + [1.0] * 39,
        "t": EVEN,
        "e": [1, 0] * 20,
        "z": EVEN[::-1],
    }
    weighted = judged(data, {"rows": ["r"], "statistic": "mean", "measure": "x", "weight": "w"})
    assert rules_in(weighted) == {"dominance", "p_percent"}
    assert judged(data, {"rows": ["r"], "statistic": "mean", "measure": "x"}).verdict == "safe"
    cox = {"kind": "regression", "model": "cox", "outcome": "t", "event": "e", "terms": ["z"]}
    assert judged(data, cox).verdict == "safe"
    assert rules_in(judged({**data, "e": [1] * 9 + [0] * 31}, cox)) == {"outcome_of_few"}


def test_13_what_was_applied_stands_in_the_answer() -> None:
    """A wish for threshold 20 where 10 applies: 20 > 10 is stricter, applied, and told."""
    answer = judged(
        _rows([*EVEN[:15]], [*EVEN]),
        {"rows": ["r"], "statistic": "mean", "measure": "x", "appetite": {"threshold": 20}},
    )
    assert rules_in(answer, weight=Weight.UNSAFE) == {"threshold"}
    assert answer.as_json()["appetite"]["threshold"] == 20


def test_14_files_are_looked_into_and_their_names_cannot_lead_elsewhere() -> None:
    """943 476 5919: 11 − (9·10 + 4·9 + 3·8 + 4·7 + 7·6 + 6·5 + 5·4 + 9·3 + 1·2) mod 11 = 11 − 299 mod 11 = 11 − 2 = 9: an NHS number."""
    rows = b"id,nhs,value\n5f2e9c,9434765919,3\n"
    assert any(one.severity is Severity.BLOCK for one in examine("rows.csv", rows, threshold=10).findings)
    for names in (["../x.csv"], ["a/../../x.csv"], ["t.csv", "T.csv"]):
        with pytest.raises(Invalid):
            require_names(names)
