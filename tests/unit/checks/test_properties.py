"""What must not change a verdict does not, and what makes it stricter never finds less (Hypothesis)."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import EMPTY, WEIGHTS, Appetite
from output_checking.domain.checks.finding import Verdict
from tests.factories.records import judged

LIGHT = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RANK = {Verdict.SAFE: 0, Verdict.REVIEW: 1, Verdict.UNSAFE: 2}

# a record: person, row, column, an even amount
RECORDS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.sampled_from("cd"), st.integers(-50, 50).map(lambda one: 2 * one)),
    min_size=1,
    max_size=120,
)  # fmt: skip
STATISTICS = st.sampled_from(["count", "persons", "sum", "mean", "median", "min", "max", "mode", "std"])
APPETITES = st.builds(
    Appetite,
    threshold=st.integers(1, 30),
    dominance_persons=st.integers(1, 4),
    dominance_share=st.floats(0.3, 1.0),
    p_percent=st.floats(0, 60),
    class_share=st.floats(0.5, 1.0),
    empty_cells=st.sampled_from(EMPTY),
    quantile_values=st.sampled_from(WEIGHTS),
)
Record = tuple[Any, str, str, int]
Found = tuple[str, tuple[str, ...], tuple[str, ...], str]


def _judged(records: Sequence[Record], statistic: str, appetite: Appetite | None = None) -> Answer:
    columns = {name: [one[place] for one in records] for place, name in enumerate(("who", "r", "c", "x"))}
    measure = {} if statistic in {"count", "persons"} else {"measure": "x"}
    spec = {"rows": ["r"], "columns": ["c"], "statistic": statistic, "margins": True, **measure}
    return judged(columns, spec, appetite=appetite)


def _found(answer: Answer) -> set[Found]:
    return {
        (one.cell.margin, one.cell.row, one.cell.column, found.rule) for one in answer.cells for found in one.findings
    }


@LIGHT
@given(RECORDS, st.integers(2, 4))
def test_more_persons_in_every_cell_never_make_too_few(records: list[Record], times: int) -> None:
    more = [((who, copy), row, column, amount) for copy in range(times) for who, row, column, amount in records]
    plain = [(f"{who}", row, column, amount) for who, row, column, amount in records]
    grown = [(f"{who}", row, column, amount) for who, row, column, amount in more]
    before, after = _found(_judged(plain, "count")), _found(_judged(grown, "count"))
    assert {one for one in after if one[-1] == "threshold"} <= before


@LIGHT
@given(RECORDS, STATISTICS, APPETITES, APPETITES)
def test_a_stricter_appetite_never_finds_less(
    records: list[Record], statistic: str, one: Appetite, other: Appetite
) -> None:
    strict = Appetite(
        threshold=max(one.threshold, other.threshold),
        dominance_persons=max(one.dominance_persons, other.dominance_persons),
        dominance_share=min(one.dominance_share, other.dominance_share),
        p_percent=max(one.p_percent, other.p_percent),
        class_share=min(one.class_share, other.class_share),
        empty_cells=max(one.empty_cells, other.empty_cells, key=EMPTY.index),
        quantile_values=max(one.quantile_values, other.quantile_values, key=WEIGHTS.index),
    )
    loose, tight = _judged(records, statistic, one), _judged(records, statistic, strict)
    assert _found(loose) <= _found(tight)
    assert RANK[loose.verdict] <= RANK[tight.verdict]


@LIGHT
@given(RECORDS, STATISTICS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(records: list[Record], statistic: str, chance: Any) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert _found(_judged(records, statistic)) == _found(_judged(shuffled, statistic))


@LIGHT
@given(RECORDS, STATISTICS)
def test_the_names_of_levels_and_persons_change_nothing(records: list[Record], statistic: str) -> None:
    names = {"a": "züge; drop table --", "b": "'b\"", "c": "\n", "d": "Total"}
    renamed = [(f"person {who}", names[row], names[column], amount) for who, row, column, amount in records]
    seen = _found(_judged(renamed, statistic))
    expected = {
        (margin, tuple(names[one] for one in row), tuple(names[one] for one in column), rule)
        for margin, row, column, rule in _found(_judged(records, statistic))
    }  # fmt: skip
    assert seen == expected


@LIGHT
@given(RECORDS, st.sampled_from(["persons", "sum"]))
def test_splitting_a_persons_records_changes_nothing(records: list[Record], statistic: str) -> None:
    split = [(who, row, column, amount // 2) for who, row, column, amount in records for _ in range(2)]
    before = {one for one in _found(_judged(records, statistic)) if one[-1] != "all_the_same"}
    after = {one for one in _found(_judged(split, statistic)) if one[-1] != "all_the_same"}
    assert before == after
