"""Owns ingestion: raw files against the contract into the store, persons into the vault, misfits into the quarantine.

Must never write an identifier or a direct identifier into the store, nor change a version that exists: a version is named
by the hash of its contract and its raw bytes, so the same load twice is one version.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tre.data.domain.contract import Contract, Table
from tre.data.domain.dialect import Dialect
from tre.data.engine.accounting import not_read, withheld
from tre.data.engine.duck import Connection, open_engine, tell_progress
from tre.data.engine.folders import Folders, resumed
from tre.data.engine.load_opt_outs import load_opt_outs
from tre.data.engine.load_table import MARKS, load_table
from tre.data.engine.metering import Meter, Progress
from tre.data.engine.raw import RawFolder
from tre.data.engine.staging import TableLoad
from tre.data.engine.vault import Vault

__all__ = ["FORMAT", "Progress", "Version", "ingest"]
FORMAT = 2
"""Raised when the store's form changes, so that old versions are not taken for new ones."""
MEMORY_BYTES = 1408 * 1024**2
"""What the engine may keep; with some 300 MB that the process keeps besides, a load stays within 2 GB."""
LARGE_BYTES = 1024**3
"""Raw bytes from which a load cannot be held in memory anyway."""
LARGE_MEMORY_BYTES = 768 * 1024**2
"""What the engine may keep of such a load: what it does not count itself grows with the persons, seven hundred MB for 17 million."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A dataset version in the store.

    Args:
        version: content hash, 16 hex characters.
        manifest: what was loaded from what, with counts; no row and no identifier.
        is_new: False where the same bytes had been loaded before.
    """

    dataset: str
    version: str
    manifest: Mapping[str, Any]
    is_new: bool


def ingest(
    contract: Contract, raw: Path, *, folders: Folders, vault: Vault, at: datetime, progress: Progress, by: str = ""
) -> Version:
    """Load one version of a dataset.

    Args:
        contract: what the files must be.
        raw: folder of the raw files.
        at: the moment, for the manifest.
        progress: told about once a second.
        by: who ordered it, for the manifest.

    Raises:
        Invalid: a file does not fit, or more rows fail than the contract allows; nothing is loaded then.
    """
    files = RawFolder(raw, folders.scratch)
    dialects = _dialects(contract)
    meter = Meter(progress, total=2 * files.size(dialects))
    try:
        files.look(dialects, told=lambda file, size: meter.add(f"checking {file}", size))
        version = _content_hash(contract, files.sources())
        folder = folders.version(contract.dataset, version)
        if folder.exists():
            return Version(dataset=contract.dataset, version=version, manifest=_read_manifest(folder), is_new=False)
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        load = _Load(contract=contract, files=files, folders=folders, vault=vault, meter=meter)
        with resumed(folder) as part, open_engine(folders.scratch, memory_bytes=memory_for(files, dialects)) as engine:
            tell_progress(engine)
            told = {"format": FORMAT, "dataset": contract.dataset, "version": version}
            manifest = told | _loaded(load, engine, part) | {"loaded_at": at.isoformat(), "loaded_by": by}
            files.require_unchanged()
            (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
            _clear_marks(part)
        return Version(dataset=contract.dataset, version=version, manifest=manifest, is_new=True)
    finally:
        files.remove_copies()


@dataclass(frozen=True, kw_only=True)
class _Load:
    contract: Contract
    files: RawFolder
    folders: Folders
    vault: Vault
    meter: Meter


def _loaded(load: _Load, engine: Connection, part: Path) -> dict[str, Any]:
    """Load everything into `part`; return what the manifest says of it."""
    contract, files = load.contract, load.files
    opt_outs = [
        load_opt_outs(engine, contract, one, files, folders=load.folders, vault=load.vault)
        for one in contract.opt_out_files
    ]
    entries = {}
    for table in _in_order(contract):
        work = TableLoad(engine=engine, contract=contract, table=table, vault=load.vault, raw=files, part=part)
        with load.meter.watching(engine, f"loading {table.name}", files.size([table.file])):
            entries[table.name] = load_table(work)
    return {
        "contract_version": contract.version,
        "contract_sha256": contract.sha256,
        "sources": files.sources(),
        "tables": [entries[table.name] for table in contract.tables],
        "opt_outs": opt_outs,
        "withheld": withheld(engine, contract, files),
        "not_read": not_read(contract, files.folder),
    }


def memory_for(files: RawFolder, names: Iterable[str]) -> int:
    """Return how many bytes the engine may keep while the files of these names are loaded."""
    return MEMORY_BYTES if files.plain_size(names) < LARGE_BYTES else LARGE_MEMORY_BYTES


def _dialects(contract: Contract) -> dict[str, Dialect]:
    """Return how each raw file of the contract is written, by its name without ending."""
    found = {table.file: table.dialect for table in contract.tables}
    whole = contract.tables[0].dialect
    others = [one.file for one in contract.opt_out_files] + [one.file for one in contract.withheld]
    return found | {file: Dialect(encoding=whole.encoding) for file in others if file not in found}


def _in_order(contract: Contract) -> list[Table]:
    """Return the tables, each after those that its columns refer to."""
    waiting, ordered = list(contract.tables), list[Table]()
    while waiting:
        known = {one.name for one in ordered}
        ready = [one for one in waiting if _needs(one) <= known] or waiting[:1]
        ordered += ready[:1]
        waiting.remove(ready[0])
    return ordered


def _needs(table: Table) -> set[str]:
    return {one.reference.table for one in table.columns if one.reference} - {table.name}


def _clear_marks(part: Path) -> None:
    for mark in (part / MARKS).iterdir():
        mark.unlink()
    (part / MARKS).rmdir()


def _content_hash(contract: Contract, sources: list[dict[str, Any]]) -> str:
    whole = json.dumps([FORMAT, contract.sha256, sources], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest
