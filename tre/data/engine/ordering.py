"""Owns the order of persons by their pseudonyms, and of rows by person, day and values. Must never fall back on how they came.

Keys are small numbers, so rows are ordered by counting: some bits at a time, the least weighty first. What tells values apart
is a hash of 64 bits, made only where person and day are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tre.data.domain.pseudonym import LENGTH

_DIGIT = 12
"""Bits that Arrow sorts by counting; more, and it compares, which takes twenty times as long."""
_VALUE_BITS = 16
_SHORT = 32


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What rows are ordered by, weightiest first; all from 0.

    Args:
        person: rank of the person.
        day: day of the row; zeros where there is none.
        values: gives for places of rows 64 bits made of each row's values: two rows with the same are taken for equal.
    """

    person: NDArray[np.uint64]
    day: NDArray[np.uint64]
    values: Callable[[NDArray[np.int64]], NDArray[np.uint64]]


def order_of(keys: Keys) -> NDArray[np.int64]:
    """Return the places of the rows in their order."""
    head = _joined(keys.person, keys.day)
    order = _by_counting(head)
    same = _same(head, order)
    if not same.any():
        return order
    alike = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
    group = np.cumsum(np.insert(~same, 0, True), dtype=np.uint64)[alike]
    order[alike] = order[alike][_by_values(group, keys.values(order[alike]))]
    return order


def places_by(digit: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the places of numbers of twelve bits in their order; the same ones stay as they came."""
    places: NDArray[np.uint64] = pc.array_sort_indices(pa.array(digit)).to_numpy()
    return places.view(np.int64)


def _by_values(group: NDArray[np.uint64], values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the order by group and values: by the first bits of the values, and by all where those are the same."""
    head = _joined(group, values >> np.uint64(64 - _VALUE_BITS))
    order = _by_counting(head)
    same = _same(head, order)
    if same.any():
        alike = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        order[alike] = order[alike][np.lexsort((values[order[alike]], head[order[alike]]))]
    return order


def _joined(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.unsignedinteger]:
    """Return both, of 32 bits at most, in one number; in a short one where that holds them, which moves faster."""
    bits = int(low.max(initial=0)).bit_length()
    joined = (high << np.uint64(bits)) | low
    return joined.astype(np.uint32) if int(high.max(initial=0)).bit_length() + bits <= _SHORT else joined


def _by_counting(key: NDArray[np.unsignedinteger]) -> NDArray[np.int64]:
    """Return the order by a key, digit by digit from the least; rows with the same key stay as they came."""
    bits = max(1, int(key.max(initial=0)).bit_length())
    count = -(-bits // _DIGIT)
    width = -(-bits // count)
    mask = key.dtype.type((1 << width) - 1)
    order = places_by((key & mask).astype(np.uint16))
    for number in range(1, count):
        digit = ((key >> key.dtype.type(width * number)) & mask).astype(np.uint16)
        order = order.take(places_by(digit.take(order)))
    return np.array(order) if count == 1 else order  # Arrow's own places cannot be written to


def _same(key: NDArray[np.unsignedinteger], order: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each row but the last whether it has the same key as the next."""
    inside = key.take(order)
    same: NDArray[np.bool_] = inside[1:] == inside[:-1]
    return same


def order_of_texts(texts: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return the order of pseudonyms."""
    return order_of_heads(heads_of(texts), lambda places: texts[places])


def heads_of(texts: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return of each pseudonym the first eight letters behind the one that all have, as a number."""
    letters = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), LENGTH)
    return np.ascontiguousarray(letters[:, 1:9]).view(">u8")[:, 0].astype(np.uint64)


def order_of_heads(
    heads: NDArray[np.uint64], texts: Callable[[NDArray[np.int64]], NDArray[np.bytes_]]
) -> NDArray[np.int64]:
    """Return the order of pseudonyms by their heads, and in full where those are the same.

    Args:
        heads: from `heads_of`.
        texts: gives the pseudonyms at some places.
    """
    order = np.argsort(heads)
    inside = heads.take(order)
    same = inside[1:] == inside[:-1]
    if same.any():
        alike = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        order[alike] = order[alike][np.argsort(texts(order[alike]))]
    return order
