"""Owns the account of raw files that a load does not keep: those that the contract withholds, those that it does not name.

Must never read more of them than a count of rows.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tre.data.domain.contract import Contract
from tre.data.engine.duck import Connection
from tre.data.engine.raw import ENDINGS, RawFolder, row_count


def withheld(engine: Connection, contract: Contract, raw: RawFolder) -> list[dict[str, Any]]:
    """Return an entry for the manifest of each file that the contract withholds: its rows, and why none was kept."""
    return [{"file": one.file, "reason": one.reason, "rows": _rows(engine, raw, one.file)} for one in contract.withheld]


def not_read(contract: Contract, raw: Path) -> list[str]:
    """Return the names of the data files in the folder that the contract does not name: nothing of them was read."""
    stems = [table.file for table in contract.tables]
    stems += [one.file for one in contract.opt_out_files] + [one.file for one in contract.withheld]
    known = {f"{stem}{ending}".lower() for stem in stems for ending in ENDINGS}
    return [path.name for path in _data_files(raw) if path.name.lower() not in known]


def _data_files(raw: Path) -> Sequence[Path]:
    return sorted(path for path in raw.iterdir() if path.is_file() and path.name.lower().endswith(ENDINGS))


def _rows(engine: Connection, raw: RawFolder, stem: str) -> int:
    return row_count(engine, raw.file(stem)) if raw.has(stem) else 0
