"""Owns what a draft of a contract says about tables and columns, before it is written down. Must never hold SQL or YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tre.data.domain.contract import ColumnClass, ColumnType


@dataclass(frozen=True, kw_only=True)
class ColumnDraft:
    """One column as proposed.

    Args:
        source: name in the file.
        extra: further fields of the contract (`rule`, `range`, `codes`), as YAML values.
        why: sentences that explain the class and what is to be looked at.
        is_identifier: whether it may name a person, so that the custodian must look at it.
    """

    source: str
    kind: ColumnClass
    type: ColumnType
    extra: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    is_identifier: bool = False


@dataclass(frozen=True, kw_only=True)
class TableDraft:
    """One table as proposed; `key` by the columns' names in the file, empty where none is unique."""

    stem: str
    columns: tuple[ColumnDraft, ...]
    key: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A whole contract as proposed; `identifier_kind` as in a contract."""

    tables: tuple[TableDraft, ...]
    identifier_kind: str
    why: tuple[str, ...] = ()
