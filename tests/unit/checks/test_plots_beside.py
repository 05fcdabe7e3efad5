"""Outputs that are no tables beside earlier answers: a histogram is compared as its table, of the others it is said that they are not."""

from typing import Any

import pytest

from output_checking.domain.checks.finding import Verdict, Weight
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import Columns, judged, rules_in

X = [float(place * 7919 % 1009) for place in range(200)]
DATA: Columns = {"x": X, "y": X[::-1], "one_less": [1] * 199 + [0], "half": [1] * 100 + [0] * 100}
HISTOGRAM = {"kind": "histogram", "measure": "x", "bins": [-1, 300, 600, 1100]}
TABLE = {"columns": [{"column": "x", "bands": [-1, 300, 600, 1100]}], "statistic": "persons"}
MODEL = {"kind": "regression", "model": "linear", "outcome": "y", "terms": ["x"]}


def _answer(spec: dict[str, Any]) -> dict[str, Any]:
    return judged(DATA, spec).as_json()


@pytest.mark.parametrize("earlier", [HISTOGRAM, TABLE])
@pytest.mark.parametrize("now", [HISTOGRAM, TABLE])
def test_bins_and_bands_with_one_person_less_are_found_whichever_came_first(
    earlier: dict[str, Any], now: dict[str, Any]
) -> None:
    """200 persons, then 199: whoever has both has the one who is missing, and their bin."""
    answer = judged(DATA, {**now, "filter": "one_less = 1"}, earlier=[_answer(earlier)])
    assert rules_in(answer) == {"differencing"}


@pytest.mark.parametrize("spec", [HISTOGRAM, {**HISTOGRAM, "bins": [0.5, 300, 1100]}])
def test_the_same_histogram_again_is_safe(spec: dict[str, Any]) -> None:
    assert judged(DATA, spec, earlier=[_answer(spec)]).verdict is Verdict.SAFE


def test_the_edges_of_an_earlier_histogram_are_read_from_its_bins() -> None:
    """Three bins from 0 to 1,005; those whose edges are 0, 335, 670, 1,005 again, of one person less."""
    earlier = _answer({**HISTOGRAM, "bins": 3})
    assert [one["column"] for one in earlier["cells"]] == [["0 to 335"], ["335 to 670"], ["670 to 1005"]]
    spec = {**HISTOGRAM, "bins": [0, 335, 670, 1005], "filter": "one_less = 1"}
    assert "differencing" in rules_in(judged(DATA, spec, earlier=[earlier]))


@pytest.mark.parametrize(
    "spec",
    [
        MODEL,
        {"kind": "scatter", "x": "x", "y": "y"},
        {"kind": "box", "measure": "x", "whiskers": [0.2, 0.8], "outliers": False},
        {"kind": "survival", "time": "x", "event": "half", "times": [500]},
        {"kind": "sankey"},
    ],
)
def test_what_is_not_compared_is_said(spec: dict[str, Any]) -> None:
    answer = judged(DATA, spec, earlier=[_answer(TABLE)])
    told = [one for one in answer.findings if one.rule == "differencing"]
    assert [one.weight for one in told] == [Weight.NOTE]
    assert "not compared with the 1 earlier" in told[0].sentence


def test_models_of_nearly_as_many_persons_are_for_a_person_to_look_at() -> None:
    """200 persons and 199: 0 < 1 < 10; 200 and 100: a hundred apart."""
    near = judged(DATA, {**MODEL, "filter": "one_less = 1"}, earlier=[_answer(MODEL)])
    assert near.verdict is Verdict.REVIEW
    assert [one.figures.get("difference") for one in near.findings] == [None, 1]
    assert judged(DATA, {**MODEL, "filter": "half = 1"}, earlier=[_answer(MODEL)]).verdict is Verdict.SAFE
    assert judged(DATA, MODEL, earlier=[_answer(MODEL)]).verdict is Verdict.SAFE


def test_an_earlier_histogram_with_other_bins_than_it_says_is_refused() -> None:
    odd = {"spec": HISTOGRAM, "cells": [{"row": [], "column": ["from here to there"], "persons": 3}]}
    with pytest.raises(CannotJudge) as refused:
        judged(DATA, TABLE, earlier=[odd])
    assert refused.value.code == "earlier.malformed"
