"""Owns the design of a model: its columns as SQL, its rank, and how many persons have each indicator. Must never fit a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np

from output_checking.domain.checks.evidence.duck import Source, quoted, text
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.kinds.part import one_row
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import RegressionSpec, Term

MOST_LEVELS, MOST_COLUMNS = 500, 500
MOST_FOR_RANK = 60  # beyond it the sums of products are too many; every column is then taken to add to the rank


@dataclass(frozen=True, kw_only=True)
class Design:
    """A model's columns.

    Args:
        names, columns: each column's name and its SQL.
        references: name of the level that each category leaves to the constant: as `d…` behind the columns.
        records: SQL of the complete records: `p`, `y` and the columns as `d0`, `d1`, …
        complete: SQL condition of a complete record of the source.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    references: tuple[str, ...]
    records: str
    complete: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A column of zeros and ones: persons who have one, who have a zero, and whether one side's outcomes are all equal."""

    name: str
    ones: int
    zeros: int
    is_same: bool


def design(source: Source, spec: RegressionSpec, terms: Sequence[Term]) -> Design:
    """Return the design of the model with these terms."""
    named = [one for term in terms for one in _term(source, term)]
    if len(named) > MOST_COLUMNS:
        raise CannotJudge(
            f"The design has {len(named):,} columns; at most {MOST_COLUMNS} can be judged.", code="table.too_large"
        )
    names = tuple(name for name, _ in named)
    columns = tuple(column for _, column in named)
    used = {column for term in terms for column in term.columns} | {spec.outcome} | ({spec.event} - {""})
    complete = " and ".join(
        [condition(spec.chosen, source), *(f"{quoted(source.named(one))} is not null" for one in sorted(used))]
    )
    outcome = spec.event or spec.outcome
    left_out = [one for term in terms for column in term.columns for one in _reference(source, term, column)]
    selected = ", ".join([f"{person_key(source)} as p", f"{number(outcome, source)} as y",
                          *(f"{column} as d{place}" for place, column in enumerate((*columns, *(column for _, column in left_out))))])  # fmt: skip
    records = f"(select {selected} from {source.relation} where {complete})"
    references = tuple(name for name, _ in left_out)
    return Design(names=names, columns=columns, references=references, records=records, complete=complete)


def rank(source: Source, made: Design, *, constant: bool) -> int:
    """Return the rank of the design; never less than it is."""
    columns = [f"d{place}" for place in range(len(made.columns))]
    if len(columns) > MOST_FOR_RANK:
        return len(columns) + constant
    scaled = ["1.0"] * constant + [f"({one} / m{place})" for place, one in enumerate(columns)]
    scales = ", ".join(f"coalesce(nullif(max(abs({one})), 0), 1) as m{place}" for place, one in enumerate(columns))
    places = [(row, column) for row in range(len(scaled)) for column in range(row + 1)]
    sums = ", ".join(f"avg({scaled[row]} * {scaled[column]})" for row, column in places)
    found = one_row(
        source, f"with r as (select * from {made.records}), m as (select {scales} from r) select {sums} from r, m"
    )
    products = np.zeros((len(scaled), len(scaled)))
    for (row, column), value in zip(places, found, strict=True):
        products[row, column] = products[column, row] = value
    return int(np.linalg.matrix_rank(products, tol=1e-10, hermitian=True))


def indicators(source: Source, made: Design) -> list[Indicator]:
    """Return the columns of zeros and ones, those of reference levels included."""
    names = (*made.names, *made.references)
    parts = [
        f"count(*) filter (d{place} not in (0, 1)), count(distinct p) filter (d{place} = 1), count(distinct p) filter (d{place} = 0), "
        f"min(y) filter (d{place} = 1) = max(y) filter (d{place} = 1) or min(y) filter (d{place} = 0) = max(y) filter (d{place} = 0)"
        for place in range(len(names))
    ]
    found = one_row(source, f"select {', '.join(parts)} from {made.records}")
    rows = [found[start : start + 4] for start in range(0, len(found), 4)]
    return [
        Indicator(name=name, ones=ones, zeros=zeros, is_same=bool(same))
        for name, (others, ones, zeros, same) in zip(names, rows, strict=True)
        if not others
    ]


def patterns(source: Source, made: Design) -> tuple[int, int]:
    """Return how many different rows the design has, and the fewest persons who share one."""
    columns = ", ".join(f"d{place}" for place in range(len(made.columns)))
    count, fewest = one_row(
        source, f"select count(*), min(n) from (select count(distinct p) as n from {made.records} group by {columns})"
    )
    return int(count), int(fewest or 0)


def _term(source: Source, term: Term) -> list[tuple[str, str]]:
    each = [_column(source, column, is_category=column in term.categorical) for column in term.columns]
    return [reduce(_multiplied, parts) for parts in product(*each)]


def _multiplied(left: tuple[str, str], right: tuple[str, str]) -> tuple[str, str]:
    return f"{left[0]} × {right[0]}", f"({left[1]} * {right[1]})"


def _column(source: Source, column: str, *, is_category: bool) -> list[tuple[str, str]]:
    if not _is_category(source, column, is_named=is_category):
        return [(column, number(column, source))]
    # the first level is the reference, as formulas have it
    return [_level(column, one) for one in _levels(source, column)[1:]]


def _reference(source: Source, term: Term, column: str) -> list[tuple[str, str]]:
    if not _is_category(source, column, is_named=column in term.categorical):
        return []
    return [_level(column, one) for one in _levels(source, column)[:1]]


def _is_category(source: Source, column: str, *, is_named: bool) -> bool:
    source.named(column)
    return is_named or not (source.is_number(column) or source.types[column] == "BOOLEAN")


def _levels(source: Source, column: str) -> list[str]:
    found = source.rows(
        f"select distinct cast({quoted(column)} as varchar) from {source.relation} where {quoted(column)} is not null "
        f"order by 1 limit {MOST_LEVELS + 1}"
    )
    if len(found) > MOST_LEVELS:
        raise CannotJudge(f"The category '{column}' has more than {MOST_LEVELS} levels.", code="table.too_large")
    return [level for (level,) in found]


def _level(column: str, level: str) -> tuple[str, str]:
    return f"{column} = {level}", f"cast(cast({quoted(column)} as varchar) = {text(level)} as double)"
