"""Which cells are taken for counts, and which of them are small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.small_counts import small_counts
from output_checking.domain.checks.files.tabular import read_table


def found(text: str, *, threshold: int = 10) -> list[tuple[int | None, str]]:
    """Row and column of each small cell."""
    return [(one.row, one.column) for one in small_counts(read_table(text, delimiter=","), threshold=threshold)]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("band,n\na,9\nb,10\nc,0\n", [(1, "n"), (3, "n")]),
        ("chapter,2017,2018\nA,3,50\nB,12,9\n", [(1, "2017"), (2, "2018")]),
        ("diagnosis,Male,Female\nA,3,50\nB,12,9\n", [(1, "Male"), (2, "Female")]),
        ("diagnosis,Age under 40,Age 40+\nA,3,50\n", [(1, "Age under 40")]),
        ("band,n (%)\na,7 (3.2%)\nb,90 (41%)\n", [(1, "n (%)")]),
        ("band,n\na,7.0\nb,\nc,90.0\n", [(1, "n")]),
        ("band,n\na,<10\nb,[c]\nc,*\nd,4\n", [(4, "n")]),
        ("band,n\na,\"1,204\"\nb,8\n", [(2, "n")]),
        ("band,admissions in 2017,deathCount\na,5,6\n", [(1, "admissions in 2017"), (1, "deathCount")]),
        (",Treated,Control\nn,8,120\nmean age,61.2,59.9\nmedian,4,5\n", [(1, "Treated")]),
        ("3,5\n7,12\n", [(1, "column 1"), (2, "column 1"), (1, "column 2")]),
        ("band,n_age_over_80,patients per year\na,2,3\n", [(1, "n_age_over_80"), (1, "patients per year")]),
    ],
)  # fmt: skip
def test_small_counts_are_found(text: str, cells: list[tuple[int, str]]) -> None:
    assert sorted(found(text), key=str) == sorted(cells, key=str)


@pytest.mark.parametrize(
    "text",
    [
        "year,month,n\n2017,1,50\n2017,2,60\n",
        "age,sex,patients\n5,1,50\n5,2,60\n",
        "treated,smoker,patients\n0,1,30\n1,1,40\n1,0,50\n",
        "icd10_chapter,admissions\n1,500\n2,610\n",
        ",band,n\n0,a,50\n1,b,60\n",
        "band,mean,sd,min,max,p5\na,3,2,1,9,4\n",
        "band,rate per 1000,odds ratio\na,3,1\n",
        "week of death,persons\n1,55\n2,70\n",
        "band,bmi\na,7.5\nb,8.25\n",
        "person_id,n\n7,50\n8,60\n",
    ],
)
def test_labels_and_statistics_are_passed_over(text: str) -> None:
    assert found(text) == []


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 20))
def test_in_a_named_column_exactly_the_cells_under_the_threshold_are_found(counts: list[int], threshold: int) -> None:
    text = "band,n\n" + "".join(f"b{place},{count}\n" for place, count in enumerate(counts))
    assert [row for row, _ in found(text, threshold=threshold)] == [
        row for row, count in enumerate(counts, start=1) if count < threshold
    ]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(1, 19))
def test_a_stricter_threshold_never_finds_less(counts: list[int], threshold: int) -> None:
    text = "group,Anyone\n" + "".join(f"g{place},{count}\n" for place, count in enumerate(counts))
    assert set(found(text, threshold=threshold)) <= set(found(text, threshold=threshold + 1))


def test_a_finding_tells_the_figures_and_the_remedy_and_zero_is_told_apart() -> None:
    under, zero = examine("a.csv", b"band,n\na,7\nb,0\n", threshold=10).findings
    assert (under.rule, under.figures["count"], under.figures["threshold"]) == ("small_counts.under_threshold", 7, 10)
    assert "round" in under.remedy
    assert zero.rule == "small_counts.zero"


def test_a_thousand_small_cells_become_a_hundred_findings_that_say_so() -> None:
    body = ("band,n\n" + "".join(f"b{n},3\n" for n in range(1000))).encode()
    findings = examine("a.csv", body, threshold=10).findings
    assert len(findings) == 100
    assert any("901 times more" in one.sentence for one in findings)


def test_digits_without_end_and_quotes_without_end_are_no_fault_of_ours() -> None:
    assert found("band,n\na," + "9" * 10_000 + "\n") == []
    assert [one.rule for one in examine("a.csv", b'a,n\n"x,3\n', threshold=10).findings] == [
        "file_kinds.unreadable_table"
    ]
