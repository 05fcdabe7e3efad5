"""Owns what a dataset contract says, as values. Must never read a file (`tre.data.contracts` does) or touch data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tre.data.domain.dialect import Dialect
from tre.data.domain.free_text import Treatment
from tre.data.domain.generalisation import ITSELF, RULE_TYPES, ColumnType, Generalisation, Geography, Rule, Scalar
from tre.data.domain.terms import Coverage, PermittedUse, Retention, Term

__all__ = [
    "FOUND",
    "ITSELF",
    "PERSON",
    "RULE_TYPES",
    "Column",
    "ColumnClass",
    "ColumnType",
    "Contract",
    "Coverage",
    "Generalisation",
    "Geography",
    "OptOutFile",
    "PermittedUse",
    "PersonOf",
    "Range",
    "Reference",
    "Retention",
    "Rule",
    "Scalar",
    "Table",
    "Term",
    "Withheld",
    "shift_bound",
]

PERSON = "person"
"""Name of the pseudonym's column in every snapshot table, and of the internal number's column in the store."""

FOUND = "__person_of"
"""Name under which the person is laid beside raw rows that do not name one."""


class ColumnClass(StrEnum):
    """What may happen to a column's values."""

    PERSON_IDENTIFIER = "person identifier"
    """Stays in the vault; the store has an internal number, a snapshot the project's pseudonym."""
    DIRECT_IDENTIFIER = "direct identifier"
    """Name, address and the like: dropped at ingestion, never stored."""
    RECORD_IDENTIFIER = "record identifier"
    """Key of a record, shared by tables: replaced by a pseudonym of its own in a snapshot, so that no two projects share it."""
    GENERALISE = "generalise"
    """Made coarser by the column's rule when a snapshot is built."""
    SENSITIVE = "sensitive"
    """As it is, and what a person would mind most: the risk report measures how well it is hidden in a crowd."""
    FREE_TEXT = "free text"
    """Kept in the store; in a snapshot only where the project's approval names it, and scanned then."""
    PLAIN = "plain"
    """As it is."""


Bound = int | float | date | datetime


@dataclass(frozen=True, kw_only=True)
class Range:
    """The values that a column may have, both ends among them; None where it is open at that end."""

    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True)
class Reference:
    """Each value is one of `column` (its name as researchers see it) of `table`, of the same dataset."""

    table: str
    column: str


@dataclass(frozen=True, kw_only=True)
class PersonOf:
    """A table that does not name the person itself: each row is about the person of the row of `table` with the same `by`."""

    table: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Args:
        name: name that researchers see.
        source: name in the raw file.
        kind: its class.
        type: type in the raw file.
        meaning: one sentence for the data dictionary.
        unit: of the values, empty where there is none.
        topic: heading in the catalogue, empty where the table needs none.
        coding: coding system (`ICD-10`), empty where none.
        rule: how it is generalised, for that class only.
        record: of a record identifier, the name of the key that it is (`visit`): columns with the same are joined on it;
            empty for the column's own name.
        range: values that are allowed; a value outside goes to the quarantine.
        codes: allowed codes to what they mean; empty where any value may come. Another goes to the quarantine.
        reference: table and column in which each value is found.
        missing: code to what it means (`9` to `Don't know`): stored as NULL, so that it is never averaged in.
        recode: raw value to stored value.
        extract: regular expression whose first group is the value, empty where the raw text is the value.
        when_found: of free text, what becomes of a text in which the scan finds what names somebody.
    """

    name: str
    source: str
    kind: ColumnClass
    type: ColumnType
    meaning: str
    unit: str = ""
    topic: str = ""
    coding: str = ""
    rule: Generalisation | None = None
    record: str = ""
    range: Range | None = None
    codes: Mapping[Scalar, str] = field(default_factory=dict)
    reference: Reference | None = None
    missing: Mapping[Scalar, str] = field(default_factory=dict)
    recode: Mapping[Scalar, Scalar] = field(default_factory=dict)
    extract: str = ""
    when_found: Treatment = Treatment.MASK

    @property
    def is_published(self) -> bool:
        """Say whether a project can ask for it."""
        return self.kind not in {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}

    @property
    def record_key(self) -> str:
        """Name of the key that a record identifier is."""
        return self.record or self.name

    @property
    def published_type(self) -> ColumnType:
        """Type that researchers see."""
        if self.kind == ColumnClass.RECORD_IDENTIFIER:
            return ColumnType.TEXT
        return self.rule.published_type(self.type) if self.rule else self.type


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table.

    Args:
        name: name that researchers see.
        meaning: one sentence.
        file: raw file without its ending (`.csv`, `.tsv`, `.parquet`, or the first two with `.gz`).
        key: published or raw columns that together name a row once; empty where rows may repeat.
        near_zero: decimals nearer to zero than this are zero (a trace of SAS transport files); 0 leaves all as they are.
        person_of: where the person is found, if not in a column of its own.
        may_be_absent: whether the dataset is whole without its file, or with a file of no rows.
        dialect: how its raw file is written, where that is text.
        may_lack: raw columns that the file may be without: they are empty then.
    """

    name: str
    meaning: str
    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    near_zero: float = 0.0
    person_of: PersonOf | None = None
    may_be_absent: bool = False
    may_lack: frozenset[str] = frozenset()
    dialect: Dialect = field(default_factory=Dialect)

    @property
    def has_person(self) -> bool:
        """Say whether its rows are about persons; a reference table (vocabulary, places) is about nobody."""
        return self.person_of is not None or any(one.kind == ColumnClass.PERSON_IDENTIFIER for one in self.columns)

    @property
    def person_column(self) -> Column:
        """The one column that names the person, or that is laid beside the rows; only of a table that `has_person`."""
        if self.person_of:
            kind, number = ColumnClass.PERSON_IDENTIFIER, ColumnType.INTEGER
            return Column(name=FOUND, source=FOUND, kind=kind, type=number, meaning="Person")
        return next(one for one in self.columns if one.kind == ColumnClass.PERSON_IDENTIFIER)

    @property
    def published(self) -> tuple[Column, ...]:
        """The columns that a project can ask for; free text among them, which its approval must name besides."""
        return tuple(one for one in self.columns if one.is_published)

    @property
    def free_text(self) -> tuple[Column, ...]:
        """The columns of free text."""
        return tuple(one for one in self.columns if one.kind == ColumnClass.FREE_TEXT)

    def column(self, name: str) -> Column:
        """Return the column called `name`; raise `KeyError` if there is none."""
        return {one.name: one for one in self.columns}[name]


@dataclass(frozen=True, kw_only=True)
class OptOutFile:
    """A list of opt-outs that comes with the dataset: raw file, its identifier column and the column of the effective date."""

    list: str
    file: str
    identifier: str
    effective_from: str


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """A raw file that comes with the dataset and is not loaded: its rows are counted, none is kept; why, in a sentence."""

    file: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What is agreed about one dataset.

    Args:
        dataset: its id.
        custodian: person id of who decides on its use.
        identifier_kind: `nhs_number` or `whole_number`: what counts as valid.
        namespace: persons with the same identifier in the same namespace are the same person, across datasets.
        opt_outs: opt-out lists that apply to it, each with its legal basis and source.
        consents: what persons must have agreed to; empty where use does not rest on consent.
        quarantine_limit: largest share of a table's rows (0 to 1) that may fail before the load is stopped.
        sha256: of the contract's text.
        version: of the contract, as its custodian counts.
        retention: how long its versions are kept; None where not told.
        permitted_uses: GA4GH DUO terms; empty where not told.
        coverage: period, places, population; None where not told.
        withheld: raw files that are accounted for and not loaded.
    """

    dataset: str
    title: str
    summary: str
    source: str
    custodian: str
    legal_basis: str
    identifier_kind: str
    namespace: str
    opt_outs: tuple[Term, ...]
    opt_out_files: tuple[OptOutFile, ...]
    quarantine_limit: float
    tables: tuple[Table, ...]
    sha256: str
    version: str = "1"
    consents: tuple[Term, ...] = ()
    retention: Retention | None = None
    permitted_uses: tuple[PermittedUse, ...] = ()
    coverage: Coverage | None = None
    withheld: tuple[Withheld, ...] = ()

    def table(self, name: str) -> Table:
        """Return the table called `name`; raise `KeyError` if there is none."""
        return {one.name: one for one in self.tables}[name]


def shift_bound(columns: Iterable[Column]) -> int:
    """Return the most days that a person's dates may be shifted by: the smallest bound of these columns; 0 if none is shifted."""
    bounds = [one.rule.most_days for one in columns if one.rule and one.rule.kind == Rule.DATE_SHIFT]
    return min(bounds, default=0)
