"""Owns the catalogue as values: what anybody may read of a dataset, and how something is found in it. Must never hold a value of data.

Counts come as words that were rounded before (`small_numbers.told`); no exact one gets this far.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

LONGEST_WORDS = 100
COLUMNS_ON_A_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class ColumnEntry:
    """One column.

    Args:
        type: type in a snapshot.
        treatment: what is done to its values before a project sees them, in words; empty where nothing is.
        coding: coding system, empty where none.
        codes: code and what it means, where the contract lists them.
    """

    name: str
    meaning: str
    type: str
    treatment: str = ""
    unit: str = ""
    topic: str = ""
    coding: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableEntry:
    """One table: `rows` and `persons` in words, `persons` empty where it is about nobody."""

    name: str
    meaning: str
    rows: str
    persons: str
    columns: tuple[ColumnEntry, ...]


@dataclass(frozen=True, kw_only=True)
class UseEntry:
    """One permitted use, or limit on it: the ontology's code, and what it means."""

    code: str
    words: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class CoverageEntry:
    """What a dataset covers; empty where its contract does not tell."""

    start: date | None = None
    until: date | None = None
    places: tuple[str, ...] = ()
    population: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetEntry:
    """One dataset.

    Args:
        custodian: name of whoever decides on its use.
        opt_outs: names of the lists that apply to it.
        retention: how long its versions are kept, in words.
        has_twin: it can be practised on with made-up data.
    """

    dataset_id: str
    title: str
    summary: str
    source: str
    legal_basis: str
    custodian: str
    version: str
    contract_version: str
    loaded_at: datetime
    coverage: CoverageEntry
    uses: tuple[UseEntry, ...]
    opt_outs: tuple[str, ...]
    retention: str
    has_twin: bool
    tables: tuple[TableEntry, ...]

    @property
    def columns(self) -> int:
        """How many columns can be asked for."""
        return sum(len(one.columns) for one in self.tables)

    def table(self, name: str) -> TableEntry | None:
        """Return a table by name, None where there is none."""
        return next((one for one in self.tables if one.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing that was found: a dataset, a table of it, or a column of that; what is not meant is None."""

    dataset: DatasetEntry
    table: TableEntry | None = None
    column: ColumnEntry | None = None

    @property
    def meaning(self) -> str:
        """What it is, in a sentence."""
        if self.column:
            return self.column.meaning
        return self.table.meaning if self.table else self.dataset.summary


def find(entries: Sequence[DatasetEntry], words: str) -> tuple[Found, ...]:
    """Return what holds every one of `words` in its name, meaning, topic, coding or unit: datasets, then tables, then columns.

    Within a kind, names that begin with what was typed come first.
    """
    sought = words.casefold().split()
    if not sought:
        return ()
    found = [one for one in _everything(entries) if _holds(_text(one), sought)]
    return tuple(sorted(found, key=lambda one: (_rank(one), not _name(one).casefold().startswith(sought[0]))))


def columns_with(table: TableEntry, words: str) -> tuple[ColumnEntry, ...]:
    """Return the columns of a table that hold every one of `words`, all of them for none."""
    sought = words.casefold().split()
    return tuple(one for one in table.columns if _holds(_column_text(one), sought))


def _everything(entries: Sequence[DatasetEntry]) -> Iterator[Found]:
    for dataset in entries:
        yield Found(dataset=dataset)
        for table in dataset.tables:
            yield Found(dataset=dataset, table=table)
            for column in table.columns:
                yield Found(dataset=dataset, table=table, column=column)


def _rank(one: Found) -> int:
    return (one.table is not None) + (one.column is not None)


def _name(one: Found) -> str:
    return one.column.name if one.column else one.table.name if one.table else one.dataset.title


def _text(one: Found) -> str:
    if one.column:
        return _column_text(one.column)
    if one.table:
        return f"{one.table.name} {one.table.meaning}".casefold()
    about = one.dataset
    places = " ".join(about.coverage.places)
    return f"{about.dataset_id} {about.title} {about.summary} {about.source} {about.coverage.population} {places}".casefold()


def _column_text(one: ColumnEntry) -> str:
    return f"{one.name} {one.meaning} {one.topic} {one.coding} {one.unit}".casefold()


def _holds(text: str, sought: Sequence[str]) -> bool:
    return all(word in text for word in sought)
