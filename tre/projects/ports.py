"""Owns what projects need of rooms above them, as protocols that bootstrap fills in. Must never import those rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from tre.kernel.expression import Kind
from tre.plumbing.unit_of_work import Unit


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the catalogue; `kind` is its type in words, `unit` its unit of measure, `topic` what it is about.

    `compared_as` is the type by which rows may be chosen by it; None where they may not.
    """

    name: str
    meaning: str
    kind: str = ""
    unit: str = ""
    topic: str = ""
    compared_as: Kind | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the catalogue with the columns that may be asked for."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset of the catalogue; its custodian decides on it."""

    dataset_id: str
    title: str
    custodian_id: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovedTable:
    """One table of an approval: exactly these columns, and of the rows those that `rows` and the period say (empty: all)."""

    dataset_id: str
    table: str
    columns: tuple[str, ...]
    rows: str = ""
    first_day: date | None = None
    last_day: date | None = None
    free_text: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApprovedData:
    """What a project may have, as approved; `linkage` says what becomes of people in some of its datasets only."""

    project_id: str
    number: int
    tables: tuple[ApprovedTable, ...]
    ends_on: date
    linkage: str = "all"


@dataclass(frozen=True, kw_only=True)
class SnapshotTable:
    """One table of a snapshot as it was built: counts of rows and of persons."""

    name: str
    dataset_id: str
    rows: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class SnapshotCard:
    """A project's snapshot for its page.

    Args:
        state: none, requested, building, ready, failed, removed.
        progress: per cent.
        note: what is being done, or why it failed.
        left_out: a sentence for each kind of thing that was left out, with its reason.
    """

    state: str = "none"
    version: str = ""
    progress: int = 0
    note: str = ""
    built_at: datetime | None = None
    tables: tuple[SnapshotTable, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RiskLine:
    """Disclosure risk of one table of what is asked for, in words and figures that may be shown.

    Args:
        table: its name; empty for all tables with one row a person taken together.
        known: columns that an outsider may know of somebody.
        k: persons in the smallest group of people who look alike.
        persons, uniques, under_ten: persons in all, alone in their group, and in a group of fewer than ten, as told.
        diversity: (sensitive column, fewest different values in a group) each.
        without: (column, smallest group without it, persons alone without it as told) each.
    """

    table: str
    known: tuple[str, ...]
    k: int
    groups: int
    persons: str
    uniques: str
    under_ten: str
    diversity: tuple[tuple[str, int], ...] = ()
    without: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its label, its count as told, and its length as a share of the longest (0 to 1)."""

    label: str
    told: str
    share: float


@dataclass(frozen=True, kw_only=True)
class LinkageLine:
    """How two datasets meet: how the share of the linked is told, bars of persons in both and in one only, and by table."""

    first: str
    second: str
    told: str
    bars: tuple[Bar, ...]
    tables: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """What the scan of one column of free text found, in a sentence.

    Args:
        names_known: per cent of its persons whose own names the scan knows, to the nearest ten; None of a table about nobody.
    """

    table: str
    column: str
    told: str
    names_known: int | None = None


@dataclass(frozen=True, kw_only=True)
class AssessmentCard:
    """What the broker found in a trial of what an application asks for.

    Args:
        state: none, ordered, ready, failed.
        note: what is being done, or why it could not be made.
        left_out: a sentence for each rule by which people would be left out.
        texts: a line for each column of free text.
    """

    state: str = "none"
    progress: int = 0
    note: str = ""
    made_at: datetime | None = None
    risk: tuple[RiskLine, ...] = ()
    linkage: tuple[LinkageLine, ...] = ()
    left_out: tuple[str, ...] = ()
    texts: tuple[TextLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WorkspaceCard:
    """The reader's own workspace in a project.

    Args:
        state: none, opening, live.
        why_not: sentences that speak against opening it now; empty where it may be opened.
        url: where the live workspace is.
        holds: what it holds and may hold, as a sentence; empty until it was measured.
        is_full: True when its person should clear it up.
    """

    state: str = "none"
    since: datetime | None = None
    why_not: tuple[str, ...] = field(default_factory=tuple)
    url: str = ""
    holds: str = ""
    is_full: bool = False


class Catalogue(Protocol):
    """The datasets that can be asked for."""

    def datasets(self, unit: Unit) -> Sequence[Dataset]:
        """Return all datasets with their tables and columns."""
        ...


class SnapshotOrders(Protocol):
    """Where approved data is ordered from the broker."""

    def order(self, unit: Unit, approved: ApprovedData) -> None:
        """Order a new snapshot in this transaction."""
        ...

    def order_removal(self, unit: Unit, project_id: str) -> None:
        """Order the removal of every snapshot of the project in this transaction."""
        ...

    def card(self, unit: Unit, project_id: str) -> SnapshotCard:
        """Return the snapshot's state for the project page."""
        ...

    def order_assessment(self, unit: Unit, asked: ApprovedData) -> None:
        """Order a report on what an application asks for, in this transaction; the port asks the gate."""
        ...

    def assessment(self, unit: Unit, project_id: str) -> AssessmentCard:
        """Return the newest report on what the application asks for."""
        ...


class LiveWorkspaces(Protocol):
    """The workspaces of a project that run now."""

    def stop_all(self, unit: Unit, project_id: str, why: str) -> None:
        """Take back every session in this transaction and end its processes as soon as it is committed."""
        ...

    def card(self, unit: Unit, project_id: str) -> WorkspaceCard:
        """Return the actor's own workspace in the project."""
        ...
