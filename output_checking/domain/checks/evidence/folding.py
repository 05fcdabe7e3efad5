"""Owns the arithmetic on what persons add: summed per person and cell, then per cell or total. Must never see a level or SQL.

Whole arrays are sorted once by person and cell; every total is then made from these sums, never from the records again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """What a quantity comes to in each place of an array of records or sums.

    Args:
        sums: 0 where there is no value.
        held: where there is a value; None where there is one everywhere.
    """

    sums: Real
    held: Truth | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PerPerson:
    """Sums per person and cell, in order of both; no pair is in it twice.

    Args:
        persons: numbers of their own, in no way those of the source.
        cells: numbers of cells or totals.
        amounts: by name of the quantity.
    """

    persons: Whole
    cells: Whole
    amounts: Mapping[str, Amount]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """What the persons add of one quantity to each cell: one place for each cell, `largest` with several, greatest first."""

    holders: Whole
    total: Real
    absolute: Real
    largest: Real
    zeros: Whole
    negatives: Whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """The persons of each cell, and what they add to it."""

    persons: Whole
    shares: Mapping[str, Shares]


def sum_per_person(persons: NDArray[np.generic], cells: NDArray[np.int32], amounts: Mapping[str, Amount]) -> PerPerson:
    """Return the sums of records.

    Args:
        persons: whose record it is, 64-bit whole numbers; `cells`: the cell it is in; `amounts`: what it adds.
    """
    order = np.lexsort((*_digits(cells), *_digits(persons)))
    persons = persons[order]
    numbers = np.cumsum(_changes(persons), dtype=np.int64)
    return _summed(numbers, cells[order].astype(np.int64), _taken(amounts, order))


def sum_anew(found: PerPerson, codes: Whole, names: Collection[str]) -> PerPerson:
    """Return the sums per person and total.

    Args:
        codes: the total that each cell belongs to.
        names: the quantities wanted; where none, only who is in a total is told.
    """
    cells = codes[found.cells]
    amounts = {name: found.amounts[name] for name in names}
    keys = found.persons * len(codes) + cells
    if np.any(keys[1:] < keys[:-1]):  # the first digits stay in order when the last are summed over
        order = np.argsort(keys, kind="stable")  # of runs, one for each person: nearly in order, so a merge is fastest
        return _summed(found.persons[order], cells[order], _taken(amounts, order))
    return _summed(found.persons, cells, amounts)


def fold(found: PerPerson, *, size: int, places: int) -> Folded:
    """Return what stands behind each of `size` cells, with so many `places` of the largest contributions."""
    return Folded(
        persons=np.bincount(found.cells, minlength=size),
        shares={name: _shares(found.cells, one, size, places) for name, one in found.amounts.items()},
    )


def together(first: Folded, second: Folded) -> Folded:
    """Return what stands behind the cells of two parts of the data that have no person in common."""
    return Folded(
        persons=first.persons + second.persons,
        shares={name: _both(one, second.shares[name]) for name, one in first.shares.items()},
    )


def _digits(numbers: NDArray[np.generic]) -> list[NDArray[np.uint16]]:
    # digits of 16 bits are sorted by counting, in time that does not grow with what is compared
    width = numbers.itemsize // 2
    digits = numbers.view(np.uint16)
    return [digits[place::width] for place in range(width)]


def _changes(ordered: NDArray[np.generic]) -> Truth:
    changed = np.zeros(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changed[1:])
    return changed


def _taken(amounts: Mapping[str, Amount], order: NDArray[np.intp]) -> dict[str, Amount]:
    return {
        name: Amount(sums=one.sums[order], held=None if one.held is None else one.held[order])
        for name, one in amounts.items()
    }


def _summed(persons: Whole, cells: Whole, amounts: Mapping[str, Amount]) -> PerPerson:
    starts = _changes(persons) | _changes(cells)
    starts[:1] = True
    if starts.all():
        return PerPerson(persons=persons, cells=cells, amounts=amounts)
    first = np.flatnonzero(starts)
    return PerPerson(
        persons=persons[first],
        cells=cells[first],
        amounts={
            name: Amount(
                sums=np.add.reduceat(one.sums, first),
                held=None if one.held is None else np.logical_or.reduceat(one.held, first),
            )
            for name, one in amounts.items()
        },
    )


def _shares(cells: Whole, amount: Amount, size: int, places: int) -> Shares:
    sums, absolute = amount.sums, np.abs(amount.sums)
    held = cells if amount.held is None else cells[amount.held]
    is_zero = sums == 0 if amount.held is None else (sums == 0) & amount.held
    return Shares(
        holders=np.bincount(held, minlength=size),
        total=_added(cells, sums, size),
        absolute=_added(cells, absolute, size),
        largest=_largest(cells, absolute, size, places),
        zeros=np.bincount(cells[is_zero], minlength=size),
        negatives=np.bincount(cells[sums < 0], minlength=size),
    )


def _added(cells: Whole, amounts: Real, size: int) -> Real:
    return np.bincount(cells, amounts, minlength=size).astype(np.float64, copy=False)


def _largest(cells: Whole, amounts: Real, size: int, places: int) -> Real:
    left = amounts.copy()
    found = np.zeros((places, size))
    at = np.empty(size, dtype=np.int64)
    for top in found:
        np.maximum.at(top, cells, left)
        if not top.any():
            break
        largest = np.flatnonzero(left == top[cells])
        at[cells[largest]] = largest  # of equal ones any one
        left[at[top > 0]] = 0
    return found.T


def _both(first: Shares, second: Shares) -> Shares:
    largest = np.sort(np.concatenate([first.largest, second.largest], axis=1), axis=1)[:, ::-1]
    return Shares(
        holders=first.holders + second.holders,
        total=first.total + second.total,
        absolute=first.absolute + second.absolute,
        largest=largest[:, : first.largest.shape[1]],
        zeros=first.zeros + second.zeros,
        negatives=first.negatives + second.negatives,
    )
