"""Owns the figures of disclosure risk, and which columns of a snapshot they are about. Must never see a person.

A quasi-identifier is a column that an outsider may know of somebody (year of birth, area, month of an event): what a contract
makes coarser. Persons with the same quasi-identifiers are one group. k-anonymity: the smallest group has k persons (Sweeney,
2002). l-diversity: every group has at least l different values of a sensitive column (Machanavajjhala and others, 2007).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tre.data.domain.contract import Column, ColumnClass, Rule
from tre.data.domain.snapshot_plan import PlannedTable

MOST_TRIED = 6
"""Of how many quasi-identifiers at most it is tried what leaving out each one would do."""


@dataclass(frozen=True, kw_only=True)
class Without:
    """What leaving out one quasi-identifier would do: the smallest group then, and persons alone in theirs."""

    column: str
    k: int
    uniques: int


@dataclass(frozen=True, kw_only=True)
class RiskFigures:
    """Disclosure risk of one table, or of all tables with one row a person taken together.

    Args:
        table: its name; empty for all together.
        quasi_identifiers, sensitive: names of the columns that the figures are about.
        persons, groups: how many there are.
        k: persons in the smallest group; 0 where there is nobody.
        uniques: persons who are alone in a group, so that the quasi-identifiers single them out.
        under_ten: persons in a group of fewer than ten.
        diversity: (sensitive column, l) each.
        without: what leaving out each quasi-identifier would do.
    """

    table: str
    quasi_identifiers: tuple[str, ...]
    sensitive: tuple[str, ...]
    persons: int
    groups: int
    k: int
    uniques: int
    under_ten: int
    diversity: tuple[tuple[str, int], ...] = ()
    without: tuple[Without, ...] = ()


def quasi_identifiers(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Return the columns that an outsider may know; dates shifted by person are none: nobody outside knows the shift."""
    return tuple(
        one
        for one in columns
        if one.kind == ColumnClass.GENERALISE and (one.rule is None or one.rule.kind != Rule.DATE_SHIFT)
    )


def sensitive(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Return the columns whose values a group must not give away."""
    return tuple(one for one in columns if one.kind == ColumnClass.SENSITIVE)


def is_measured(planned: PlannedTable) -> bool:
    """Say whether there is a risk to measure in the table: it is about persons, and an outsider may know something in it."""
    return planned.table.has_person and bool(quasi_identifiers(planned.columns))
