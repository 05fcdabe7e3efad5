"""Owns how persons found in some of a project's datasets only are handled, and between which datasets they are linked.

Linkage is exact: the same identifier in the same namespace is the same person, and nothing else is. Must never see a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

ALL = "all"
IN_EVERY_DATASET = "in_every_dataset"
WAYS = (ALL, IN_EVERY_DATASET)
TOLD = "rule that each person is in every dataset"
"""As counts of persons are told by it: "12 persons by the …"."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two datasets whose persons can be the same, because their identifiers are of one namespace."""

    namespace: str
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class TableFigures:
    """Persons of one table, and how many of them are in the other dataset of the pair."""

    dataset: str
    table: str
    persons: int
    linked: int


@dataclass(frozen=True, kw_only=True)
class PairFigures:
    """Persons in both datasets of a pair, and in one of them only; and the same table by table."""

    first: str
    second: str
    both: int
    first_only: int
    second_only: int
    tables: tuple[TableFigures, ...]


def pairs(datasets: Iterable[tuple[str, str]]) -> tuple[Pair, ...]:
    """Return every pair of datasets of one namespace, sorted.

    Args:
        datasets: (namespace, dataset) of each table of the plan; repeats do not matter.
    """
    found = sorted(set(datasets))
    return tuple(
        Pair(namespace=space, first=one, second=other)
        for (space, one), (same, other) in combinations(found, 2)
        if space == same
    )


def shared_spaces(datasets: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return namespace to its datasets, where there are two or more."""
    by_space: dict[str, set[str]] = {}
    for space, dataset in datasets:
        by_space.setdefault(space, set()).add(dataset)
    return {space: tuple(sorted(names)) for space, names in sorted(by_space.items()) if len(names) > 1}
