"""Owns the names of what lies in the engine while one table is loaded, and what its loading needs. Must never run a statement."""

from dataclasses import dataclass
from pathlib import Path

from tre.data.domain.contract import Contract, Table
from tre.data.engine.duck import Connection
from tre.data.engine.raw import RawFolder
from tre.data.engine.vault import Vault

STAGED = "staged"
PERSONS = "persons_named"
NUMBERS = "numbers"
BATCH = 1 << 18
"""Rows that are fetched at once."""


@dataclass(frozen=True, kw_only=True)
class TableLoad:
    """What the loading of one table needs.

    Args:
        raw: the raw files, looked at.
        part: folder of the version that is being made.
    """

    engine: Connection
    contract: Contract
    table: Table
    vault: Vault
    raw: RawFolder
    part: Path
