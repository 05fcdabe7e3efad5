"""Owns how records are taken apart: each person wholly in one slice, small enough to be sorted near the processor.

Must never add them up, nor see a level or SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.folding import Amount

PIECE = 1 << 18  # records that are put into slices at once
MOST_SLICES = 256
# near the golden ratio of 2^64, and odd: no two persons become one, and numbers in a row are spread over all slices
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """Some records.

    Args:
        persons: whose it is, as numbers of their own: in no way those of the source.
        cells: the cell it is in.
        amounts: what it adds, by name of the quantity.
    """

    persons: NDArray[np.uint64]
    cells: NDArray[np.int32]
    amounts: Mapping[str, Amount]


def spread(persons: NDArray[np.generic]) -> NDArray[np.uint64]:
    """Return other numbers for persons, one for one, given as 64-bit whole numbers of any kind."""
    return persons.view(np.uint64) * _SPREAD


def how_many(records: int, *, most: int) -> int:
    """Return how many slices of about `most` records there are: a power of two."""
    return min(MOST_SLICES, 1 << max(0, -(-records // most) - 1).bit_length())


def take_apart(records: Records, count: int) -> list[list[Records]]:
    """Return each slice's part of some records, as pieces to be joined."""
    if count == 1:
        return [[records]]
    slices: list[list[Records]] = [[] for _ in range(count)]
    for start in range(0, len(records.persons), PIECE):
        for one, piece in zip(slices, _split(_chosen(records, slice(start, start + PIECE)), count), strict=True):
            one.append(piece)
    return slices


def join(pieces: Sequence[Records]) -> Records:
    """Return the records of some pieces."""
    if len(pieces) == 1:
        return pieces[0]
    return Records(
        persons=np.concatenate([one.persons for one in pieces]),
        cells=np.concatenate([one.cells for one in pieces]),
        amounts={name: _joined([one.amounts[name] for one in pieces]) for name in pieces[0].amounts},
    )


def _split(piece: Records, count: int) -> list[Records]:
    number = (piece.persons >> np.uint64(56)).astype(np.uint8) % np.uint16(count)
    ordered = _chosen(piece, np.argsort(number.astype(np.uint8), kind="stable"))
    ends = np.cumsum(np.bincount(number, minlength=count)).tolist()
    return [_chosen(ordered, slice(start, end)) for start, end in zip([0, *ends], ends, strict=False)]


def _chosen(records: Records, places: slice | NDArray[np.intp]) -> Records:
    return Records(
        persons=records.persons[places],
        cells=records.cells[places],
        amounts={
            name: Amount(sums=one.sums[places], held=None if one.held is None else one.held[places])
            for name, one in records.amounts.items()
        },
    )


def _joined(parts: Sequence[Amount]) -> Amount:
    held = [one.held for one in parts if one.held is not None]
    return Amount(sums=np.concatenate([one.sums for one in parts]), held=np.concatenate(held) if held else None)
