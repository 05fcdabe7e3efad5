"""Owns the order of rows by person, day and values. Must never fall back on the order in which rows came.

The keys of a row and its place are packed into one 64-bit number, because numpy sorts plain numbers many times faster than
it sorts places by keys. Where the bits do not hold the whole key, the few rows that look equal are compared in full.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BITS = 64


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What rows are ordered by, weightiest first; all from 0.

    Args:
        person: rank of the person.
        day: day of the row; zeros where there is none.
        values: 64 bits made of the row's values: two rows with the same are taken for equal.
    """

    person: NDArray[np.uint64]
    day: NDArray[np.uint64]
    values: NDArray[np.uint64]


def order_of(keys: Keys) -> NDArray[np.int64]:
    """Return the places of the rows in their order."""
    count = len(keys.person)
    place_bits, person_bits, day_bits = (_bits(one) for one in (count, _top(keys.person), _top(keys.day)))
    value_bits = min(_BITS - place_bits - person_bits - day_bits, 32)
    if value_bits < 1:
        return np.lexsort((keys.values, keys.day, keys.person))
    packed = (keys.person << np.uint64(day_bits)) | keys.day
    packed = (packed << np.uint64(value_bits)) | (keys.values >> np.uint64(_BITS - value_bits))
    packed = (packed << np.uint64(place_bits)) | np.arange(count, dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64((1 << place_bits) - 1)).astype(np.int64)
    return _settled(order, packed >> np.uint64(place_bits), keys.values)


def _settled(order: NDArray[np.int64], heads: NDArray[np.uint64], values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Put the rows whose packed keys are the same into the order of all bits of their values."""
    same = heads[1:] == heads[:-1]
    if not same.any():
        return order
    alike = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    inner = np.lexsort((values[order[alike]], heads[alike]))
    order[alike] = order[alike][inner]
    return order


def _top(key: NDArray[np.uint64]) -> int:
    return int(key.max(initial=0)) + 1


def _bits(count: int) -> int:
    return max(1, count).bit_length()
