"""Owns what persons add to the records that one cell holds and another does not. Must never judge it, nor return a record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from output_checking.domain.checks.evidence.adding import add_up
from output_checking.domain.checks.evidence.asking import Asked, Cell, Meets, OfLevels, asked_of
from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import amount, bounds, number, person_key
from output_checking.domain.checks.specification.model import TableSpec

FEW = 5  # groups that one query looks at


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """The records of one cell that are not in another.

    Args:
        greater, lesser: each a table and the levels of the cell's row and column; none where it is summed over.
    """

    greater: Cell
    lesser: Cell


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
    if len(groups) <= FEW:
        yield from _asked(source, spec, groups, places)
        return
    sums = add_up(source, spec, [(one.greater, one.lesser) for one in groups], places=places)
    columns = (sums.holders.tolist(), sums.absolute.tolist(), sums.largest[:, ::-1].tolist())
    for holders, absolute, largest in zip(*columns, strict=True):
        yield Added(holders=holders, absolute=absolute, largest=tuple(largest))


def largest_person(source: Source, spec: TableSpec) -> Most:
    """Return what a person adds at most."""
    added = amount(source, spec)
    sums = f"select sum(abs({added})) as t, min({added}) as l from {source.relation} group by {person_key(source)}"
    ((most, low),) = source.rows(f"select coalesce(max(t), 0), coalesce(min(l), 0) from ({sums})")
    return Most(amount=float(most), is_never_negative=bool(low >= 0))


def _asked(source: Source, spec: TableSpec, groups: Sequence[Between], places: int) -> Iterator[Added]:
    """Ask about all groups at once: of few that is faster than to put the records in order."""
    held = [f"{_holds(source, one.greater)} and not {_holds(source, one.lesser)}" for one in groups]
    flags = [f"h{place}" for place in range(len(groups))]
    sums = ", ".join(f"sum(a) filter ({one}) as {one}" for one in flags)
    told = ", ".join(f"count({one}), coalesce(sum(abs({one})), 0), max(abs({one}), {places})" for one in flags)
    # nothing but what is made here has a name in the inner query: a column of the source may be called anything
    named = ", ".join(f"{one} as {flag}" for one, flag in zip(held, flags, strict=True))
    records = f"select {person_key(source)} as p, {amount(source, spec)} as a, {named} from {source.relation}"
    added = f"select {sums} from ({records}) where {' or '.join(flags)} group by p"
    (found,) = source.rows(f"select {told} from ({added})") if groups else ((),)
    for holders, absolute, largest in zip(found[::3], found[1::3], found[2::3], strict=True):
        ordered = [*sorted((largest or []), reverse=True), *[0.0] * places][:places]
        yield Added(holders=holders, absolute=absolute, largest=tuple(ordered))


def _holds(source: Source, cell: Cell) -> str:
    return f"coalesce({' and '.join(['true', *(_sql(source, one) for one in asked_of(source, cell))])}, false)"


def _sql(source: Source, asked: Asked) -> str:
    if isinstance(asked, Meets):
        return asked.condition
    column = quoted(asked.column)
    if isinstance(asked, OfLevels):
        of_levels = f"cast({column} as varchar) in ({', '.join(map(text, asked.levels))})"
        return of_levels if asked.levels else f"{column} is not null"
    value = number(asked.column, source)
    spans = (" and ".join(bounds(value, *ends)) or f"{column} is not null" for ends in asked.spans)
    return f"({' or '.join(spans)})"
