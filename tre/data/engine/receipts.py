"""Owns what the broker keeps of each snapshot so that the next version costs only what changed: who is in it, and its shape.

Internal numbers only, in the vault's folder. Must never hold a pseudonym or an identifier: the two sides of a pseudonym are
never written down together.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tre.data.domain.contract import shift_bound
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import in_namespace, kept_in
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders, published
from tre.data.engine.selecting import select_rows

FORM = 2
"""Of a snapshot's folder and manifest: raised when either changes, so that no old file is carried into a new form."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What is known of a snapshot that was built.

    Args:
        shapes: table to what its rows are made by; a table of another shape is built anew.
        versions: dataset to its version.
    """

    folder: Path
    shapes: dict[str, str]
    versions: dict[str, str]

    def people(self, kept: str) -> str:
        """Return the relation of the persons (column `number`) kept under one of the names."""
        return f"read_parquet({literal(self.folder / f'{kept}.parquet')})"


NO_RECEIPT = Receipt(folder=Path(), shapes={}, versions={})


def in_table(planned: PlannedTable) -> str:
    """Return the name under which the persons of a table are kept, in the engine and in the receipt."""
    return f"in table {planned.name}"


def shape_of(plan: SnapshotPlan, planned: PlannedTable) -> str:
    """Return a hash of all that decides how a stored row looks in the snapshot: SQL, key version, shifts, form of the folder.

    Ages are reckoned on a day, and the day is in the SQL: a table with ages changes its shape each day.
    """
    most = shift_bound(column for one in plan.tables if one.namespace == planned.namespace for column in one.columns)
    said = [FORM, plan.key_version, planned.namespace, most, select_rows(plan, planned, stored="stored")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def keep_receipt(engine: Connection, plan: SnapshotPlan, *, folders: Folders) -> None:
    """Keep the receipt of a snapshot, from the engine's tables of its persons; one of a try before is replaced."""
    folder = folders.receipt(plan.project_id, plan.version)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    about_persons = [one for one in plan.tables if one.table.has_person]
    spaces = {one.namespace for one in about_persons}
    kept = {in_table(one) for one in about_persons} | {told(one) for one in spaces for told in (in_namespace, kept_in)}
    with published(folder) as part:
        for one in sorted(kept):
            options = "FORMAT parquet, COMPRESSION uncompressed"
            engine.execute(f"COPY {name(one)} TO {literal(part / f'{one}.parquet')} ({options})")
        shapes = {one.name: shape_of(plan, one) for one in plan.tables}
        versions = {one.dataset: one.dataset_version for one in plan.tables}
        (part / "receipt.json").write_text(json.dumps({"shapes": shapes, "versions": versions}))


def receipt_of(folders: Folders, project_id: str, version: int) -> Receipt | None:
    """Return the receipt of a snapshot, or None."""
    folder = folders.receipt(project_id, version)
    if not (folder / "receipt.json").exists():
        return None
    said = json.loads((folder / "receipt.json").read_text())
    return Receipt(folder=folder, shapes=said["shapes"], versions=said["versions"])


def newest_receipt(folders: Folders, project_id: str, *, below: int) -> int:
    """Return the newest version below `below` whose receipt and snapshot are both there; 0 where none is."""
    folder = folders.receipt(project_id, below).parent
    versions = [int(one.name) for one in folder.glob("*") if one.name.isdigit()] if folder.exists() else []
    there = (one for one in versions if one < below and folders.snapshot(project_id, one).exists())
    return max(there, default=0)


def remove_receipt(folders: Folders, project_id: str, version: int) -> None:
    """Remove the receipt of a snapshot, if there is one."""
    shutil.rmtree(folders.receipt(project_id, version), ignore_errors=True)
