"""Models: what their columns single out together, what they give exactly, and what is no fault of theirs."""

from typing import Any

import pytest

from output_checking.domain.checks.finding import Verdict, Weight
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import Columns, judged, rules_in

Y = [float(place * 7919 % 1009) for place in range(200)]
X = [float(place * 523 % 401) for place in range(200)]


def _model(terms: list[Any], **more: Any) -> dict[str, Any]:
    return {"kind": "regression", "model": "linear", "outcome": "y", "terms": terms, **more}


@pytest.mark.parametrize(
    ("away", "found"),
    [
        ([7], {"indicator_of_few"}),
        ([7, 8, 9], {"indicator_of_few"}),
        ([7] * 9, {"indicator_of_few"}),
        ([7] * 10, set()),
    ],
)
def test_a_number_that_is_one_value_for_all_but_a_few_singles_them_out(away: list[int], found: set[str]) -> None:
    """0 for all but one, who has 7: constant + 7 · coefficient is that person's value, as with an indicator."""
    data: Columns = {"y": Y, "x": X, "z": [*away, *[0] * (200 - len(away))]}
    assert rules_in(judged(data, _model(["x", "z"]))) == found


@pytest.mark.parametrize(("more", "found"), [(1, {"indicator_of_few"}), (9, {"indicator_of_few"}), (10, set())])
def test_two_indicators_of_which_one_holds_the_other_single_out_who_is_between(more: int, found: set[str]) -> None:
    """Over 50: 100 + `more` persons; over 51: 100 of them. Their difference is an indicator of the rest."""
    data: Columns = {"y": Y, "x": X, "d": [1] * 100 + [0] * 100, "f": [1] * (100 + more) + [0] * (100 - more)}
    answer = judged(data, _model(["x", "d", "f"]))
    assert rules_in(answer) == found
    assert [one.figures["persons"] for one in answer.findings] == [more] * bool(found)


def test_indicators_that_overlap_both_ways_single_out_nobody() -> None:
    """d without f: 5 persons; f without d: 50; both: 95; neither: 50. No sum of constant, d and f is 1 for the five alone."""
    data: Columns = {"y": Y, "x": X, "d": [1] * 100 + [0] * 100, "f": [0] * 5 + [1] * 95 + [1] * 50 + [0] * 50}
    assert judged(data, _model(["x", "d", "f"])).verdict is Verdict.SAFE
    beside = _model(["x", "d", "f", {"product": ["d", "f"]}])
    assert rules_in(judged(data, beside)) == {"indicator_of_few"}  # d less d × f


@pytest.mark.parametrize("first", ["u", "v"])
def test_a_combination_of_levels_is_found_be_it_of_the_reference_levels_or_others(first: str) -> None:
    """g × h beside an x: one person has (a, u), or (a, v)."""
    other = {"u": "v", "v": "u"}[first]
    data: Columns = {"y": Y, "x": X, "g": ["a"] * 100 + ["b"] * 100, "h": [first] + [other] * 99 + ["u", "v"] * 50}
    answer = judged(data, _model(["x", "g", "h", {"product": ["g", "h"]}]))
    assert [one.figures["column"] for one in answer.findings] == [f"g = a × h = {first}"]
    assert judged(data, _model(["x", "g", "h"])).verdict is Verdict.SAFE


def test_a_slope_of_their_own_for_few_singles_them_out() -> None:
    data: Columns = {"y": Y, "x": X, "g": ["a"] * 3 + ["b"] * 197}
    assert rules_in(judged(data, _model(["x", {"product": ["x", "g"]}]))) == {"indicator_of_few"}


def test_few_who_are_away_from_the_others_of_their_level_are_found() -> None:
    """z is 0 but for two persons of level a and twenty of level b: the slope in a is about the two."""
    z = [5, 6, *[0] * 98, *range(20), *[0] * 80]
    data: Columns = {"y": Y, "x": X, "g": ["a"] * 100 + ["b"] * 100, "z": z}
    answer = judged(data, _model(["x", "g", "z", {"product": ["g", "z"]}]))
    assert [(one.figures["column"], one.figures["persons"]) for one in answer.findings] == [("z × g = a", 2)]
    assert judged(data, _model(["x", "g", "z"])).verdict is Verdict.SAFE


def test_two_numbers_that_differ_for_few_only_single_these_out() -> None:
    """x as recorded, and as corrected for three persons: the difference is 0 for all but the three."""
    data: Columns = {"y": Y, "x": X, "corrected": [1000.0, 900.0, 1100.0, *X[3:]]}
    answer = judged(data, _model(["x", "corrected"]))
    assert [(one.figures["column"], one.figures["persons"]) for one in answer.findings] == [("x less corrected", 3)]


def test_a_level_whose_slope_is_nowhere_but_0_has_no_column() -> None:
    """d × g has no column for the 3 persons of level c, who all have d = 0: it singles out nobody."""
    data: Columns = {"y": Y, "d": [0] * 103 + [1] * 97, "g": ["c"] * 3 + [*"ab"] * 98 + ["a"]}
    assert "indicator_of_few" not in rules_in(judged(data, _model(["d", {"product": ["g", "d"]}])))


def test_columns_that_single_out_one_person_only_all_together_are_found() -> None:
    """Three indicators; (1, 1, 1) is one person, and of the other combinations only (0,0,0), (1,0,0), (0,1,0), (0,0,1) are there.

    Then d + e + f is 0, 1 or 3. No two of them show it: (d, e) has (1, 1) with one person, but also all three others.
    Beside d + e + f = 1 nothing else is spanned: the share of the own outcome stays under 90 %: safe; with s = the square of
    the sum (0, 1 or 9), s − (d + e + f) is 6 for that person and 0 for all others.
    """
    parts = [(1, 1, 1), *[(1, 0, 0)] * 50, *[(0, 1, 0)] * 50, *[(0, 0, 1)] * 50, *[(0, 0, 0)] * 49]
    columns = {name: [one[place] for one in parts] for place, name in enumerate("def")}
    data: Columns = {"y": Y, "x": X, **columns, "s": [sum(one) ** 2 for one in parts]}
    assert judged(data, _model(["x", "d", "e", "f"])).verdict is Verdict.SAFE
    answer = judged(data, _model(["x", "d", "e", "f", "s"]))
    assert [one.figures for one in answer.findings] == [{"persons": 1, "share": 1.0}]
    assert rules_in(answer) == {"indicator_of_few"}


def test_an_extreme_value_that_nearly_singles_out_its_person_is_for_a_person_to_look_at() -> None:
    """x is 0 … 400 for 199 persons and 100,000 for one, whose share in the own fitted value is 1 / 200 + d² / Σ d², d from the mean.

    Mean about 700, d about 99,300: d² = 9.86e9; the others add about 199 · 513² = 5.2e7: 0.5 % + 99.47 % = 99.97 %: over 90 %.
    """
    data: Columns = {"y": Y, "x": [100_000.0, *X[1:]]}
    answer = judged(data, _model(["x"]))
    assert answer.verdict is Verdict.REVIEW
    assert answer.findings[0].figures["share"] == pytest.approx(0.9997, abs=0.0001)
    several: Columns = {"y": Y, "x": [100_000.0] * 10 + X[10:]}  # ten share it: about 10 % each
    assert judged(several, _model(["x"])).verdict is Verdict.SAFE


def test_a_person_with_several_records_is_singled_out_by_all_of_them_together() -> None:
    """Person 0 has records 0 and 1; z is 1 and 2 there and 0 elsewhere: a fixed weighting of their two outcomes is told."""
    data: Columns = {"who": [0, 0, *range(2, 200)], "y": Y, "x": X, "z": [1, 2, *[0] * 198]}
    assert rules_in(judged(data, _model(["x", "z"]))) == {"indicator_of_few"}


def test_what_is_constant_singles_out_nobody() -> None:
    """A constant written as a column, and a level that the filter leaves empty: 0 persons are nobody."""
    ones: Columns = {"y": Y, "x": X, "one": [1] * 200}
    assert judged(ones, _model(["one", "x"], constant=False)).verdict is Verdict.SAFE
    assert judged(ones, _model(["one", "x"])).verdict is Verdict.SAFE
    levels: Columns = {"y": Y, "x": X, "g": [*"abcd"] * 50}
    assert judged(levels, _model(["x", "g"], filter="g in ('b', 'c')")).verdict is Verdict.SAFE


def test_without_a_constant_a_category_has_all_its_levels() -> None:
    """y ~ 0 + g is the mean of each level; 5,000 of 5,099 in one of them: 98 % are one person's."""
    data: Columns = {"y": [*[1.0] * 99, 5000.0, *Y[:100]], "g": ["a"] * 100 + ["b"] * 100}
    assert "dominance" in rules_in(judged(data, _model(["g"], constant=False)))


def test_a_large_offset_does_not_hide_that_a_model_is_saturated() -> None:
    """1,000,000 and 1,000,001 are two values as 0 and 1 are: constant and slope are two means."""
    data: Columns = {"y": [*[1.0] * 99, 5000.0, *Y[:100]], "x": [1_000_000] * 100 + [1_000_001] * 100}
    assert "dominance" in rules_in(judged(data, _model(["x"])))


def test_each_large_offset_takes_its_degree_of_freedom() -> None:
    """12 persons, constant and two numbers about 10,000,000: 12 − 3 = 9 < 10."""
    far = [[1e7 + one for one in column[:12]] for column in (X, Y[::-1])]
    data: Columns = {"y": Y[:12], "x": far[0], "z": far[1]}
    answer = judged(data, _model(["x", "z"]))
    assert [one.figures["residual"] for one in answer.findings if one.rule == "residual_degrees"] == [9]


@pytest.mark.parametrize("model", ["linear", "poisson"])
def test_a_constant_outcome_is_everybodys(model: str) -> None:
    data: Columns = {"y": [3] * 200, "x": X}
    assert rules_in(judged(data, _model(["x"], model=model))) == {"exact_fit"}


def test_terms_that_the_outcome_is_made_from_give_it_exactly() -> None:
    """y = 2 x − z + 1: nothing is left."""
    z = Y[::-1]
    data: Columns = {"y": [2 * one - other + 1 for one, other in zip(X, z, strict=True)], "x": X, "z": z}
    assert rules_in(judged(data, _model(["x", "z"]))) == {"exact_fit"}
    assert judged(data, _model(["x"])).verdict is Verdict.SAFE


def test_a_number_that_parts_the_outcomes_tells_them() -> None:
    """y is 1 where x is 200 and more."""
    data: Columns = {"y": [int(one >= 200) for one in X], "x": X}
    assert rules_in(judged(data, _model(["x"], model="logistic"))) == {"same_outcome"}
    mixed: Columns = {**data, "y": [1 - data["y"][0], *data["y"][1:]]}
    assert judged(mixed, _model(["x"], model="logistic")).verdict is Verdict.SAFE


def test_an_outcome_of_zeros_and_ones_of_few_is_found_in_a_linear_model_too() -> None:
    data: Columns = {"y": [1] * 3 + [0] * 197, "x": X}
    assert rules_in(judged(data, _model(["x"]))) == {"outcome_of_few"}


def test_models_that_differ_by_a_record_of_somebody_who_is_in_both_differ_by_that_person() -> None:
    """100 persons with two records each; z is missing in one record of one person, who is in both models."""
    z = [None, *(one * one % 31 for one in Y[1:])]
    data: Columns = {"who": [place // 2 for place in range(200)], "y": Y, "x": X, "z": z}
    answer = judged(data, _model(["x"], nested=[["x", "z"]]))
    assert [one.figures["persons"] for one in answer.findings] == [1]
    assert rules_in(answer) == {"nested_models"}


def test_what_a_product_calls_a_category_must_be_in_it() -> None:
    with pytest.raises(CannotJudge, match="not in the product"):
        judged({"y": Y, "x": X}, _model(["x", {"product": ["x", "x"], "categorical": ["g"]}]))


def test_a_time_that_is_no_number_is_refused() -> None:
    data: Columns = {"y": [float("nan"), *Y[1:]], "x": X, "e": [0, 1] * 100}
    with pytest.raises(CannotJudge) as refused:
        judged(data, _model(["x"], model="cox", event="e"))
    assert refused.value.code == "source.not_finite"


def test_one_level_alone_is_the_mean_of_all() -> None:
    answer = judged({"y": Y, "g": ["a"] * 200}, _model(["g"]))
    assert answer.verdict is Verdict.SAFE
    assert rules_in(answer, weight=Weight.NOTE) == {"saturated_model"}
