"""Owns what a dataset contract says, as values. Must never read a file (`tre.data.contracts` does) or touch data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PERSON = "person"
"""Name of the pseudonym's column in every snapshot table, and of the internal number's column in the store."""


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
    PLAIN = "plain"
    """As it is."""


class ColumnType(StrEnum):
    """Type of the values as they come."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"


class Rule(StrEnum):
    """How a column is generalised."""

    YEAR = "year"
    MONTH = "month"
    AGE_BAND = "age band"
    OUTWARD_POSTCODE = "outward postcode"


RULE_TYPES: Mapping[Rule, ColumnType] = {
    Rule.YEAR: ColumnType.DATE,
    Rule.MONTH: ColumnType.DATE,
    Rule.AGE_BAND: ColumnType.DATE,
    Rule.OUTWARD_POSTCODE: ColumnType.TEXT,
}
PUBLISHED_TYPES: Mapping[Rule, ColumnType] = {
    Rule.YEAR: ColumnType.INTEGER,
    Rule.MONTH: ColumnType.DATE,
    Rule.AGE_BAND: ColumnType.TEXT,
    Rule.OUTWARD_POSTCODE: ColumnType.TEXT,
}

Scalar = str | int | float


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
        missing: code to what it means (`9` to `Don't know`): stored as NULL, so that it is never averaged in.
        recode: raw value to stored value.
        extract: regular expression whose first group is the value, empty where the raw text is the value.
    """

    name: str
    source: str
    kind: ColumnClass
    type: ColumnType
    meaning: str
    unit: str = ""
    topic: str = ""
    coding: str = ""
    rule: Rule | None = None
    missing: Mapping[Scalar, str] = field(default_factory=dict)
    recode: Mapping[Scalar, Scalar] = field(default_factory=dict)
    extract: str = ""

    @property
    def is_published(self) -> bool:
        """Say whether a project can ask for it."""
        return self.kind not in {ColumnClass.PERSON_IDENTIFIER, ColumnClass.DIRECT_IDENTIFIER}

    @property
    def published_type(self) -> ColumnType:
        """Type that researchers see."""
        if self.kind == ColumnClass.RECORD_IDENTIFIER:
            return ColumnType.TEXT
        return PUBLISHED_TYPES[self.rule] if self.rule else self.type


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table.

    Args:
        name: name that researchers see.
        meaning: one sentence.
        file: raw file without its ending (`.csv`, `.tsv`, `.parquet`, or the first two with `.gz`).
        key: published or raw columns that together name a row once; empty where rows may repeat.
        near_zero: decimals nearer to zero than this are zero (a trace of SAS transport files); 0 leaves all as they are.
    """

    name: str
    meaning: str
    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    near_zero: float = 0.0

    @property
    def person_column(self) -> Column:
        """The one column that names the person."""
        return next(one for one in self.columns if one.kind == ColumnClass.PERSON_IDENTIFIER)

    @property
    def published(self) -> tuple[Column, ...]:
        """The columns that a project can ask for."""
        return tuple(one for one in self.columns if one.is_published)

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
class Contract:
    """What is agreed about one dataset.

    Args:
        dataset: its id.
        custodian: person id of who decides on its use.
        identifier_kind: `nhs_number` or `whole_number`: what counts as valid.
        namespace: persons with the same identifier in the same namespace are the same person, across datasets.
        opt_outs: opt-out lists that apply to it.
        quarantine_limit: largest share of a table's rows (0 to 1) that may fail before the load is stopped.
        sha256: of the contract's text.
    """

    dataset: str
    title: str
    summary: str
    source: str
    custodian: str
    legal_basis: str
    identifier_kind: str
    namespace: str
    opt_outs: tuple[str, ...]
    opt_out_files: tuple[OptOutFile, ...]
    quarantine_limit: float
    tables: tuple[Table, ...]
    sha256: str

    def table(self, name: str) -> Table:
        """Return the table called `name`; raise `KeyError` if there is none."""
        return {one.name: one for one in self.tables}[name]
