"""Owns the build of a project's snapshot from the store: approved columns only, nobody who opted out, project pseudonyms.

Needs the project's key, not the register: the store has internal numbers. Must never write a column that the plan does not
name, an internal number, or rows in the store's order (two projects could join their snapshots line by line).
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, Column
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored
from tre.data.engine.cohort import keep_cohort
from tre.data.engine.duck import Connection, open_engine
from tre.data.engine.folders import Folders, hand_over, published
from tre.data.engine.numbering import lay_persons, lay_records
from tre.data.engine.parts import Laying, Part, part_count, write_parts
from tre.data.engine.selecting import select_rows
from tre.data.engine.views import write_views
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict

FORMAT = 2
"""Of the folder and the manifest: raised when either changes its form."""

Progress = Callable[[float, str], None]


def build_snapshot(
    plan: SnapshotPlan, *, folders: Folders, key: bytes, at: datetime, progress: Progress
) -> dict[str, Any]:
    """Build and publish one snapshot; return its manifest.

    Args:
        plan: what it holds.
        key: the project's, from the vault.
        at: the moment, for the manifest.
        progress: told after each table.

    Raises:
        Conflict: there is a folder of that version: it is never changed.
    """
    folder = folders.snapshot(plan.project_id, plan.version)
    if folder.exists():
        raise Conflict(f"Version {plan.version} is there already: order the next one.", code="data.snapshot.exists")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o711)  # whatever the umask: sessions pass through, and read no list of names
    with published(folder) as part, open_engine(folders.scratch) as engine:
        progress(0.05, "leaving out who opted out, making pseudonyms")
        removed = lay_persons(engine, plan, folders=folders, key=key)
        keep_cohort(engine, plan, folders=folders)
        lay_records(engine, plan, folders=folders, key=key)
        tables = _write_tables(engine, plan, part, folders=folders, progress=progress)
        write_views(part, plan)
        manifest = _manifest(plan, tables, removed, at)
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
        hand_over(part, reader_uid=plan.reader_uid)
        same_times(part, plan)
    return manifest


def same_times(part: Path, plan: SnapshotPlan) -> None:
    """Give every file and folder one time, the day of the build: when each was written says how many rows went before it."""
    moment = datetime.combine(plan.built_on, time(), UTC).timestamp()
    for path in (*part.rglob("*"), part):
        os.utime(path, (moment, moment))


def columns_of(planned: PlannedTable) -> list[dict[str, str]]:
    """Return the data dictionary of one table, the pseudonym first where there is one."""
    pseudonym = {
        "name": PERSON,
        "type": "text",
        "meaning": "Person: this project's pseudonym",
        "unit": "",
        "coding": "",
    }
    front = [pseudonym] if planned.table.has_person else []
    return [*front, *(_described(column) for column in planned.columns)]


def _described(column: Column) -> dict[str, str]:
    return {
        "name": column.name,
        "type": str(column.published_type),
        "meaning": column.meaning,
        "unit": column.unit,
        "coding": column.coding,
    }


def _write_tables(
    engine: Connection, plan: SnapshotPlan, part: Path, *, folders: Folders, progress: Progress
) -> list[dict[str, Any]]:
    entries = []
    for number, planned in enumerate(plan.tables):
        progress(0.1 + 0.85 * number / len(plan.tables), f"writing {planned.name}")
        folder = part / "tables" / planned.name
        folder.mkdir(parents=True)
        laying = Laying(
            engine=engine,
            folder=folder,
            scratch=folders.scratch,
            namespace=planned.namespace if planned.table.has_person else "",
        )
        source = stored(planned, folders)
        count = part_count(rows=_rows(engine, source), columns=len(planned.columns))
        files = write_parts(laying, select_rows(plan, planned, stored=source), count=count)
        entries.append(table_entry(planned, files))
    return entries


def table_entry(planned: PlannedTable, files: Sequence[Part]) -> dict[str, Any]:
    """Return what the manifest says of one table."""
    return {
        "name": planned.name,
        "meaning": planned.table.meaning,
        "dataset": planned.dataset,
        "dataset_version": planned.dataset_version,
        "rows": sum(one.rows for one in files),
        "persons": sum(one.persons for one in files),
        "columns": columns_of(planned),
        "chosen": planned.chosen,
        "files": [asdict(one) for one in files],
    }


def _rows(engine: Connection, source: str) -> int:
    row = engine.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(row[0]) if row else 0


def _manifest(
    plan: SnapshotPlan, tables: list[dict[str, Any]], removed: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "project_id": plan.project_id,
        "version": plan.version,
        "built_at": at.isoformat(),
        "ages_on": plan.built_on.isoformat(),
        "datasets": _datasets(plan),
        "tables": tables,
        "removed": removed,
        "linkage": plan.linkage,
        "key_version": plan.key_version,
        "policy": {"action": str(Action.DATA_SNAPSHOT_BUILD), "revision": plan.policy_revision},
        "policy_revision": plan.policy_revision,
    }


def _datasets(plan: SnapshotPlan) -> list[dict[str, str]]:
    """Return from which version of which dataset it was built, by which version of which contract."""
    found = {one.dataset: one for one in plan.tables}
    return [
        {
            "dataset": name,
            "version": one.dataset_version,
            "contract_version": one.contract_version,
            "contract_sha256": one.contract_sha256,
        }
        for name, one in sorted(found.items())
    ]
