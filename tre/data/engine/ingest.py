"""Owns ingestion: raw files against the contract into the store, persons into the vault, misfits into the quarantine.

Must never write an identifier or a direct identifier into the store, nor change a version that exists: a version is named
by the hash of its contract and its raw bytes, so the same load twice is one version.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tre.data.domain.contract import Contract
from tre.data.engine.accounting import not_read, withheld
from tre.data.engine.duck import Connection, EngineError, open_engine
from tre.data.engine.folders import Folders, published, sha256_of
from tre.data.engine.load_opt_outs import load_opt_outs
from tre.data.engine.load_table import TableLoad, load_table
from tre.data.engine.raw_files import all_raw, find_raw
from tre.data.engine.vault import Vault
from tre.kernel.errors import Invalid

FORMAT = 1
"""Raised when the store's form changes, so that old versions are not taken for new ones."""

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done, in words without data."""


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
    contract: Contract, raw: Path, *, folders: Folders, vault: Vault, at: datetime, progress: Progress
) -> Version:
    """Load one version of a dataset.

    Args:
        contract: what the files must be.
        raw: folder of the raw files.
        at: the moment, for the manifest.
        progress: told after each table.

    Raises:
        Invalid: a file does not fit, or more rows fail than the contract allows; nothing is loaded then.
    """
    sources = _sources(contract, raw)
    version = _content_hash(contract, sources)
    folder = folders.version(contract.dataset, version)
    if folder.exists():
        return Version(dataset=contract.dataset, version=version, manifest=_read_manifest(folder), is_new=False)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with published(folder) as part, open_engine(folders.scratch) as engine:
        opt_outs = [
            load_opt_outs(engine, contract, one, raw, folders=folders, vault=vault) for one in contract.opt_out_files
        ]
        tables = _tables(engine, contract, raw, part, folders=folders, vault=vault, progress=progress)
        manifest = {
            "format": FORMAT,
            "dataset": contract.dataset,
            "version": version,
            "contract_sha256": contract.sha256,
            "loaded_at": at.isoformat(),
            "sources": sources,
            "tables": tables,
            "opt_outs": opt_outs,
            "withheld": withheld(engine, contract, raw),
            "not_read": not_read(contract, raw),
        }
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return Version(dataset=contract.dataset, version=version, manifest=manifest, is_new=True)


def _tables(
    engine: Connection,
    contract: Contract,
    raw: Path,
    part: Path,
    *,
    folders: Folders,
    vault: Vault,
    progress: Progress,
) -> list[dict[str, Any]]:
    done = []
    for number, table in enumerate(contract.tables):
        progress(number / len(contract.tables), f"loading {table.name}")
        work = TableLoad(engine=engine, contract=contract, table=table, vault=vault, scratch=folders.scratch)
        try:
            done.append(load_table(work, raw, part))
        except EngineError as error:
            raise _unreadable(table.file, error) from None  # the engine's message repeats the line: never keep it
    return done


def _unreadable(file: str, error: Exception) -> Invalid:
    line = next(
        (word for before, word in zip(str(error).split(), str(error).split()[1:], strict=False) if before == "Line:"),
        "",
    )
    place = f", line {line}" if line.isdigit() else ""
    sentence = f"{file}{place}: the file cannot be read as the contract says (torn quotes, wrong encoding, odd columns). Mend it there."
    return Invalid({file: sentence}, code="data.raw.unreadable")


def _sources(contract: Contract, raw: Path) -> list[dict[str, Any]]:
    needed = [table.file for table in contract.tables if not table.may_be_absent]
    needed += [one.file for one in contract.opt_out_files]
    paths = {find_raw(raw, stem) for stem in needed}
    for stem in [table.file for table in contract.tables if table.may_be_absent] + [
        one.file for one in contract.withheld
    ]:
        if all_raw(raw, stem):
            paths.add(find_raw(raw, stem))
    return [{"file": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size} for path in sorted(paths)]


def _content_hash(contract: Contract, sources: list[dict[str, Any]]) -> str:
    whole = json.dumps([FORMAT, contract.sha256, sources], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest
