"""Owns what persons add to many groups of records at once, in arrays of whole persons. Must never judge it, nor return a record.

The records are put in order of their persons once, and read slice by slice; which of a slice are in a group is worked out by its marks.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.asking import Cell, asked_of
from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.folding import Real, Truth, Whole
from output_checking.domain.checks.evidence.marks import Mark, Marks
from output_checking.domain.checks.evidence.sql import amount, person_key
from output_checking.domain.checks.specification.model import TableSpec

ORDERED = "oc_added"
SLICE = 1 << 17  # records that are looked at together, about: what is known of them stays near the processor
LONG = 4  # times the records of a slice that one may have because of one person
FLAGS = 1 << 24  # answers of filters that are read at once
KEPT = 1 << 25  # records of all marks that are kept to be used again
SPARSE = 32  # times as many records in a slice as in a group of it
AT_ONCE = 2  # slices that are summed at the same time


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What persons add to each of some groups: holders, sum of absolute contributions, and the largest of them in ascending order."""

    holders: Whole
    absolute: Real
    largest: Real

    def with_more(self, places: slice, more: "Sums") -> None:
        """Add what other persons add to the groups at some places."""
        self.holders[places] += more.holders
        self.absolute[places] += more.absolute
        both = np.concatenate([self.largest[places], more.largest], axis=1)
        self.largest[places] = np.sort(both, axis=1)[:, -self.largest.shape[1] :]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """The records that all of `held` holds of, and not all of `others`: what both cells ask is not in these again."""

    held: frozenset[Mark | str]
    others: frozenset[Mark | str]


class _Slice:
    """All records of some persons, in the order of these.

    Args:
        read: the columns person, amount, one for each place of a mark, one for each of `filters`.
    """

    def __init__(self, read: Columns, marks: Marks, filters: Sequence[str]) -> None:
        persons, amounts, *rest = _in_order([*read.values()])
        self._persons = np.cumsum(_changes(persons), dtype=np.int32)
        self._amounts = np.asarray(amounts)
        self._numbers = marks.numbers(rest[: len(rest) - len(filters)])
        chosen = (np.ma.filled(one, fill_value=False) for one in rest[len(self._numbers) :])
        self._chosen = dict(zip(filters, chosen, strict=True))
        self._known: dict[Mark, Truth] = {}
        self._most = max(8, KEPT // max(1, len(persons)))

    def sums(self, group: _Group, floor: float, places: int) -> tuple[int, float, Real]:
        """Return of a group holders, absolute sum, and those of the largest contributions that are above a floor."""
        at = np.flatnonzero(self._within(group))
        if not len(at):
            return 0, 0.0, np.empty(0)
        persons, amounts = np.take(self._persons, at), np.take(self._amounts, at)
        changes = _changes(persons)
        if len(at) * SPARSE < len(self._persons):
            contributions = np.abs(np.add.reduceat(amounts, np.flatnonzero(changes)))
        else:  # faster, but with a place for each person of the slice
            contributions = np.abs(np.bincount(persons, amounts))
        above = contributions[contributions > floor]
        if len(above) > places:
            above = np.partition(above, -places)[-places:]
        return int(np.count_nonzero(changes)), float(contributions.sum()), above

    def _within(self, group: _Group) -> Truth:
        held = self._all(group.held)
        return np.greater(held, self._all(group.others))

    def _all(self, marks: Iterable[Mark | str]) -> Truth:
        found = np.ones(len(self._persons), dtype=np.bool_)
        for one in marks:
            found &= self._asked(one)
        return found

    def _asked(self, mark: Mark | str) -> Truth:
        if isinstance(mark, str):
            return self._chosen[mark]
        known = self._known.get(mark)
        if known is None:
            known = mark.holds(self._numbers[mark.place])
            if len(self._known) < self._most:
                self._known[mark] = known
        return known


def add_up(source: Source, spec: TableSpec, cells: Sequence[tuple[Cell, Cell]], *, places: int) -> Sums:
    """Return what persons add to the records that the first cell of each pair holds and the second does not.

    Args:
        spec: says what is summed.
        places: how many of the largest contributions are wanted.
    """
    own = _prefix(source)
    asked = [(frozenset(asked_of(source, greater)), frozenset(asked_of(source, lesser))) for greater, lesser in cells]
    marks = Marks(source, (one for pair in asked for part in pair for one in part), own=own)
    groups = [
        _Group(held=frozenset(map(marks.of, held)), others=frozenset(map(marks.of, others - held)))
        for held, others in asked
    ]
    _order(source, spec, marks, own)
    found = _nothing(len(groups), places)
    waiting: deque[tuple[slice, Future[Sums]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part, one in _slices(source, marks, groups, own):
            floors = found.largest[part, 0].copy()
            waiting.append((part, pool.submit(_sum, one, groups[part], floors, places)))
            if len(waiting) > AT_ONCE:
                _take(found, waiting)
        while waiting:
            _take(found, waiting)
    source.rows(f"drop table {ORDERED}")
    return found


def _take(found: Sums, waiting: deque[tuple[slice, Future[Sums]]]) -> None:
    part, summed = waiting.popleft()
    found.with_more(part, summed.result())


def _order(source: Source, spec: TableSpec, marks: Marks, own: str) -> None:
    added = amount(source, spec)
    selected = ", ".join([f"{person_key(source)} as {own}p", f"{added} as {own}a", *marks.selected])
    source.rows(
        f"create or replace temp table {ORDERED} as "
        f"select {selected} from {source.relation} {marks.joins} where ({added}) is not null order by 1"
    )


def _slices(source: Source, marks: Marks, groups: Sequence[_Group], own: str) -> Iterator[tuple[slice, _Slice]]:
    """Yield slice after slice as often as its filters need, each time with the groups that it can be asked about."""
    for chosen in _persons(source, own):
        ((count,),) = source.rows(f"select count(*) from {ORDERED} where {chosen}")
        # where a person has very many, those that are alike in all that is asked are summed before they are read
        added, alike = (f"sum({own}a)", " group by all") if count > LONG * SLICE else (f"{own}a", "")
        for part, filters in _parts(groups, most=max(2, FLAGS // max(1, count))):
            answers = (f"{one} as {own}f{at}" for at, one in enumerate(filters))
            columns = ", ".join([f"{own}p", f"{added} as {own}a", *marks.names, *answers])
            read = source.columns(f"select {columns} from {ORDERED} where {chosen}{alike}")
            yield part, _Slice(read, marks, filters)


def _persons(source: Source, own: str) -> Iterator[str]:
    """Yield conditions on the person, of which each record meets one, and about SLICE of them the same."""
    places = f"rowid % {SLICE} = {SLICE - 1}"
    cuts = [one for (one,) in source.rows(f"select distinct {own}p from {ORDERED} where {places} order by 1")]
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        some = [*([] if low is None else [f"{own}p >= '{low}'"]), *([] if high is None else [f"{own}p < '{high}'"])]
        yield " and ".join(some) or "true"


def _parts(groups: Sequence[_Group], *, most: int) -> Iterator[tuple[slice, list[str]]]:
    """Yield the groups in parts that have at most so many filters, with these."""
    start, filters = 0, dict[str, None]()
    for place, one in enumerate(groups):
        more = dict.fromkeys(mark for mark in one.held | one.others if isinstance(mark, str))
        if len(filters | more) > most:
            yield slice(start, place), list(filters)
            start, filters = place, {}
        filters |= more
    yield slice(start, len(groups)), list(filters)


def _sum(one: _Slice, groups: Sequence[_Group], floors: Real, places: int) -> Sums:
    found = _nothing(len(groups), places)
    for place, group in enumerate(groups):
        holders, absolute, largest = one.sums(group, floors[place], places)
        found.holders[place], found.absolute[place] = holders, absolute
        found.largest[place, places - len(largest) :] = largest
    return found


def _nothing(count: int, places: int) -> Sums:
    return Sums(holders=np.zeros(count, dtype=np.int64), absolute=np.zeros(count), largest=np.zeros((count, places)))


def _prefix(source: Source) -> str:
    own = "oc_"
    while any(one.lower().startswith(own) for one in source.types):
        own += "_"
    return own


def _in_order(columns: list[NDArray[Any]]) -> list[NDArray[Any]]:
    persons = columns[0]
    if np.all(persons[1:] >= persons[:-1]):
        return columns
    order = np.argsort(persons, kind="stable")
    return [one[order] for one in columns]


def _changes(ordered: NDArray[Any]) -> Truth:
    changed = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=changed[1:])
    return changed
