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
_DIGIT = 16  # bits


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


def sum_per_person(persons: NDArray[np.uint64], cells: NDArray[np.int32], amounts: Mapping[str, Amount]) -> PerPerson:
    """Return the sums of records.

    Args:
        persons: whose record it is; `cells`: the cell it is in; `amounts`: what it adds.
    """
    order, changes = _by_person(persons, cells)
    return _summed(np.cumsum(changes, dtype=np.int64), cells[order].astype(np.int64), _taken(amounts, order))


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
        order = np.lexsort(_digits(keys, below=int(keys.max()) + 1))
        # the persons are in order already: only within one of them is anything moved
        return _summed(found.persons, cells[order], _taken(amounts, order))
    return _summed(found.persons, cells, amounts)


def fold(found: PerPerson, floors: Mapping[str, Real], *, size: int, places: int) -> Folded:
    """Return what stands behind each of `size` cells.

    Args:
        floors: by name of the quantity, the amount of each cell that a contribution must exceed to be one of its largest.
        places: how many of the largest contributions are wanted.
    """
    nothing = np.zeros(size)
    return Folded(
        persons=np.bincount(found.cells, minlength=size),
        shares={
            name: _shares(found.cells, one, floors.get(name, nothing), places) for name, one in found.amounts.items()
        },
    )


def floors(found: Folded) -> dict[str, Real]:
    """Return by name of the quantity what a contribution to each cell must exceed to be one of the largest."""
    return {name: np.ascontiguousarray(one.largest[:, -1]) for name, one in found.shares.items()}


def together(first: Folded, second: Folded) -> Folded:
    """Return what stands behind the cells of two parts of the data that have no person in common."""
    return Folded(
        persons=first.persons + second.persons,
        shares={name: _both(one, second.shares[name]) for name, one in first.shares.items()},
    )


def _by_person(persons: NDArray[np.uint64], cells: NDArray[np.int32]) -> tuple[NDArray[np.intp], Truth]:
    """Return the order by person and cell, and where in it another person begins."""
    digits = _digits(persons)
    own = _digits(cells, below=int(cells.max(initial=0)) + 1)
    # the lowest three digits nearly always tell persons apart; where they do not, the fourth is looked at as well
    order = np.lexsort((*own, *digits[:-1]))
    ordered = persons[order]
    changes = _changes(ordered)
    if np.any(changes & ~_changes(ordered << np.uint64(_DIGIT))):
        order = np.lexsort((*own, *digits))
        changes = _changes(persons[order])
    return order, changes


def _digits(numbers: NDArray[np.generic], *, below: int = 1 << 64) -> list[NDArray[np.uint16]]:
    # digits of 16 bits are sorted by counting, in time that does not grow with what is compared
    digits = numbers.view(np.uint16)
    width = numbers.itemsize // digits.itemsize
    return [digits[place::width] for place in range(min(width, -(-(below - 1).bit_length() // _DIGIT) or 1))]


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


def _shares(cells: Whole, amount: Amount, floor: Real, places: int) -> Shares:
    sums, size = amount.sums, len(floor)
    negative, zero = sums < 0, sums == 0
    total = _added(cells, sums, size)
    absolute = np.abs(sums) if negative.any() else sums
    return Shares(
        holders=np.bincount(cells if amount.held is None else cells[amount.held], minlength=size),
        total=total,
        absolute=total if absolute is sums else _added(cells, absolute, size),
        largest=_largest(cells, absolute, floor, places),
        zeros=np.bincount(cells[zero if amount.held is None else zero & amount.held], minlength=size),
        negatives=np.bincount(cells[negative], minlength=size),
    )


def _added(cells: Whole, amounts: Real, size: int) -> Real:
    return np.bincount(cells, amounts, minlength=size).astype(np.float64, copy=False)


def _largest(cells: Whole, amounts: Real, floor: Real, places: int) -> Real:
    above = np.flatnonzero(amounts > floor[cells])
    cells, left = cells[above], amounts[above]
    found = np.zeros((places, len(floor)))
    at = np.empty(len(floor), dtype=np.int64)
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
