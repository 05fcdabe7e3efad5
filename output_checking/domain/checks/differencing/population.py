"""Owns what a filter means for the columns it reads, one by one. Must never evaluate a record.

A filter that joins conditions of several columns by `and` becomes one extent for each column. A condition on several columns
at once (`a = 1 or b = 2`) is kept as it is written, and compared as a whole.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from output_checking.domain.checks.differencing.extent import (
    EVERYTHING,
    MISSING,
    UNKNOWN,
    Domains,
    Extent,
    compared,
    only,
    without_missing,
)
from output_checking.domain.checks.specification.expression import (
    Among,
    Column,
    Compare,
    Either,
    Every,
    Expression,
    Missing,
    Not,
    columns_of,
)

NO_DOMAINS: Domains = MappingProxyType({})
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(frozen=True)
class Population:
    """Which records a table is made of.

    Args:
        extents: by column, what it may be.
        conditions: what must hold beside, each on several columns at once.
    """

    extents: dict[str, Extent] = field(default_factory=dict)
    conditions: frozenset[Expression] = frozenset()

    def extent(self, column: str) -> Extent:
        """Return what a column may be."""
        return self.extents.get(column, EVERYTHING)


def read_population(chosen: Expression | None, *, domains: Domains = NO_DOMAINS) -> Population:
    """Return what a filter means.

    Args:
        chosen: the filter's tree; None for all records.
        domains: what is known of columns.
    """
    extents: dict[str, Extent] = {}
    conditions: set[Expression] = set()
    for part in _conjuncts(chosen):
        names = columns_of(part)
        found = truth(part) if len(names) == 1 else None
        if found is None:
            conditions.add(part)
            continue
        name = names.pop()
        extents[name] = extents.get(name, EVERYTHING) & found
    seen = {name: domains.get(name, UNKNOWN).seen(extent) for name, extent in extents.items()}
    return Population({name: extent for name, extent in seen.items() if extent != EVERYTHING}, frozenset(conditions))


def _conjuncts(tree: Expression | None) -> tuple[Expression, ...]:
    if tree is None:
        return ()
    if isinstance(tree, Every):
        return tuple(one for part in tree.parts for one in _conjuncts(part))
    if isinstance(tree, Not) and isinstance(tree.part, Either):
        return tuple(one for part in tree.part.parts for one in _conjuncts(Not(part)))
    if isinstance(tree, Not) and isinstance(tree.part, Not):
        return _conjuncts(tree.part.part)
    return (tree,)


def truth(tree: Expression) -> Extent | None:
    """Return where a condition on one column holds; None where it cannot be said as an extent."""
    sides = _sides(tree)
    return None if sides is None else sides[0]


def _sides(tree: Expression) -> tuple[Extent, Extent] | None:
    """Where it holds and where it fails; a comparison with a missing value does neither (SQL's third truth value)."""
    match tree:
        case Missing():
            return MISSING, without_missing(EVERYTHING)
        case Not(part):
            inner = _sides(part)
            return None if inner is None else (inner[1], inner[0])
        case Every(parts) | Either(parts):
            return _joined_sides([_sides(part) for part in parts], is_every=isinstance(tree, Every))
        case Among(_, values):
            found: Extent | None = only(values)
        case Compare(Column(), sign, right) if not isinstance(right, Column):
            found = compared(sign, right)
        case Compare(left, sign, Column()) if not isinstance(left, Column):
            found = compared(_TURNED[sign], left)
        case _:
            found = None
    return None if found is None else (found, without_missing(found.inverted()))


def _joined_sides(sides: list[tuple[Extent, Extent] | None], *, is_every: bool) -> tuple[Extent, Extent] | None:
    holds, fails = (EVERYTHING, Extent()) if is_every else (Extent(), EVERYTHING)
    for one in sides:
        if one is None:
            return None
        if is_every:
            holds, fails = holds & one[0], fails | one[1]
        else:
            holds, fails = holds | one[0], fails & one[1]
    return holds, fails
