"""Owns the build of a dataset's synthetic twin: a folder like a project's snapshot in every name and type, every row made up.

The shapes are taken from a snapshot built for nobody, by the same code as a project's (so opted-out persons are not in it,
and every rule has been applied), under a key drawn for the purpose; it never leaves the vault's scratch and is removed before
a made-up row is written. Must never copy a value of it but those that `measure` lets through.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, Column, ColumnClass
from tre.data.domain.small_numbers import rounded
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.domain.twin import TableShape
from tre.data.engine.duck import Connection, literal, name, open_engine
from tre.data.engine.folders import Folders, published, sha256_of
from tre.data.engine.snapshot import Progress, build_snapshot
from tre.data.engine.twin.make import Maker
from tre.data.engine.twin.measure import measure_table
from tre.kernel.errors import Conflict

NOTE = "Made-up data: no row is of a real person, and no finding on it means anything."
_SCRATCH = "twin"


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """All that is kept of the real data: the tables' shapes, the rounded number of persons in the largest, and names and meanings."""

    tables: tuple[TableShape, ...]
    persons: int
    dictionary: dict[str, Any]
    views: bytes


def build_twin(plan: SnapshotPlan, *, folders: Folders, seed: int, at: datetime, progress: Progress) -> dict[str, Any]:
    """Build and publish a twin of everything that `plan` names; return its manifest.

    Args:
        plan: of all columns that a project could have; its project id and version name the folder.
        seed: of everything that is made up; draw it and keep it nowhere.
        at: the moment, for the manifest.

    Raises:
        Conflict: there is a folder of that version.
    """
    folder = folders.snapshot(plan.project_id, plan.version)
    if folder.exists():
        raise Conflict("That twin is there already: order the next one.", code="data.twin.exists")
    shapes = take_shapes(plan, folders=folders, seed=seed, at=at, progress=progress)
    progress(0.8, "making rows up")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o711)
    with published(folder) as part, open_engine(folders.scratch) as engine:
        manifest = write_twin(engine, shapes, part, seed=seed, at=at)
        open_to_all(part)
    return manifest


def take_shapes(plan: SnapshotPlan, *, folders: Folders, seed: int, at: datetime, progress: Progress) -> Shapes:
    """Return the shapes of what `plan` names; the snapshot that they are taken from is gone when this returns."""
    scratch = folders.scratch / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    there = Folders(vault=folders.vault, store=folders.store, snapshots=scratch)
    try:
        key = hashlib.sha256(f"tre/twin/measured/{seed}".encode()).digest()
        manifest = build_snapshot(
            plan, folders=there, key=key, at=at, progress=lambda share, words: progress(share * 0.5, words)
        )
        progress(0.5, "counting what is common")
        with open_engine(folders.scratch) as engine:
            return _shapes(engine, plan, there.snapshot(plan.project_id, plan.version), manifest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_twin(engine: Connection, shapes: Shapes, part: Path, *, seed: int, at: datetime) -> dict[str, Any]:
    """Write tables, views and manifest of a twin into `part`, from shapes alone; return the manifest."""
    made = Maker(shapes.tables, persons=shapes.persons, seed=seed).make()
    written = {one.name: _write(engine, one, made[one.name], part / "tables") for one in shapes.tables}
    (part / "views.duckdb").write_bytes(shapes.views)
    tables = [entry | written[entry["name"]] for entry in shapes.dictionary["tables"]]
    manifest = shapes.dictionary | {"built_at": at.isoformat(), "tables": tables}
    (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
    return manifest


def open_to_all(part: Path) -> None:
    """Let every account of the machine read the folder: it is about nobody."""
    for path in (part, *part.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _shapes(engine: Connection, plan: SnapshotPlan, real: Path, manifest: dict[str, Any]) -> Shapes:
    files = {one.name: real / "tables" / one.name for one in plan.tables}
    tables = tuple(measure_table(engine, files[one.name], records=_records(one.columns)) for one in plan.tables)
    return Shapes(
        tables=tables,
        persons=rounded(max((one["persons"] for one in manifest["tables"]), default=0)),
        dictionary=_dictionary(plan, manifest),
        views=(real / "views.duckdb").read_bytes(),
    )


def _records(columns: Sequence[Column]) -> dict[str, str]:
    return {one.name: one.record_key for one in columns if one.kind == ColumnClass.RECORD_IDENTIFIER}


def _dictionary(plan: SnapshotPlan, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest without a figure of the real data: names, meanings, types."""
    kept = ("name", "meaning", "dataset", "columns")
    return {
        "project_id": "practice",
        "synthetic": True,
        "note": NOTE,
        "version": plan.version,
        "tables": [{key: one[key] for key in kept} for one in manifest["tables"]],
        "removed": [],
    }


def _write(engine: Connection, shape: TableShape, rows: Any, tables: Path) -> dict[str, Any]:
    """Write one table, each column cast to the type that the snapshot's has; return what the manifest says of it."""
    path = tables / shape.name / "000.parquet"
    path.parent.mkdir(parents=True)
    front = [name(PERSON)] if shape.has_persons else []
    cast = [f"CAST({name(one.name)} AS {one.type}) AS {name(one.name)}" for one in shape.columns]
    engine.register("made_up", rows)
    engine.execute(f"COPY (SELECT {', '.join(front + cast)} FROM made_up) TO {literal(path)} (FORMAT parquet)")
    engine.unregister("made_up")
    counts = {"rows": rows.num_rows, "persons": len(rows[PERSON].unique()) if shape.has_persons else 0}
    return counts | {"files": [{"file": f"{shape.name}/{path.name}", **counts, "sha256": sha256_of(path)}]}
