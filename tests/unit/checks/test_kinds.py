"""Models, curves and plots: the risky one is found by its rule, and its neighbour just beyond the bound is not."""

from typing import Any

import pytest

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.finding import Verdict, Weight
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import Columns, judged, rules_in

SPREAD = [float(place * 7919 % 1009) for place in range(200)]


def test_a_histogram_with_edges_of_its_own_and_full_bins_is_safe() -> None:
    answer = judged({"x": SPREAD}, {"kind": "histogram", "measure": "x", "bins": [-1, 300, 600, 1100]})
    assert answer.verdict is Verdict.SAFE
    assert sum(one.cell.persons for one in answer.cells) == 200


def test_a_histogram_between_minimum_and_maximum_shows_two_persons_values() -> None:
    answer = judged({"x": SPREAD}, {"kind": "histogram", "measure": "x", "bins": 4})
    assert rules_in(answer) == {"histogram_edges"}
    assert sum(one.cell.persons for one in answer.cells) == 200


@pytest.mark.parametrize(("empty", "verdict"), [("disclosive", "unsafe"), ("known", "safe")])
def test_an_empty_bin_means_what_the_appetite_says(empty: str, verdict: str) -> None:
    spec = {"kind": "histogram", "measure": "x", "bins": [0, 10, 20, 30]}
    answer = judged({"x": [5.0] * 30 + [6.0] * 30 + [25.0] * 40}, spec, appetite=Appetite(empty_cells=empty))
    assert answer.verdict == verdict


def test_a_bin_of_one_is_found() -> None:
    answer = judged(
        {"x": [*[5.0] * 50, *[15.0] * 50, 25.0]}, {"kind": "histogram", "measure": "x", "bins": [0, 10, 20, 30]}
    )
    assert "threshold" in rules_in(answer)


def test_a_scatter_plot_is_microdata_by_name() -> None:
    answer = judged({"x": SPREAD, "y": SPREAD}, {"kind": "scatter", "x": "x", "y": "y"})
    assert rules_in(answer) == {"microdata"}
    thick = judged({"x": [1, 2] * 50, "y": [1, 2] * 50}, {"kind": "scatter", "x": "x", "y": "y"})
    assert thick.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({"whiskers": [0.1, 0.9], "outliers": False}, set()),
        ({"whiskers": [0.01, 0.99], "outliers": False}, {"quantiles"}),
        ({"whiskers": "range"}, {"extremes"}),
        ({"whiskers": "tukey", "outliers": True}, {"box_whiskers", "microdata"}),
        ({"whiskers": "tukey", "outliers": False}, {"box_whiskers"}),
    ],
)
def test_a_box_plot(spec: dict[str, Any], found: set[str]) -> None:
    answer = judged({"x": [*SPREAD, 90_000.0]}, {"kind": "box", "measure": "x", **spec})
    assert rules_in(answer) == found


def test_the_digits_of_the_edges_are_all_there() -> None:
    """1,000,000.5 is not 1e+06: a checker must see the very edges that are shown."""
    spec = {"kind": "histogram", "measure": "x", "bins": [1_000_000.5, 1_000_001, 1_000_002]}
    answer = judged({"x": [1_000_000.6, 1_000_001.5] * 20}, spec)
    assert [one.cell.column for one in answer.cells] == [("1000000.5 to 1000001",), ("1000001 to 1000002",)]


@pytest.mark.parametrize("bins", [1, 10])
def test_edges_around_one_value_tell_it_of_everybody(bins: int) -> None:
    """All 200 have 7; the edges are made from the data, 6.5 and 7.5: their middle is everybody's value, be it one bin or ten."""
    answer = judged({"x": [7.0] * 200}, {"kind": "histogram", "measure": "x", "bins": bins})
    assert "all_the_same" in rules_in(answer)
    wide = judged({"x": [7.0] * 200}, {"kind": "histogram", "measure": "x", "bins": [0, 100]})
    assert "all_the_same" not in rules_in(wide)


def test_outliers_beyond_whiskers_at_probabilities_are_microdata() -> None:
    """200 values, whiskers at the 10th and 90th percentile: 20 persons on each side are drawn as points of their own.

    The 10th percentile lies at place 0.1 · 199 = 19.9, between the 20th and the 21st value: 20 below it; 20 above the other.
    """
    answer = judged({"x": SPREAD}, {"kind": "box", "measure": "x", "whiskers": [0.1, 0.9], "outliers": True})
    assert rules_in(answer) == {"microdata"}
    assert answer.findings[0].figures == {"persons": 40}


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "box", "measure": "x", "by": ["g"]},
        {"kind": "survival", "time": "x", "event": "e", "by": ["g"]},
        {"kind": "histogram", "measure": "x", "bins": [0, 500, 1000], "by": ["g"]},
        {"kind": "histogram", "measure": "x", "bins": [-3, -2, -1]},
    ],
)
def test_an_output_in_which_nobody_is_cannot_be_judged(spec: dict[str, Any]) -> None:
    """Nobody's group is known, or nobody's value lies in a bin: nothing is shown, and nothing is called safe."""
    with pytest.raises(CannotJudge) as refused:
        judged({"x": SPREAD, "e": [0, 1] * 100, "g": [None] * 200}, spec, appetite=Appetite(empty_cells="known"))
    assert refused.value.code == "source.no_records"


def test_a_filter_on_the_groups_and_more_narrows_the_groups_of_a_box_plot() -> None:
    """Group c is left out by the filter itself, so that nobody in it is no news."""
    data: Columns = {"x": [*SPREAD, *[1.0] * 50], "g": [*"ab"] * 100 + ["c"] * 50}
    spec = {"kind": "box", "measure": "x", "by": ["g"], "whiskers": [0.2, 0.8], "outliers": False}
    assert judged(data, {**spec, "filter": "g in ('a', 'b') and x >= 0"}).verdict is Verdict.SAFE


def _life(events: list[tuple[float, int, int]]) -> dict[str, list[Any]]:
    times = [time for time, dead, left in events for _ in range(dead + left)]
    return {"t": times, "e": [one for _, dead, left in events for one in [1] * dead + [0] * left]}


def test_a_survival_curve_at_chosen_times_is_judged_at_those_times() -> None:
    """120 persons: 20 events by 10, 15 by 20, and 85 leave later, the last of them alone: not part of the output."""
    data = _life([(4, 12, 0), (9, 8, 0), (15, 15, 0), (30, 0, 84), (99, 1, 0)])
    answer = judged(data, {"kind": "survival", "time": "t", "event": "e", "times": [10, 20]})
    assert answer.verdict is Verdict.SAFE
    assert [one.cell.value for one in answer.cells] == pytest.approx([100 / 120, 85 / 120])
    assert [one.cell.persons for one in answer.cells] == [120, 100]


def test_a_survival_curve_with_a_step_for_each_event_tells_when_one_person_died() -> None:
    data = _life([(4, 12, 0), (9, 1, 0), (15, 15, 0), (30, 0, 92)])
    answer = judged(data, {"kind": "survival", "time": "t", "event": "e"})
    assert rules_in(answer) == {"survival_steps"}
    assert [bool(one.findings) for one in answer.cells] == [False, True, False]


def test_the_end_of_a_curve_with_few_at_risk_is_found() -> None:
    data = _life([(4, 100, 0), (9, 0, 12), (15, 0, 5), (30, 0, 3)])
    answer = judged(data, {"kind": "survival", "time": "t", "event": "e", "times": [5, 20, 25]})
    assert "survival_at_risk" in rules_in(answer)


def test_a_group_in_which_all_died_tells_of_each() -> None:
    data = _life([(4, 30, 0), (9, 30, 0)])
    assert "survival_all" in rules_in(judged(data, {"kind": "survival", "time": "t", "event": "e", "times": [5, 10]}))


def test_few_who_are_left_at_a_time_that_is_shown_are_found() -> None:
    """100 persons: 20 events at 4, 77 leave at 9, 3 at 30. At 20 the curve and its table say: 3 at risk."""
    data = _life([(4, 20, 0), (9, 0, 77), (30, 0, 3)])
    spec = {"kind": "survival", "time": "t", "event": "e"}
    answer = judged(data, {**spec, "times": [5, 20]})
    assert rules_in(answer) == {"survival_at_risk"}
    assert answer.cells[1].findings[0].figures["at_risk"] == 3
    assert judged(data, {**spec, "times": [5]}).verdict is Verdict.SAFE
    # beyond the last nobody is left, and the 80 who were there as it began are not few
    assert judged(data, {**spec, "times": [5, 40]}).verdict is Verdict.SAFE


def test_a_level_curve_tells_that_nobody_had_the_event() -> None:
    """0 events of 200 persons, of 3 persons: with chosen times and without."""
    spec = {"kind": "survival", "time": "t", "event": "e"}
    for more in ({}, {"times": [100]}):
        answer = judged({"t": SPREAD, "e": [0] * 200}, {**spec, **more})
        assert rules_in(answer) == {"survival_all"}
        assert answer.cells[0].cell.value == 1.0
        few = judged(
            {"t": [100.0, 200.0, 300.0], "e": [0] * 3}, {**spec, **more}, appetite=Appetite(empty_cells="known")
        )
        assert rules_in(few) == {"survival_at_risk"}


def test_chosen_times_are_judged_however_many_times_the_data_have() -> None:
    """120,000 different times are more steps than anybody can check; at three times they are three."""
    data: Columns = {"t": list(range(120_000)), "e": [0, 1] * 60_000}
    spec = {"kind": "survival", "time": "t", "event": "e"}
    assert judged(data, {**spec, "times": [1000, 2000, 90_000]}).verdict is Verdict.SAFE
    with pytest.raises(CannotJudge, match="at most 100,000"):
        judged({"t": list(range(120_000)), "e": [1] * 120_000}, spec)


def test_a_group_without_anybody_has_no_curve() -> None:
    data = {**_life([(4, 20, 20)]), "g": ["a"] * 20 + ["b"] * 20}
    answer = judged(data, {"kind": "survival", "time": "t", "event": "e", "by": ["g"], "times": [5], "filter": "e = 1"})
    assert [one.cell.value for one in answer.cells] == [0.0, None]


def _model(**more: Any) -> dict[str, Any]:
    return {"kind": "regression", "model": "linear", "outcome": "y", "terms": ["x"], **more}


def test_an_ordinary_model_is_safe() -> None:
    answer = judged({"y": SPREAD, "x": [one * 3 % 17 for one in SPREAD]}, _model())
    assert answer.verdict is Verdict.SAFE


@pytest.mark.parametrize(("ones", "found"), [(1, {"indicator_of_few"}), (9, {"indicator_of_few"}), (10, set())])
def test_an_indicator_for_few_persons_is_their_value(ones: int, found: set[str]) -> None:
    data: Columns = {"y": SPREAD, "x": SPREAD[::-1], "d": [1] * ones + [0] * (200 - ones)}
    answer = judged(data, _model(terms=["x", "d"]))
    assert rules_in(answer) == found


@pytest.mark.parametrize("few", ["a", "b", "c"])
def test_a_level_of_few_is_found_be_it_the_reference_or_another(few: str) -> None:
    others = sorted({"a", "b", "c"} - {few})
    data: Columns = {"y": SPREAD, "x": SPREAD[::-1], "g": [few] * 3 + others * 98 + others[:1]}
    assert rules_in(judged(data, _model(terms=["x", "g"]))) == {"indicator_of_few"}
    even: Columns = {**data, "g": [*"abc"] * 66 + ["a", "b"]}
    assert rules_in(judged(even, _model(terms=["x", "g"]))) == set()


def test_a_product_of_indicators_is_an_indicator() -> None:
    data: Columns = {"y": SPREAD, "d": [1] * 100 + [0] * 100, "f": [0] * 95 + [1] * 105}
    answer = judged(data, _model(terms=["d", "f", {"product": ["d", "f"]}]))
    assert "indicator_of_few" in rules_in(answer)


def test_too_few_degrees_of_freedom() -> None:
    data: Columns = {"y": SPREAD[:11], "x": SPREAD[20:31]}
    assert "residual_degrees" in rules_in(judged(data, _model()))
    data = {"y": SPREAD[:12], "x": SPREAD[20:32]}
    assert "residual_degrees" not in rules_in(judged(data, _model()))


def test_a_saturated_model_is_judged_as_its_table_of_means() -> None:
    data: Columns = {"y": [*[1.0] * 99, 5000.0, *SPREAD[:100]], "d": [0] * 100 + [1] * 100}
    answer = judged(data, _model(terms=["d"]))
    assert "dominance" in rules_in(answer)
    even = judged({"y": SPREAD, "d": [0] * 100 + [1] * 100}, _model(terms=["d"]))
    assert even.verdict is Verdict.SAFE
    assert rules_in(even, weight=Weight.NOTE) == {"saturated_model"}


def test_nested_models_that_differ_by_few_persons() -> None:
    data: Columns = {"y": SPREAD, "x": SPREAD[::-1], "z": [None, None, None, *(one * one % 31 for one in SPREAD[3:])]}
    assert rules_in(judged(data, _model(terms=["x"], nested=[["x", "z"]]))) == {"nested_models"}
    whole: Columns = {"y": SPREAD, "x": SPREAD[::-1], "z": [one * one % 31 for one in SPREAD]}
    assert rules_in(judged(whole, _model(terms=["x"], nested=[["x", "z"]]))) == set()


@pytest.mark.parametrize(("some", "found"), [(9, {"outcome_of_few"}), (10, set())])
def test_a_logistic_model_of_few_events(some: int, found: set[str]) -> None:
    data: Columns = {"y": [1] * some + [0] * (200 - some), "x": SPREAD}
    assert rules_in(judged(data, _model(model="logistic"))) == found


def test_residuals_are_microdata() -> None:
    data: Columns = {"y": SPREAD, "x": SPREAD[::-1]}
    assert "microdata" in rules_in(judged(data, _model(residuals=True)))


def test_what_no_specification_expresses_is_for_a_person() -> None:
    assert judged({"x": SPREAD}, {"kind": "sankey"}).verdict is Verdict.REVIEW
