"""Owns what a valid person identifier is, and its one spelling. Must never store or log one."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

NHS_NUMBER = "nhs_number"
WHOLE_NUMBER = "whole_number"
NHS_DIGITS = 10
_MOST = 10**15


def check_digits(bases: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the check digit of each nine-digit number; 10 where none exists and the number is never issued.

    Source: NHS Data Dictionary, attribute NHS NUMBER: weights 10 down to 2, modulus 11.
    """
    total = np.zeros_like(bases)
    rest = bases.copy()
    for weight in range(2, 11):
        total += (rest % 10) * weight
        rest //= 10
    digits: NDArray[np.int64] = (11 - total % 11) % 11
    return digits


def valid_nhs_numbers(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each number (0 to 9,999,999,999) whether it is a valid NHS, CHI or H&C number: the three share the check digit."""
    right: NDArray[np.bool_] = (numbers > 0) & (check_digits(numbers // 10) == numbers % 10)
    return right


def _valid_whole_numbers(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    valid: NDArray[np.bool_] = (numbers > 0) & (numbers < _MOST)
    return valid


VALID: Mapping[str, Callable[[NDArray[np.int64]], NDArray[np.bool_]]] = {
    NHS_NUMBER: valid_nhs_numbers,
    WHOLE_NUMBER: _valid_whole_numbers,
}
"""Kind of identifier to the test of it; every kind is a whole number once spaces and hyphens are taken away."""
