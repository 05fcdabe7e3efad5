"""Owns what a design spans: its rank, whether the outcome lies in it, and how much of each person's fitted value is their own.

The share h of the own outcome in the fitted value (leverage) is 1 exactly where the columns, put together in some way, are an
indicator of that person alone: then constant and coefficients are the person's outcome. Must never look at the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import sparse
from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.kinds.design import RECORDS, Block, Design
from output_checking.domain.checks.refusal import CannotJudge

READ = 1 << 18  # records that are read at once
HELD = 1 << 22  # numbers that are held at once
SMALL = 1e-10  # an eigenvalue below it, where each column has length 1, is none
Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Span:
    """What the design spans.

    Args:
        rank: its dimension.
        unexplained: share of the outcome's variation (about its mean, where there is a constant) that lies outside.
        crossed: how many records have both columns, of each two columns of blocks without numbers; by the blocks' places.
        basis: what a record is multiplied with for its place in the span.
    """

    rank: int
    unexplained: float
    crossed: dict[tuple[int, int], Numbers]
    basis: Numbers


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Some records of the design: columns of numbers, and of each block with levels the one column that is not 0."""

    dense: Numbers
    sparse: sparse.csr_array
    outcome: Numbers

    def times(self, right: Numbers) -> Numbers:
        width = self.dense.shape[1]
        return np.asarray(self.dense @ right[:width] + self.sparse @ right[width:])


def span_of(source: Source, made: Design) -> Span:
    """Return what a design spans, in one pass over its records."""
    width = _width(made) + sum(made.size(one) for one in made.blocks if one.levels)
    products, with_outcome, squares = np.zeros((width, width)), np.zeros(width), 0.0
    for rows, _ in _read(source, made):
        dense, sparse = rows.dense, rows.sparse
        across = np.asarray(sparse.T @ dense)
        products += np.block([[dense.T @ dense, across.T], [across, (sparse.T @ sparse).toarray()]])
        with_outcome += np.concatenate([dense.T @ rows.outcome, sparse.T @ rows.outcome])
        squares += float(rows.outcome @ rows.outcome)
    if not np.isfinite(products).all():
        raise CannotJudge(
            "The model's columns are too large to be multiplied; scale them first.", code="source.not_finite"
        )
    length = np.sqrt(np.diag(products))
    scale = np.divide(1.0, length, out=np.zeros(width), where=length > 0)
    sizes, directions = np.linalg.eigh(products * np.outer(scale, scale))
    is_spanned = sizes > SMALL
    basis = scale[:, None] * directions[:, is_spanned] / np.sqrt(sizes[is_spanned])
    explained = float(np.square(basis.T @ with_outcome).sum())
    return Span(
        rank=int(is_spanned.sum()),
        unexplained=max(0.0, 1 - explained / squares) if squares > 0 else 0.0,
        crossed=dict(_crossed(made, products)),
        basis=basis,
    )


def own_shares(source: Source, made: Design, spanned: Span, *, least: float) -> list[float]:
    """Return the share of the own outcome in the fitted value, of the persons of whom it is more than `least`; greatest first.

    Of a person with several records it is the greatest of any weighting of them.
    """
    found = [(who, np.square(placed).sum(axis=1)) for placed, who in _placed(source, made, spanned)]
    persons, place = np.unique(np.concatenate([who for who, _ in found]), return_inverse=True)
    sums = np.bincount(place, weights=np.concatenate([shares for _, shares in found]))
    near = persons[sums > least]  # at most rank / least of them
    if not near.size:
        return []
    kept: dict[int, list[Numbers]] = {}
    for placed, who in _placed(source, made, spanned, only=f"p in ({', '.join(map(str, near.tolist()))})"):
        for row, person in zip(placed, who.tolist(), strict=True):
            kept.setdefault(person, []).append(row)
    shares = (float(np.linalg.norm(np.array(rows), ord=2)) ** 2 for rows in kept.values())
    return sorted((one for one in shares if one > least), reverse=True)


def _placed(
    source: Source, made: Design, spanned: Span, *, only: str = "true"
) -> Iterator[tuple[Numbers, NDArray[np.int64]]]:
    for rows, who in _read(source, made, only=only, most=max(1, HELD // max(1, spanned.basis.shape[0]))):
        yield rows.times(spanned.basis), who


def _read(
    source: Source, made: Design, *, only: str = "true", most: int = READ
) -> Iterator[tuple[_Rows, NDArray[np.int64]]]:
    step = min(READ, most)
    for start in range(0, made.records, READ):
        columns = source.columns(
            f"select * from {RECORDS} where rowid >= {start} and rowid < {start + READ} and {only}"
        )
        for first in range(0, len(columns["p"]), step):
            part = {name: np.asarray(column[first : first + step]) for name, column in columns.items()}
            yield _rows(made, part), part["p"]


def _rows(made: Design, columns: Columns) -> _Rows:
    count = len(columns["p"])
    alone = [_product(made, one, columns) for one in made.blocks if not one.levels]
    dense = np.column_stack([*alone, *([np.ones(count)] if _with_ones(made) else []), np.empty((count, 0))])
    split = [one for one in made.blocks if one.levels]
    sizes = [made.size(one) for one in split]
    places = [_codes(made, one, columns) + sum(sizes[:at]) for at, one in enumerate(split)]
    weights = [_product(made, one, columns) for one in split]
    ends = np.arange(count + 1) * len(split)
    held = (np.column_stack(weights).ravel(), np.column_stack(places).ravel(), ends) if split else ((), (), ends)
    centre = float(made.mean) if made.has_constant else 0.0
    return _Rows(
        dense=dense,
        sparse=sparse.csr_array(held, shape=(count, sum(sizes)), dtype=np.float64),
        outcome=columns["y"] / made.top - centre,
    )


def _product(made: Design, block: Block, columns: Columns) -> Numbers:
    found = np.ones(len(columns["p"]))
    left = list(block.centred)
    for place in block.numbers:
        base, centre = made.bases[place], 0.0
        if place in left:
            left.remove(place)
            centre = base.mean
        largest = max(abs(base.low - centre), abs(base.high - centre)) or 1.0
        found *= (columns[base.name] - centre) / largest
    return found


def _codes(made: Design, block: Block, columns: Columns) -> NDArray[np.int64]:
    found = np.zeros(len(columns["p"]), dtype=np.int64)
    for base in (made.bases[place] for place in block.levels):
        own = columns[base.name] > base.low if base.is_number else columns[base.name]
        found = found * len(base.labels) + own
    return found


def _with_ones(made: Design) -> bool:
    return made.has_constant and not any(one.levels and not one.numbers for one in made.blocks)


def _width(made: Design) -> int:
    return sum(not one.levels for one in made.blocks) + _with_ones(made)


def _crossed(made: Design, products: Numbers) -> Iterator[tuple[tuple[int, int], Numbers]]:
    starts, at = {}, _width(made)
    for place, block in enumerate(made.blocks):
        if block.levels:
            starts[place] = slice(at, at + made.size(block))
            at += made.size(block)
    pure = [place for place in starts if not made.blocks[place].numbers]
    yield from (((one, other), products[starts[one], starts[other]]) for one in pure for other in pure if one < other)
