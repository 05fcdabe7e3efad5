"""Owns the design of a model: its complete records laid in one table, and its terms as blocks of columns. Must never fit a model.

A category stands with all its levels, not with all but one: beside a constant, or as formulas write a product, that spans the
same. So does a number of two values, wherever the terms without it are in the model too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.kinds.part import one_row
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import RegressionSpec, Term, number_name

MOST_LEVELS, MOST_COLUMNS = 500, 1000
RECORDS = "oc_design"


@dataclass(frozen=True, kw_only=True)
class Base:
    """A column of the data as the model uses it: `name` in the table of records.

    Args:
        labels: of a category; empty of a number.
        low, mean, high: of a number.
    """

    column: str
    name: str
    labels: tuple[str, ...] = ()
    low: float = 0.0
    mean: float = 0.0
    high: float = 0.0

    @property
    def is_number(self) -> bool:
        """Say whether it holds numbers, be they only two."""
        return not self.labels or self.low < self.high


@dataclass(frozen=True, kw_only=True)
class Block:
    """The columns that a term is: the product of its numbers, for each combination of its levels.

    Args:
        numbers, levels: places of bases.
        centred: those of its numbers of which the mean can be taken off: the model spans the same.
    """

    numbers: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()
    centred: tuple[int, ...] = ()

    @property
    def is_centred(self) -> bool:
        """Say whether all its numbers are."""
        return self.centred == self.numbers


@dataclass(frozen=True, kw_only=True)
class Design:
    """A model's columns; its complete records are the table RECORDS until another design is made.

    Args:
        complete: SQL condition of a complete record of the source.
        has_constant: one is spanned: a constant itself, or the levels of a category.
        top: the largest outcome, as an absolute value; `mean`: of the outcomes divided by it.
    """

    bases: tuple[Base, ...]
    blocks: tuple[Block, ...]
    complete: str
    has_constant: bool
    records: int
    persons: int
    top: float = 1.0
    mean: float = 0.0

    def size(self, block: Block) -> int:
        """Return how many columns a block has."""
        return prod(len(self.bases[place].labels) for place in block.levels)

    def named(self, block: Block, code: int) -> str:
        """Return the name of one of a block's columns."""
        parts = []
        for place in reversed(block.levels):
            labels = self.bases[place].labels
            code, one = divmod(code, len(labels))
            parts.append(f"{self.bases[place].column} = {labels[one]}")
        return " × ".join([*(self.bases[place].column for place in block.numbers), *reversed(parts)])

    def product(self, block: Block) -> str:
        """Return the SQL of the product of a block's numbers."""
        return " * ".join(self.bases[place].name for place in block.numbers)

    def code(self, block: Block) -> str:
        """Return the SQL of which of a block's columns a record has."""
        found = "0"
        for base in (self.bases[place] for place in block.levels):
            found = f"({found} * {len(base.labels)} + {code_of(base)})"
        return found


def code_of(base: Base) -> str:
    """Return the SQL of a record's level: of a number of two values the greater is level 1."""
    return f"cast({base.name} > {base.low!r} as integer)" if base.is_number else base.name


def design(source: Source, spec: RegressionSpec, terms: Sequence[Term]) -> Design:
    """Return the design of the model with these terms, and lay its complete records in RECORDS.

    Raises:
        CannotJudge: `source.no_records`, `source.not_finite`, `table.too_large`.
    """
    complete = _complete(source, spec, terms)
    wanted = dict.fromkeys((column, _is_category(source, column, term)) for term in terms for column in term.columns)
    bases = tuple(
        Base(column=column, name=f"b{place}", labels=_levels(source, column, complete) if is_category else ())
        for place, (column, is_category) in enumerate(wanted)
    )
    records, persons = _lay(source, spec, bases, complete)
    bases = tuple(_measured(source, bases))
    places = {key: place for place, key in enumerate(wanted)}
    blocks = dict.fromkeys(
        _block(bases, [places[column, _is_category(source, column, term)] for column in term.columns]) for term in terms
    )
    is_given = spec.constant or spec.model == "cox"
    made = Design(
        bases=bases, blocks=tuple(_spanned(bases, tuple(blocks), is_given)), complete=complete,
        has_constant=is_given, records=records, persons=persons,
    )  # fmt: skip
    columns = sum(map(made.size, made.blocks))
    if columns > MOST_COLUMNS:
        raise CannotJudge(
            f"The design has {columns:,} columns; at most {MOST_COLUMNS:,} can be judged.", code="table.too_large"
        )
    (top,) = one_row(source, f"select coalesce(nullif(max(abs(y)), 0), 1) from {RECORDS}")
    (mean,) = one_row(source, f"select avg(y / {top!r}) from {RECORDS}")
    return replace(made, top=float(top), mean=float(mean), has_constant=_has(bases, made.blocks, Block(), is_given))


def _complete(source: Source, spec: RegressionSpec, terms: Sequence[Term]) -> str:
    used = {column for term in terms for column in term.columns} | {spec.outcome} | ({spec.event} - {""})
    present = (f"{quoted(source.named(one))} is not null" for one in sorted(used))
    return " and ".join([condition(spec.chosen, source), *present])


def _lay(source: Source, spec: RegressionSpec, bases: Sequence[Base], complete: str) -> tuple[int, int]:
    """Lay the complete records: `p`, `y` and each base by its name; return how many they are, and of how many persons."""
    joins = []
    for base in bases:
        if base.labels:
            told = ", ".join(f"({code}, {text(label)})" for code, label in enumerate(base.labels))
            source.rows(
                f"create or replace temp table oc_of_{base.name} as from (values {told}) as t(oc_code, oc_label)"
            )
            joins.append(
                f"join oc_of_{base.name} on cast({quoted(base.column)} as varchar) = oc_of_{base.name}.oc_label"
            )
    columns = [
        f"oc_of_{base.name}.oc_code as {base.name}" if base.labels else f"{number(base.column, source)} as {base.name}"
        for base in bases
    ]
    outcome = number(spec.event or spec.outcome, source)
    source.rows(
        f"create or replace temp table {RECORDS} as select {', '.join([f'{person_key(source)} as p', f'{outcome} as y', *columns])} "
        f"from {source.relation} {' '.join(joins)} where {complete}"
    )
    numbers = ["y", *(base.name for base in bases if not base.labels)]
    odd = " + ".join(f"count(*) filter (not isfinite({one}))" for one in numbers)
    count, persons, odd_ones = one_row(source, f"select count(*), count(distinct p), {odd} from {RECORDS}")
    if not count:
        raise CannotJudge(
            "The filter leaves no complete records, so there is nothing to judge.", code="source.no_records"
        )
    if odd_ones:
        raise CannotJudge(
            f"{odd_ones:,} values of the model's columns are infinite or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )
    return int(count), int(persons)


def _measured(source: Source, bases: Sequence[Base]) -> Iterator[Base]:
    """Yield the bases; a number with its range, and where it has two values only with those as labels."""
    for base in bases:
        if base.labels:
            yield base
            continue
        low, mean, high = one_row(source, f"select min({base.name}), avg({base.name}), max({base.name}) from {RECORDS}")
        between = f"select 1 from {RECORDS} where {base.name} > {low!r} and {base.name} < {high!r} limit 1"
        is_of_two = low < high and not source.rows(between)
        labels = (number_name(low), number_name(high)) if is_of_two else ()
        yield replace(base, low=low, mean=mean, high=high, labels=labels)


def _block(bases: Sequence[Base], places: Sequence[int]) -> Block:
    numbers = tuple(sorted(place for place in places if bases[place].is_number))
    return Block(numbers=numbers, levels=tuple(sorted({*places} - {*numbers})))


def _has(bases: Sequence[Base], blocks: Sequence[Block], wanted: Block, constant: bool) -> bool:  # noqa: FBT001 - what the model has
    """Say whether the model spans a block: a category's levels span its column as a number too, however it is multiplied."""
    if constant and not wanted.numbers and not wanted.levels:
        return True
    categories = {one.column: place for place, one in enumerate(bases) if not one.is_number}
    as_levels = {place for place in wanted.numbers if bases[place].column in categories}
    numbers = tuple(place for place in wanted.numbers if place not in as_levels)
    levels = {*wanted.levels, *(categories[bases[place].column] for place in as_levels)}
    return any(
        (one.numbers == wanted.numbers and {*wanted.levels} <= {*one.levels})
        or (one.numbers == numbers and levels <= {*one.levels})
        for one in blocks
    )


def _spanned(bases: Sequence[Base], blocks: Sequence[Block], constant: bool) -> Iterator[Block]:  # noqa: FBT001
    """Yield blocks that span the same, with numbers of two values as categories, and others centred, where that is so."""
    made = []
    for block in blocks:
        two = [place for place in block.numbers if bases[place].labels and block.numbers.count(place) == 1]
        levels = _free(bases, blocks, block, two, constant)
        numbers = tuple(one for one in block.numbers if one not in levels)
        made.append(Block(numbers=numbers, levels=tuple(sorted((*block.levels, *levels)))))
    for one in dict.fromkeys(made):
        yield replace(one, centred=_free(bases, made, one, one.numbers, constant))


def _free(  # noqa: PLR0917 - a block, among others
    bases: Sequence[Base],
    blocks: Sequence[Block],
    block: Block,
    among: Sequence[int],
    constant: bool,  # noqa: FBT001
) -> tuple[int, ...]:
    """Return the most of a block's numbers to which anything can be added: the block without some of them is spanned too."""

    def is_free(some: tuple[int, ...]) -> bool:
        parts = (part for size in range(1, len(some) + 1) for part in combinations(some, size))
        return all(
            _has(bases, blocks, replace(block, numbers=_without(block.numbers, part)), constant) for part in parts
        )

    wanted = (some for size in range(len(among), -1, -1) for some in combinations(among, size))
    return next(some for some in wanted if is_free(some))


def _without(numbers: Sequence[int], some: Sequence[int]) -> tuple[int, ...]:
    left = list(numbers)
    for one in some:
        left.remove(one)
    return tuple(left)


def _is_category(source: Source, column: str, term: Term) -> bool:
    source.named(column)
    return column in term.categorical or not (source.is_number(column) or source.types[column] == "BOOLEAN")


def _levels(source: Source, column: str, complete: str) -> tuple[str, ...]:
    """Return a category's levels among the complete records: one that the filter leaves empty has no coefficient."""
    found = source.rows(
        f"select distinct cast({quoted(column)} as varchar) from {source.relation} where {complete} order by 1 limit {MOST_LEVELS + 1}"
    )
    if len(found) > MOST_LEVELS:
        raise CannotJudge(f"The category '{column}' has more than {MOST_LEVELS} levels.", code="table.too_large")
    if not found:
        raise CannotJudge(
            "The filter leaves no complete records, so there is nothing to judge.", code="source.no_records"
        )
    return tuple(level for (level,) in found)
