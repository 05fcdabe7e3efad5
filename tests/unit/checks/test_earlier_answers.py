"""Earlier answers that are read once: the same findings as when they are read for each table, and only of their own data."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from output_checking.domain.checks.check import check
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.evidence.duck import Source, lend
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.records import rules_in

# 60 persons of each sex in each of two regions; 5 of region a came in 2021
RECORDS = """
create table records as
select i as who, case when i < 120 then 'a' else 'b' end as region, case when i % 2 = 0 then 'F' else 'M' end as sex,
       case when i < 5 then 2021 else 2020 end as year, 100.0 + i % 7 as cost
from range(240) t(i)
"""
COUNT: dict[str, Any] = {"rows": ["region"], "statistic": "count"}
EARLY = {**COUNT, "filter": "year <= 2020"}
MODEL = {"kind": "regression", "model": "linear", "outcome": "cost", "terms": ["year"]}


@pytest.fixture
def source() -> Iterator[Source]:
    with duckdb.connect() as connection:
        connection.execute(RECORDS)
        with lend(connection, "records", person="who") as lent:
            yield lent


def _found(source: Source, spec: Mapping[str, Any], earlier: EarlierAnswers | list[Any]) -> list[Any]:
    answer = check(source, spec, earlier=earlier).as_json()
    return [answer["verdict"], answer["table"], [one["findings"] for one in answer["cells"]]]


@pytest.mark.parametrize(
    "spec", [COUNT, {**COUNT, "columns": ["sex"]}, {**COUNT, "statistic": "mean", "measure": "cost"}]
)
def test_read_once_or_for_each_table_the_findings_are_the_same(source: Source, spec: dict[str, Any]) -> None:
    """Of region a 115 persons were there in 2020, 120 are now: 5 are told apart, and what they cost."""
    given = [check(source, one).as_json() for one in (EARLY, {**EARLY, "statistic": "mean", "measure": "cost"}, MODEL)]
    kept = EarlierAnswers(source, given)
    assert _found(source, spec, kept) == _found(source, spec, given) == _found(source, spec, kept), "nothing is used up"
    assert len(kept) == 3


def test_what_is_released_is_added_and_counts_from_then_on(source: Source) -> None:
    kept = EarlierAnswers(source)
    assert not rules_in(check(source, COUNT, earlier=kept)), "nothing was released yet"
    kept.add(check(source, EARLY).as_json())
    answer = check(source, COUNT, earlier=kept)
    assert rules_in(answer) == {"differencing"}
    (found,) = [one for cell in answer.cells for one in cell.findings]
    assert (found.figures["least"], found.figures["most"]) == (5, 5)


def test_of_other_data_nothing_is_said(source: Source) -> None:
    kept = EarlierAnswers(source, [check(source, EARLY).as_json()])
    with duckdb.connect() as connection:
        connection.execute(RECORDS)
        with lend(connection, "records", person="who") as other, pytest.raises(CannotJudge) as refused:
            check(other, COUNT, earlier=kept)
    assert refused.value.code == "earlier.of_another_source"


def test_the_sums_behind_means_are_those_of_the_answer_and_of_the_data_where_it_says_none(source: Source) -> None:
    """Men of 2021: i = 1, 3, and of 2020 i = 5, … The mean of a without i < 5 tells 5 persons' sum: 101 + … = 510."""
    mean = {**COUNT, "statistic": "mean", "measure": "cost"}
    told = check(source, {**mean, "filter": "year <= 2020"}).as_json()
    bare = {
        "spec": told["spec"],
        "cells": [{k: c[k] for k in ("row", "column", "persons", "value")} for c in told["cells"]],
    }
    for given in (told, bare):
        shown = EarlierAnswers(source, [given]).register.tables[0].shown
        assert shown is not None
        a = 100.0 * 115 + sum(i % 7 for i in range(5, 120))
        assert shown.amounts[0] == pytest.approx(a)
        assert shown.amounts[-1] == pytest.approx(a + 100.0 * 120 + sum(i % 7 for i in range(120, 240)))
    wrong = {**told, "cells": [{**c, "evidence": {"measure": {"total": 3.0}}} for c in told["cells"]]}
    (table,) = EarlierAnswers(source, [wrong]).register.tables
    assert table.shown is not None
    assert table.shown.amounts[0] == 3.0, "what was known then, not what the data say now"


@pytest.mark.parametrize("more", [{}, {"rows": ["region", "sex"]}])
@pytest.mark.parametrize(
    "cells",
    [
        3,
        [3],
        [{"row": ["a"]}],
        [{"row": ["a"], "column": []}],
        [{"row": "a", "column": [], "persons": 30}],
        [{"row": ["a"], "column": [], "persons": -1}],
        [{"row": ["a"], "column": [], "persons": 30.5}],
        [{"row": ["a"], "column": [], "persons": True}],
        [{"row": ["a"], "column": [], "persons": "many"}],
        [{"row": ["a"], "column": [], "persons": 10**400}],
        [{"row": ["a", "b", "c"], "column": [], "persons": 3}],
        [{"row": ["a"], "column": ["F"], "persons": 3}],
        [{"row": ["a"], "column": [], "persons": 30, "members": ["not a digest"]}],
    ],
)
def test_an_answer_that_is_not_right_is_refused_by_its_name(
    source: Source, cells: object, more: dict[str, Any]
) -> None:
    with pytest.raises(CannotJudge) as refused:
        check(source, COUNT, earlier=[{"name": "march.json", "spec": {**EARLY, **more}, "cells": cells}])
    assert refused.value.code == "earlier.malformed"
    assert "march.json" in refused.value.sentence


def test_an_answer_whose_specification_is_wrong_is_named_too(source: Source) -> None:
    with pytest.raises(CannotJudge) as refused:
        check(source, COUNT, earlier=[{"name": "march.json", "spec": {"statistic": "cuont"}, "cells": []}, {"spec": 3}])
    assert refused.value.code.startswith("specification.")
    assert "'earlier answer 2'" in refused.value.sentence
    with pytest.raises(CannotJudge, match=r"march\.json"):
        check(source, COUNT, earlier=[{"name": "march.json", "spec": {"rows": 3}, "cells": []}])


def test_what_is_of_other_columns_is_said_and_compared_by_its_counts(source: Source) -> None:
    """120 persons of region a, of whom 115 had a bed then: 5 had none, though what a bed is these data do not say."""
    given = {
        "spec": {**COUNT, "filter": "bed > 3"},
        "cells": [{"row": ["a"], "column": [], "persons": 115, "value": 115}],
    }
    answer = check(source, COUNT, earlier=[given])
    (note,) = [one for one in answer.findings if one.figures.get("other_columns")]
    assert "'earlier answer 1'" in note.sentence
    assert rules_in(answer) == {"differencing"}


def test_a_group_is_told_once_though_counts_and_members_both_show_it(source: Source) -> None:
    key = b"a secret of sixteen"
    answer = check(source, COUNT, earlier=[check(source, EARLY, key=key).as_json()], key=key)
    (found,) = [one for cell in answer.cells for one in cell.findings]
    assert found.figures["least"] == 5


def test_a_total_that_the_output_does_not_show_is_called_one(source: Source) -> None:
    """Neither shows its total; 235 and 240 follow by adding up, and 5 are between them."""
    answer = check(source, COUNT, earlier=[check(source, {**EARLY, "rows": [], "columns": ["sex"]}).as_json()])
    assert any("this total, which a reader can add up," in one.sentence for one in answer.findings)
    assert not any("this cell" in one.sentence.lower() for one in answer.findings)
