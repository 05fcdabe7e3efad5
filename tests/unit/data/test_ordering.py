"""Rows lie by person, day and values, however many share a person, a day or the first bits of their values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tre.data.engine.ordering import Keys, order_of, order_of_texts

SHAPES = [(0, 1, 1, 1), (1, 1, 1, 1), (5000, 70, 20, 2**63), (5000, 70, 20, 3), (5000, 1, 1, 2**63)]
SHAPES += [(5000, 200_000, 1, 2**63), (5000, 7, 100_000, 5), (50_000, 3, 1, 2**63), (5000, 2**31, 2**31, 2)]


@pytest.mark.parametrize(("rows", "persons", "days", "values"), SHAPES)
def test_the_order_is_that_of_all_keys(rows: int, persons: int, days: int, values: int) -> None:
    made = np.random.default_rng(1)
    person, day, value = (made.integers(0, most, rows).astype(np.uint64) for most in (persons, days, values))
    order = order_of(Keys(person=person, day=day, values=value.take))
    wanted = np.lexsort((value, day, person))
    assert sorted(order.tolist()) == list(range(rows))
    assert all((key[order] == key[wanted]).all() for key in (person, day, value))


@given(some.lists(some.text("ABCZ234", min_size=26, max_size=26), max_size=30))
@settings(max_examples=50, deadline=None)
def test_pseudonyms_lie_as_texts_do(tails: list[str]) -> None:
    texts = np.array([f"P{one}".encode() for one in tails] * 2, dtype="S27")
    assert texts[order_of_texts(texts)].tolist() == sorted(texts.tolist())
