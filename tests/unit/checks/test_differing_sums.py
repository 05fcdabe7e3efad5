"""What the sums of two releases differ by, worked out by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from output_checking.domain.checks import comparing
from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.finding import Finding, Weight
from tests.factories.records import cell_at, judged

EVEN = [100.0 + place * 7 % 41 for place in range(40)]
DATA: Mapping[str, Sequence[Any]] = {
    # of 40 women and 15 men of region a one man has much; of region b nobody; the man's records are of two years
    "who": [*range(55), *range(100, 155), 54],
    "region": ["a"] * 55 + ["b"] * 55 + ["a"],
    "sex": (["F"] * 40 + ["M"] * 15) * 2 + ["M"],
    "age": [20 + place % 40 for place in range(110)] + [34],
    "year": [2021] * 110 + [2020],
    "cost": [*EVEN, *EVEN[:14], 50_000.0, *EVEN, *EVEN[:15], 7.0],
    "weight": [1.0] * 111,
}
SUM: dict[str, Any] = {"statistic": "sum", "measure": "cost"}
HIDDEN = {**SUM, "rows": ["region"], "columns": ["sex"], "suppressed": [{"row": ["a"], "column": ["M"]}]}


def _after(*specs: Mapping[str, Any], data: Mapping[str, Sequence[Any]] = DATA) -> Answer:
    earlier = [judged(data, one).as_json() for one in specs[:-1]]
    return judged(data, specs[-1], earlier=earlier)


def _told(answer: Answer) -> list[Finding]:
    everything = [*answer.findings, *(one for cell in answer.cells for one in cell.findings)]
    return [one for one in everything if one.rule == "differencing" and one.weight is Weight.UNSAFE]


def test_a_dominated_cell_that_was_hidden_is_not_told_by_a_later_total() -> None:
    """15 men are enough, but 50,007 + 140 of 51,700 is 97 % > 90 %: hidden. The total of a, 56,500, is dominated as well: 88.8 % is not."""
    answer = _after(HIDDEN, {**SUM, "rows": ["region"]})
    (found,) = _told(answer)
    assert found in cell_at(answer, ["a"]).findings
    assert (found.figures["persons"], found.figures["earlier"]) == (15, "earlier answer 1")
    assert "the 2 largest persons make up" in found.sentence
    assert not _told(_after({**HIDDEN, "suppressed": []}, {**SUM, "rows": ["region"]})), "known already"


def test_a_mean_and_a_weighted_sum_tell_the_same_as_a_sum() -> None:
    means = [{**one, "statistic": "mean"} for one in (HIDDEN, {**SUM, "rows": ["region"]})]
    assert len(_told(_after(*means))) == 1
    weighted = [{**one, "weight": "weight"} for one in (HIDDEN, {**SUM, "rows": ["region"]})]
    assert len(_told(_after(*weighted))) == 1
    assert not _told(_after(weighted[0], {**SUM, "rows": ["region"]})), (
        "weighted otherwise: no difference of one measure"
    )


@pytest.mark.parametrize("part", [SUM, {"statistic": "count"}])
def test_records_that_a_filter_leaves_out_may_be_one_persons_though_all_persons_stay(part: dict[str, Any]) -> None:
    """55 persons in a with and without the record of 2020: N_A − N_B = 0; but 7, or one record, is all that person 54's."""
    spec = {**part, "rows": ["region"]}
    for first, second in ((spec, {**spec, "filter": "year >= 2021"}), ({**spec, "filter": "year >= 2021"}, spec)):
        (found,) = _told(_after(first, second))
        assert (found.figures["persons"], found.figures["difference"]) == (1, 7.0 if part is SUM else 1.0)
        assert "only 1 person adds to it" in found.sentence


def test_a_difference_of_many_even_amounts_is_safe() -> None:
    """Region b: 15 men with 100 to 140 each: 240 / 1,730 = 14 %."""
    only_b = {**SUM, "filter": "region = 'b'"}
    assert _after(only_b, {**SUM, "filter": "region = 'b' and sex = 'F'"}).verdict == "safe"


def test_amounts_below_0_hide_nothing() -> None:
    """15 men: −50,000 and 14 of about 110 each: |−50,000| + 140 of 51,600 is 97 % > 90 %, whatever the sum comes to."""
    data = {**DATA, "cost": [-one if one == 50_000.0 else one for one in DATA["cost"]]}
    assert _told(_after({**SUM, "rows": ["region"]}, {**SUM, "rows": ["region"], "filter": "sex = 'F'"}, data=data))


def test_bands_and_merged_levels_are_looked_at_by_what_they_hold() -> None:
    """34 years: the man of 50,000 in a, and others. From 30 to 40 less 30 to 35 is 35 to 40: none of his. The other way he is in it."""
    bands = {**SUM, "rows": [{"column": "age", "bands": [20, 35, 60]}]}
    finer = {**SUM, "rows": [{"column": "age", "bands": [20, 30, 35, 60]}]}
    whole = {**SUM, "rows": [{"column": "age", "bands": [20, 60]}]}
    assert not _told(_after(bands, whole)), "what the bands add up to"
    hidden = {**finer, "suppressed": [{"row": ["30 to under 35"], "column": []}]}
    assert _told(_after(hidden, bands))
    merged = {**SUM, "rows": [{"column": "region", "merge": [["a", "b"]]}]}
    only_b = {**SUM, "rows": ["region"], "suppressed": [{"row": ["a"], "column": []}]}
    assert len(_told(_after(only_b, {**merged, "filter": "sex = 'M'"}))) == 0, "neither holds the other"
    men = {**only_b, "filter": "sex = 'M'"}
    assert len(_told(_after(men, {**merged, "filter": "sex = 'M'"}))) >= 1


def test_beyond_a_bound_of_differences_a_person_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST_GROUPS", 0)
    answer = _after(HIDDEN, {**SUM, "rows": ["region"]})
    assert [one.weight for one in answer.findings if one.rule == "differencing"] == [Weight.REVIEW]


def test_an_earlier_answer_on_other_columns_or_with_odd_evidence_is_no_error() -> None:
    elsewhere = {
        "spec": {**SUM, "rows": ["ward"], "filter": "bed > 3"},
        "cells": [{"row": ["w"], "column": [], "persons": 40, "value": 5.0}],
    }
    odd = judged(DATA, HIDDEN).as_json()
    for cell, evidence in zip(odd["cells"], [3, None, {"measure": 3}, {"measure": {"largest": "much"}}], strict=True):
        cell["evidence"] = evidence
    answer = judged(DATA, {**SUM, "rows": ["region"]}, earlier=[elsewhere, odd])
    assert [one.figures["earlier"] for one in _told(answer)] == ["earlier answer 2"]


def test_columns_may_have_any_name() -> None:
    named = {"who": DATA["who"], "a": DATA["region"], "p": DATA["sex"], "h0": DATA["cost"]}
    table = {"statistic": "sum", "measure": "h0", "rows": ["a"]}
    hidden = {**table, "columns": ["p"], "suppressed": [{"row": ["a"], "column": ["M"]}]}
    assert len(_told(_after(hidden, table, data=named))) == 1
