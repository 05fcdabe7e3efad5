"""Owns what persons add to the records that one cell holds and another does not. Must never judge it, nor return a record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import amount, condition, number, person_key
from output_checking.domain.checks.specification.model import Dimension, TableSpec

TOTAL = "\0total"
AT_ONCE = 20  # groups that one pass over the data looks at
Key = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """The records of one cell that are not in another.

    Args:
        greater, lesser: each a table and the levels of the cell's row and column; none where it is summed over.
    """

    greater: tuple[TableSpec, Key]
    lesser: tuple[TableSpec, Key]


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What persons add to such records, summed per person first.

    Args:
        holders: persons with a value; `absolute`: sum of their absolute contributions; `largest`: the largest of them.
    """

    holders: int
    absolute: float
    largest: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Most:
    """The most that a person adds in all of the data, each record by its absolute amount; and whether none is below 0."""

    amount: float
    is_never_negative: bool


def find_added(source: Source, spec: TableSpec, groups: Sequence[Between], *, places: int) -> Iterator[Added]:
    """Yield what persons add to each group, in that order.

    Args:
        spec: says what is summed: measure and weight; records are counted where it is a count.
        places: how many of the largest contributions are wanted.
    """
    added = amount(source, spec)
    for start in range(0, len(groups), AT_ONCE):
        part = groups[start : start + AT_ONCE]
        held = ", ".join(
            f"{_holds(source, one.greater)} and not {_holds(source, one.lesser)} as h{place}"
            for place, one in enumerate(part)
        )
        sums = ", ".join(f"sum(a) filter (h{place}) as g{place}" for place in range(len(part)))
        told = ", ".join(
            f"count(g{place}), coalesce(sum(abs(g{place})), 0), max(abs(g{place}), {places})"
            for place in range(len(part))
        )
        # nothing but what is made here has a name in the inner query: a column of the source may be called anything
        records = f"select {person_key(source)} as p, {added} as a, {held} from {source.relation}"
        (found,) = source.rows(f"select {told} from (select {sums} from ({records}) group by p)")
        for place in range(len(part)):
            holders, absolute, largest = found[3 * place : 3 * place + 3]
            ordered = [*sorted((largest or []), reverse=True), *[0.0] * places][:places]
            yield Added(holders=holders, absolute=absolute, largest=tuple(ordered))


def largest_person(source: Source, spec: TableSpec) -> Most:
    """Return what a person adds at most."""
    added = amount(source, spec)
    sums = f"select sum(abs({added})) as t, min({added}) as l from {source.relation} group by {person_key(source)}"
    ((most, low),) = source.rows(f"select coalesce(max(t), 0), coalesce(min(l), 0) from ({sums})")
    return Most(amount=float(most), is_never_negative=bool(low >= 0))


def _holds(source: Source, cell: tuple[TableSpec, Key]) -> str:
    spec, (row, column) = cell
    levels = (*(row or (TOTAL,) * len(spec.rows)), *(column or (TOTAL,) * len(spec.columns)))
    parts = [condition(spec.chosen, source)]
    parts += [_level(source, one, level) for one, level in zip(spec.dimensions, levels, strict=True)]
    return f"coalesce({' and '.join(parts)}, false)"


def _level(source: Source, dimension: Dimension, level: str) -> str:
    column = quoted(source.named(dimension.column))
    if not dimension.edges:
        if level == TOTAL:
            return f"{column} is not null"
        return f"cast({column} as varchar) in ({', '.join(map(text, dimension.behind(level)))})"
    value = number(dimension.column, source)
    at = None if level == TOTAL else dimension.labels.index(level)
    low, high = (dimension.edges[0], dimension.edges[-1]) if at is None else dimension.edges[at : at + 2]
    ends = [
        *([] if low is None else [f"{value} >= {float(low)!r}"]),
        *([] if high is None else [f"{value} < {float(high)!r}"]),
    ]
    return " and ".join(ends) or f"{column} is not null"
