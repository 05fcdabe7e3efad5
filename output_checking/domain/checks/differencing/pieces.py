"""Owns the common cross-classification of several tables: the atoms that no table splits further. Must never need the data.

Each column's values fall into pieces that every extent in use holds whole or not at all; an atom is one piece of each column.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.deferred import sparse
from output_checking.domain.checks.differencing.extent import EVERYTHING, UNKNOWN, Domain, Domains, Extent, Value
from output_checking.domain.checks.differencing.population import NO_DOMAINS, truth
from output_checking.domain.checks.differencing.released import Released
from output_checking.domain.checks.specification.expression import (
    Either,
    Every,
    Expression,
    Not,
    columns_of,
)

Flags = NDArray[np.bool_]
_OTHER_TEXT = "\x00another"


@dataclass(frozen=True)
class Pieces:
    """The pieces of one column.

    Args:
        column: its name.
        values: one value of each piece.
    """

    column: str
    values: tuple[Value, ...]

    def inside(self, extent: Extent) -> Flags:
        """Say of each piece whether the extent holds it."""
        return np.array([extent.holds(value) for value in self.values])


@dataclass(frozen=True)
class Atoms:
    """The atoms of several tables; conditions on several columns at once that cannot be resolved are columns of two pieces.

    Args:
        pieces: of each column.
        unresolved: conditions that stand as a column of their own, by its name.
    """

    pieces: tuple[Pieces, ...]
    unresolved: dict[Expression, str]

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the pieces of each column."""
        return tuple(len(one.values) for one in self.pieces)

    @property
    def count(self) -> int:
        """Return how many atoms there are."""
        return math.prod(self.shape)


def find_atoms(tables: Sequence[Released], *, domains: Domains = NO_DOMAINS) -> Atoms:
    """Return the atoms of some tables.

    Args:
        tables: with completed axes.
        domains: what is known of columns.
    """
    conditions = {one for table in tables for one in table.population.conditions}
    unresolved = {one: f"\x00condition {place}" for place, one in enumerate(c for c in conditions if not _resolves(c))}
    extents: dict[str, set[Extent]] = {}
    for table in tables:
        for axis in table.axes:
            extents.setdefault(axis.column, set()).update(axis.extents)
        for column, extent in table.population.extents.items():
            extents.setdefault(column, set()).add(extent)
    for leaf in (leaf for one in conditions - unresolved.keys() for leaf in _leaves(one)):
        (column,) = columns_of(leaf)
        extents.setdefault(column, set()).add(truth(leaf) or EVERYTHING)
    pieces = [_pieces(column, used, domains.get(column, UNKNOWN)) for column, used in sorted(extents.items())]
    pieces += [Pieces(name, ("true", "false")) for name in unresolved.values()]
    return Atoms(tuple(pieces), unresolved)


def incidence(table: Released, atoms: Atoms) -> sparse.csr_array:
    """Return which atoms each cell of a table is made of: one line for each cell of its grid, one column for each atom."""
    found = sparse.csr_array(np.ones((1, 1)))
    for pieces in atoms.pieces:
        part = _part(table, pieces)
        found = sparse.csr_array(sparse.kron(found, part, format="csr"))
    order = _grid_order(table, atoms)
    found = sparse.csr_array(found[order])
    held = np.ones(atoms.count, dtype=bool)
    for condition in table.population.conditions:
        held &= _held(condition, atoms)
    return sparse.csr_array(found * held[None, :]) if not held.all() else found


def _part(table: Released, pieces: Pieces) -> sparse.csr_array:
    own = [axis for axis in table.axes if axis.column == pieces.column]
    extents = own[0].extents if own else (table.population.extent(pieces.column),)
    return sparse.csr_array(np.array([pieces.inside(extent) for extent in extents], dtype=float))


def _grid_order(table: Released, atoms: Atoms) -> NDArray[np.intp]:
    """Where each cell of the table's grid stands among the lines, which go through the columns in the atoms' order."""
    names = [axis.column for axis in table.axes]
    by_atoms = [one.column for one in atoms.pieces if one.column in names]
    shape = tuple(len(table.axes[names.index(column)].extents) for column in by_atoms)
    lines = np.arange(math.prod(shape)).reshape(shape)
    return np.transpose(lines, [by_atoms.index(name) for name in names]).ravel()


def _held(condition: Expression, atoms: Atoms) -> Flags:
    """Of each atom, whether the condition holds in it."""
    if condition in atoms.unresolved:
        return _spread(atoms, atoms.unresolved[condition], Extent(texts=frozenset({"true"})))
    inner = condition.part if isinstance(condition, Not) else condition
    if isinstance(condition, Not) and isinstance(inner, Not):
        return _held(inner.part, atoms)
    if isinstance(inner, Every | Either):
        is_turned = isinstance(condition, Not)
        held = np.stack([_held(Not(part) if is_turned else part, atoms) for part in inner.parts])
        return np.asarray(held.all(axis=0) if isinstance(inner, Every) != is_turned else held.any(axis=0))
    (column,) = columns_of(condition)
    return _spread(atoms, column, truth(condition) or EVERYTHING)


def _spread(atoms: Atoms, column: str, extent: Extent) -> Flags:
    shape = [1] * len(atoms.pieces)
    (place,) = (at for at, one in enumerate(atoms.pieces) if one.column == column)
    shape[place] = -1
    flags: Flags = np.broadcast_to(atoms.pieces[place].inside(extent).reshape(shape), atoms.shape).ravel()
    return flags


def _leaves(tree: Expression) -> Iterator[Expression]:
    """The conditions on single columns that a condition is joined from."""
    if isinstance(tree, Not) and isinstance(tree.part, Every | Either | Not):
        yield from _leaves(tree.part)
    elif isinstance(tree, Every | Either):
        for part in tree.parts:
            yield from _leaves(part)
    else:
        yield tree


def _resolves(condition: Expression) -> bool:
    return all(len(columns_of(leaf)) == 1 and truth(leaf) is not None for leaf in _leaves(condition))


def _pieces(column: str, extents: Iterable[Extent], domain: Domain) -> Pieces:
    used = tuple(extents)
    found: dict[bytes, Value] = {}
    for value in _samples(used, domain):
        found.setdefault(bytes(extent.holds(value) for extent in used), value)
    return Pieces(column, tuple(found.values()))


def _samples(extents: Sequence[Extent], domain: Domain) -> list[Value]:
    """Values enough to meet every piece: each end of a stretch, between the ends, each text, another text, missing."""
    ends = sorted(
        {cut[0] for one in (*extents, domain.extent) for span in one.spans for cut in span if math.isfinite(cut[0])}
    )
    numbers = {*ends, *((a + b) / 2 for a, b in pairwise(ends))}
    if ends:
        numbers |= {ends[0] - 1, ends[-1] + 1}
    if domain.whole:
        numbers = {float(math.floor(one)) + more for one in numbers for more in (-1, 0, 1)}
    texts = sorted({text for one in (*extents, domain.extent) for text in one.texts})
    found = [*sorted(numbers or {0.0}), *texts, _OTHER_TEXT, None]
    return [value for value in found if domain.extent.holds(value)]


def describe(atoms: Atoms, atom: int) -> str:
    """Return an atom in words: one value of each column that stands for its piece."""
    places = np.unravel_index(atom, atoms.shape)
    told = [
        f"{one.column} {_say(one.values[at])}"
        for one, at in zip(atoms.pieces, places, strict=True)
        if not one.column.startswith("\x00")
    ]
    return ", ".join(told)


def _say(value: Value) -> str:
    if value is None:
        return "missing"
    if isinstance(value, float):
        return f"about {value:g}"
    return "another" if value == _OTHER_TEXT else str(value)
