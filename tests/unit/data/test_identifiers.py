"""Check digits: ours, vectorised, in SQL and in the kernel, against the `nhs-number` package."""

import duckdb
import nhs_number
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.data.domain.identifiers import check_digits, valid_nhs_numbers
from tre.data.engine.faults import nhs_check
from tre.data.engine.made.people import MOST_PERSONS, all_numbers
from tre.kernel.errors import Invalid
from tre.kernel.patterns import find_nhs_numbers, find_pseudonyms, is_nhs_number

TEN_DIGITS = st.integers(min_value=1, max_value=9_999_999_999)


def of_package(number: int) -> bool:
    """Say what the package's own check digit says (its rule on Scottish dates of birth is not a check digit)."""
    text = f"{number:010d}"
    return bool(nhs_number.calculate_checksum(text[:9]) == int(text[9]))


@given(st.lists(TEN_DIGITS, min_size=1, max_size=50))
def test_vectorised_check_agrees_with_the_package(numbers: list[int]) -> None:
    ours = valid_nhs_numbers(np.array(numbers, dtype=np.int64))
    assert ours.tolist() == [of_package(one) for one in numbers]


@given(TEN_DIGITS)
def test_kernel_check_agrees_with_the_package(number: int) -> None:
    assert is_nhs_number(f"{number:010d}") == of_package(number)


def test_sql_check_agrees_with_the_package() -> None:
    numbers = [*range(9_990_000_000, 9_990_000_400), *range(4_000_000_000, 4_000_000_400), 1, 10, 19]
    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT n, {nhs_check('n')} FROM unnest(?) t(n)", [numbers]).fetchall()
    assert len(rows) == len(numbers)
    assert {number: said for number, said in rows} == {number: of_package(number) for number in numbers}


def test_made_numbers_are_valid_synthetic_and_different() -> None:
    numbers = all_numbers(np.random.default_rng(1), 20_000)
    assert len(set(numbers.tolist())) == 20_000
    assert all(str(one).startswith("999") for one in numbers)
    assert all(nhs_number.is_valid(str(one)) for one in numbers[:500])
    synthetic = nhs_number.REGION_SYNTHETIC
    assert all(synthetic.contains_number(str(one)) for one in numbers[:500])


def test_the_range_of_test_numbers_has_an_end() -> None:
    assert len(all_numbers(np.random.default_rng(1), MOST_PERSONS)) == MOST_PERSONS
    with pytest.raises(Invalid, match="900,000"):
        all_numbers(np.random.default_rng(1), MOST_PERSONS + 1)


def test_a_check_digit_of_ten_is_never_valid() -> None:
    bases = np.arange(999_000_000, 999_001_000)
    digits = check_digits(bases)
    assert (digits == 10).any()
    for last in range(10):
        assert not valid_nhs_numbers(bases[digits == 10] * 10 + last).any()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("number 9990000018.", ["9990000018"]),
        ("999 000 0018", ["999 000 0018"]),
        ("999-000-0018", ["999-000-0018"]),
        ("999 000-0018", []),
        ("9990000019", []),
        ("19990000018", []),
        ("0.9990000018", []),
        ("A9990000018", []),
    ],
)
def test_nhs_numbers_are_found_in_text(text: str, found: list[str]) -> None:
    assert of_package(9990000018)
    assert [value for _, value in find_nhs_numbers(text)] == found


def test_pseudonyms_are_found_in_text() -> None:
    one = "P222I74IEGXLE6OJMYJIPAYGBPI"
    assert list(find_pseudonyms(f"a,{one}\n")) == [(2, one)]
    assert list(find_pseudonyms(one[:-1] + "B")) == []
    assert list(find_pseudonyms(f"X{one}")) == []
