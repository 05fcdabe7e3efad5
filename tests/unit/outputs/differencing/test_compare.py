"""Each way of differencing, worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.compare import Differences, compare
from output_checking.domain.checks.differencing.extent import Domain, Extent, only, stretch
from output_checking.domain.checks.differencing.gap import Way
from output_checking.domain.checks.differencing.members import digest, make_members
from output_checking.domain.checks.differencing.population import read_population
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Axis, Released, make_axis
from output_checking.domain.checks.specification.expression import read_filter

DOMAINS = {"age": Domain(Extent(spans=(((0.0, 0), (99.0, 1)),)), whole=True), "sex": Domain(only(["F", "M"]))}


Counts = Sequence[float] | float | NDArray[np.float64]


def table(
    counts: Counts, axes: Sequence[tuple[str, Sequence[object]]] = (), text: str = "", **more: object
) -> Released:
    """A table from its counts (totals are added where it has one axis) and a filter; levels are texts or (low, high)."""
    population = read_population(read_filter(text) if text else None, domains=DOMAINS)
    made: list[Axis] = []
    for column, levels in axes:
        extents = [(stretch(*one) if isinstance(one, tuple) else only([str(one)]), str(one)) for one in levels]
        made.append(make_axis(column, extents, population=population, domain=DOMAINS.get(column, Domain())))
    values = np.asarray(counts, dtype=float)
    if len(made) == 1:
        values = np.append(values, values.sum())
    given: dict[str, object] = {"name": "a table", "least": values, "most": values.copy(), **more}
    return Released(axes=tuple(made), population=population, **given)  # type: ignore[arg-type]


def found(new: Released, *earlier: Released) -> Differences:
    return compare(new, Register(earlier), threshold=10, domains=DOMAINS)


def ways(new: Released, *earlier: Released) -> set[Way]:
    return {gap.way for gap in found(new, *earlier).gaps}


SEXES = [("sex", ["F", "M"])]


def test_the_same_table_again_is_safe() -> None:
    assert found(table([40, 50], SEXES), table([40, 50], SEXES)) == Differences(())


def test_the_same_table_with_one_person_more() -> None:
    gaps = found(table([41, 50], SEXES), table([40, 50], SEXES)).gaps
    assert {(gap.way, gap.where, gap.least, gap.most) for gap in gaps} == {
        (Way.SAME, "sex F", 1, 1),
        (Way.SAME, "sex total", 1, 1),
    }


def test_ten_persons_more_are_enough() -> None:
    assert ways(table([50, 50], SEXES), table([40, 50], SEXES)) == set()


def test_nested_filters() -> None:
    """47 of all ages, 44 of 18 and over: three are under 18."""
    gaps = found(table(44, text="age >= 18"), table(47)).gaps
    assert [(gap.way, gap.least) for gap in gaps] == [(Way.WITHIN, 3)]
    gaps = found(table(47), table(44, text="age >= 18")).gaps
    assert [(gap.way, gap.least) for gap in gaps] == [(Way.AROUND, 3)]


def test_a_filter_that_says_the_same_otherwise_is_the_same() -> None:
    assert ways(table(44, text="age > 17"), table(44, text="not age < 18")) == set()
    assert ways(table(44, text="age > 17"), table(45, text="age >= 18 and age < 100")) == {Way.SAME}


def test_overlapping_filters_say_nothing_by_themselves() -> None:
    assert found(table(44, text="age >= 18"), table(47, text="age < 65")) == Differences(())


def test_nested_bands() -> None:
    """18 to under 65 held 60, 18 to under 66 holds 64: four are 65."""
    earlier = table([30, 60, 40], [("age", [(0, 18), (18, 65), (65, 100)])])
    new = table([30, 64, 36], [("age", [(0, 18), (18, 66), (66, 100)])])
    gaps = found(new, earlier).gaps
    assert {(gap.way, gap.where, gap.least) for gap in gaps} == {
        (Way.AROUND, "age (18, 66)", 4),
        (Way.WITHIN, "age (66, 100)", 4),
    }


def test_a_further_breakdown() -> None:
    """53 men and women of one kind; the new table splits by age without those of 95 and over: 53 - (20 + 29) = 4."""
    new = table([20, 29], [("age", [(0, 50), (50, 95)])])
    assert {(gap.way, gap.where, gap.least) for gap in found(new, table(53)).gaps} == {(Way.WITHIN, "age total", 4)}


def test_the_total_of_the_rows_against_an_earlier_total() -> None:
    assert ways(table([20, 30], SEXES), table(53)) == {Way.SAME}


def test_a_sum_over_three_tables() -> None:
    """100 of all, 60 under 50 (first), 36 of 51 and over (second): 100 - 60 - 36 = 4 are exactly 50. No two of them tell it."""
    new = table(36, text="age >= 51")
    gaps = found(new, table(100), table(60, text="age < 50")).gaps
    assert [(gap.way, gap.most) for gap in gaps] == [(Way.SUMS, 4)]


def test_an_intersection_by_inclusion_and_exclusion() -> None:
    """Under 60: 70; 40 and over: 34; all: 100. 70 + 34 - 100 = 4 are 40 to 59."""
    gaps = found(table(100), table(70, text="age < 60"), table(34, text="age >= 40")).gaps
    assert [(gap.way, gap.most) for gap in gaps] == [(Way.SUMS, 4)]


def test_one_who_left_and_one_who_came_are_seen_by_membership() -> None:
    def with_people(*people: int) -> Released:
        digests = [digest(one, key=b"k") for one in people]
        return table(len(people), members=make_members([digests]))

    assert ways(with_people(*range(50)), with_people(*range(50))) == set()
    assert ways(with_people(*range(1, 51)), with_people(*range(50))) == {Way.MOVED}
    assert ways(with_people(*range(10, 60)), with_people(*range(50))) == set()


def test_counts_of_another_version_are_not_added_to_this_one() -> None:
    """The sum over three tables from above, but one is of other data: it does not follow."""
    new = table(36, text="age >= 51", version="2")
    assert found(new, table(100, version="1"), table(60, text="age < 50", version="2")) == Differences(())


def test_a_rounded_earlier_table_is_what_its_reader_knows() -> None:
    """50 to base 5 is 48 to 52. Against 49 it tells nothing; against 45 it tells that 3 to 7 left."""

    def rounded(least: float, most: float) -> Released:
        return replace(table(0), least=np.array(least), most=np.array(most), is_exact=False)

    assert ways(table(49), rounded(48, 52)) == set()
    gaps = found(table(45, text="age >= 1"), rounded(48, 52)).gaps
    assert [(gap.least, gap.most) for gap in gaps] == [(3, 7)]
    assert ways(rounded(43, 47), rounded(48, 52)) == set()


def test_two_roundings_of_one_small_cell() -> None:
    """5 to base 5 is 3 to 7; 6 to base 3 is 5 to 7: together 5 to 7 is no less than base 3 alone. 6 to base 6 (3 to 9) and
    3 to base 5 moved by one (1 to 4): together 3 to 4."""
    one = replace(table(0), least=np.array(3.0), most=np.array(9.0), is_exact=False)
    other = replace(table(0), least=np.array(1.0), most=np.array(4.0), is_exact=False)
    gaps = found(one, other).gaps
    assert [(gap.way, gap.least, gap.most) for gap in gaps] == [(Way.TOGETHER, 3, 4)]


def test_rows_and_columns_exchanged_are_the_same_table() -> None:
    counts = np.array([[20.0, 30, 50], [40, 50, 90], [60, 80, 140]])
    ages = ("age", [(0, 50), (50, 100)])
    one = table(counts, [SEXES[0], ages])
    assert found(one, table(counts.T, [ages, SEXES[0]])) == Differences(())
    changed = counts.copy()
    changed[0, 1] += 2
    assert Way.SAME in ways(table(changed, [SEXES[0], ages]), table(counts.T, [ages, SEXES[0]]))


def test_more_tables_than_are_followed_are_left_to_a_person() -> None:
    levels = [(f"column {place}", [str(one) for one in range(12)]) for place in range(2)]
    big = [table(np.full((13, 13), 500.0), levels, f"age >= {low}") for low in range(1, 99)]
    answer = found(
        table(np.full((13, 13), 500.0), levels, "age < 99"), *(replace(one, version="x") for one in big), *big
    )
    assert [one.code for one in answer.unsettled] == ["differencing.too_large"]


def test_a_condition_on_two_columns_at_once_is_followed_in_sums() -> None:
    """sex = 'F' or age < 50: 80. F: 50. M under 50: 26. 80 - 50 - 26 = 4 cannot be, so the counts disagree; 30 is right."""
    either = table(80, text="sex = 'F' or age < 50")
    assert found(table(30, text="sex = 'M' and age < 50"), either, table(50, text="sex = 'F'")) == Differences(())
    wrong = found(table(26, text="sex = 'M' and age < 50"), either, table(50, text="sex = 'F'"))
    assert [one.code for one in wrong.unsettled] == ["differencing.counts_disagree"]
