"""Tables that once went through though their readers learn of somebody, and some that did not though nobody does.

Each is the smallest one; its figures are worked out beside it.
"""

import math
from typing import Any

import pytest

from output_checking.domain.checks.appetite import Appetite, read_appetite
from output_checking.domain.checks.finding import Verdict
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import Columns, cell_at, judged, rules_in

KNOWN = Appetite(empty_cells="known")


@pytest.mark.parametrize("statistic", ["count", "mean", "sum"])
def test_who_weighs_nothing_hides_nobody(statistic: str) -> None:
    """A weight of 0 and 1 is a filter: of 50 persons only the 3 with weight 1 stand behind the figure, and 3 < 10."""
    columns: Columns = {"x": [float(10 + one) for one in range(50)], "w": [1.0] * 3 + [0.0] * 47}
    spec = {"statistic": statistic, "weight": "w", **({} if statistic == "count" else {"measure": "x"})}
    answer = judged(columns, spec)
    assert cell_at(answer, margin="").cell.persons == 3
    assert "threshold" in rules_in(answer)


@pytest.mark.parametrize("measure", [{}, {"measure": "x"}])
def test_a_weighted_count_is_a_sum_of_the_weights(measure: dict[str, str]) -> None:
    """Weights 1,000,000 and twelve times 1: the count shown is 1,000,012, of which the largest two are 1,000,001: over 90 %."""
    columns: Columns = {"x": [1.0] * 13, "w": [1e6] + [1.0] * 12}
    answer = judged(columns, {"statistic": "count", "weight": "w", **measure})
    assert {"dominance", "p_percent"} <= rules_in(answer)


def test_common_weights_of_a_survey_stand_in_nobodys_way() -> None:
    """Twelve weights of 1 to 4: the largest two are 4 + 4 of 30, 27 % of it."""
    columns: Columns = {"x": [float(one) for one in range(12)], "w": [1.0, 2, 3, 4] * 3}
    for spec in ({"statistic": "count"}, {"statistic": "mean", "measure": "x"}):
        assert judged(columns, {**spec, "weight": "w"}).verdict is Verdict.SAFE


def test_a_weighted_mean_is_that_of_whoever_has_the_weight() -> None:
    """One of 13 has all but 12 in 1,000,012 of the weight, and the value 0: the mean of 0.0002 is that 0."""
    columns: Columns = {"x": [0.0] + [10.0 + one for one in range(12)], "w": [1e6] + [1.0] * 12}
    answer = judged(columns, {"statistic": "mean", "measure": "x", "weight": "w"})
    assert "dominance" in rules_in(answer)


def test_a_weighted_proportion_is_a_proportion() -> None:
    """The weighted mean of 0 and 1 where 3 of 100 have 1: about 3 persons, whatever they weigh."""
    columns: Columns = {"x": [1] * 3 + [0] * 97, "w": [2.0] * 100}
    assert rules_in(judged(columns, {"statistic": "mean", "measure": "x", "weight": "w"})) == {"ratios"}


def test_a_text_that_everybody_has_in_all_records_is_told_of_each() -> None:
    """20 persons with two records each, all 'flu'. With one 'cold' among them it is a mode like any other."""
    who = [one // 2 for one in range(40)]
    spec = {"statistic": "mode", "measure": "x"}
    assert rules_in(judged({"who": who, "x": ["flu"] * 40}, spec)) == {"all_the_same"}
    assert judged({"who": who, "x": ["flu"] * 39 + ["cold"]}, spec).verdict is Verdict.SAFE


def test_a_text_alike_in_each_cell_is_not_alike_in_their_total() -> None:
    """All of a have 'flu', all of b 'cold': the two cells tell it of each, the total of 40 does not."""
    columns: Columns = {"r": ["a"] * 20 + ["b"] * 20, "x": ["flu"] * 20 + ["cold"] * 20}
    answer = judged(columns, {"rows": ["r"], "statistic": "mode", "measure": "x", "margins": True})
    assert [any(found.rule == "all_the_same" for found in one.findings) for one in answer.cells] == [True, True, False]


def test_class_disclosure_counts_who_has_a_value() -> None:
    """Of row a 30 persons have a value, all of them in p; the 30 in q have none. It is known of each of the 30 where they are."""
    columns: Columns = {
        "r": ["a"] * 60 + ["b"] * 60,
        "c": (["p"] * 30 + ["q"] * 30) * 2,
        "x": [1.0] * 30 + [None] * 30 + [1.0] * 60,
    }
    answer = judged(columns, {"rows": ["r"], "columns": ["c"], "statistic": "persons", "measure": "x"}, appetite=KNOWN)
    assert [found.rule for found in cell_at(answer, ("a",), ("p",)).findings] == ["class_disclosure"]


def test_a_ratio_of_nothing_to_few_is_about_the_few() -> None:
    """Nobody has a numerator, 3 persons a denominator: the 0 shown is about 3 persons."""
    spec = {"statistic": "ratio", "measure": "x", "denominator": "y"}
    columns: Columns = {"x": [None] * 3 + [1.0] * 20, "y": [1.0] * 23, "r": ["a"] * 3 + ["b"] * 20}
    answer = judged(columns, {"rows": ["r"], **spec}, appetite=Appetite(empty_cells="structural"))
    assert "ratios" in {found.rule for found in cell_at(answer, ("a",)).findings}


def test_half_of_the_records_is_not_all_of_the_persons() -> None:
    """30 persons with a record of 0 and one of 1 each: the mean is 0.5, and tells of nobody which record is which."""
    columns: Columns = {"who": [one // 2 for one in range(60)], "x": [one % 2 for one in range(60)]}
    assert judged(columns, {"statistic": "mean", "measure": "x"}).verdict is Verdict.SAFE


@pytest.mark.parametrize("name", ["dominance_share", "p_percent", "class_share"])
def test_a_wish_that_is_no_number_switches_no_rule_off(name: str) -> None:
    """Nothing is more than NaN, so a share of NaN would allow everything."""
    spec = {"statistic": "sum", "measure": "x", "appetite": {name: math.nan}}
    with pytest.raises(CannotJudge, match="NaN"):
        judged({"x": [1e6] + [1.0] * 12}, spec)
    with pytest.raises(CannotJudge, match="NaN"):
        read_appetite({name: math.nan})


def test_a_whole_number_may_be_written_with_a_point() -> None:
    answer = judged({"x": [1.0] * 13}, {"appetite": {"dominance_persons": 3.0, "threshold": 14.0}})
    assert answer.appetite.dominance_persons == 3
    assert rules_in(answer) == {"threshold"}


@pytest.mark.parametrize("spec", [
    {"rows": [{"column": "x", "bands": [0, math.inf]}]},
    {"rows": [{"column": "x", "bands": [0, 10**400]}]},
    {"filter": "x <= 1e999"},
    {"statistic": "quantile", "measure": "x", "quantile": math.nan},
])  # fmt: skip
def test_a_number_beyond_all_numbers_is_refused_in_words(spec: dict[str, Any]) -> None:
    """Written into SQL it would be the name of a column, such as this one."""
    with pytest.raises(CannotJudge, match=r"too large|infinite|larger"):
        judged({"x": [1.0] * 13, "inf": [1.0] * 13}, spec)


def test_a_sum_that_no_number_can_hold_is_refused_in_words() -> None:
    """Three times 1.7e308 is over the largest number there is: against an infinite sum every share would be 0."""
    with pytest.raises(CannotJudge, match="add up to more"):
        judged({"x": [1.7e308] * 3 + [1.0] * 20}, {"statistic": "mean", "measure": "x"})


def test_a_cut_between_two_equal_values_is_that_value() -> None:
    """At 0.1 of -12, -12 and 0 lies -12 + 0 · 0.2; reckoned as 0.8 · -12 + 0.2 · -12 it is -12.000000000000002, with nobody below.

    Two persons stand at or below it, three at or above.
    """
    answer = judged({"x": [-12, -12, 0]}, {"statistic": "quantile", "quantile": 0.1, "measure": "x"})
    tail = cell_at(answer, margin="").cell.tail
    assert tail is not None
    assert (tail.at, tail.below, tail.above) == (2, 2, 3)
    assert {"quantiles", "threshold"} <= rules_in(answer)


def test_a_total_that_everybody_is_in_tells_it_of_each() -> None:
    """60 persons, each with drug a in one of two years, and 20 of the 60 with drug b in the other.

    In no year has everybody a: 30 of 40 persons. But a's total is 60, and so is that of all: whoever is in the table has had a.
    """
    columns: Columns = {
        "who": [*range(60), *range(30, 40), *range(10)],
        "drug": ["a"] * 60 + ["b"] * 20,
        "year": ["1"] * 30 + ["2"] * 30 + ["1"] * 10 + ["2"] * 10,
    }
    spec = {"rows": ["drug"], "columns": ["year"], "statistic": "persons"}
    assert judged(columns, spec).verdict is Verdict.SAFE
    answer = judged(columns, {**spec, "margins": True})
    assert [found.rule for found in cell_at(answer, ("a",), (), margin="row").findings] == ["class_disclosure"]
    assert rules_in(answer) == {"class_disclosure"}


@pytest.mark.parametrize("unit", [0.01, 0.1, 1 / 3, 1.0])
def test_exactly_at_the_bound_is_not_beyond_it(unit: float) -> None:
    """500, 400 and ten times 10 in hundredths: (500 + 400) / 1,000 is 90 %, not more. 1,000, 500 and ten times 10: 100 is 10 % of 1,000."""
    shares = [unit * one for one in (500, 400, *[10] * 10)]
    estimates = [unit * one for one in (1000, 500, *[10] * 10)]
    assert "dominance" not in rules_in(judged({"x": shares}, {"statistic": "sum", "measure": "x"}))
    assert "p_percent" not in rules_in(judged({"x": estimates}, {"statistic": "sum", "measure": "x"}))


def test_a_list_of_numbers_is_no_number() -> None:
    with pytest.raises(CannotJudge, match="does not hold numbers"):
        judged({"x": [[1, 2]] * 20}, {"statistic": "mean", "measure": "x"})
