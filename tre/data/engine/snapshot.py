"""Owns the build of a project's snapshot from the store: approved columns only, nobody who opted out, project pseudonyms.

Needs the project's key, not the register: the store has internal numbers. Must never write a column that the plan does not
name, an internal number, or rows in the store's order (two projects could join their snapshots line by line).
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, Column
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import Connection, literal, name, open_engine
from tre.data.engine.folders import Folders, hand_over, published, sha256_of
from tre.data.engine.generalise import published_value
from tre.data.engine.numbering import lay_persons, lay_records, records_table
from tre.data.engine.views import write_views
from tre.kernel.errors import Conflict

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
        lay_records(engine, plan, folders=folders, key=key)
        tables = _write_tables(engine, plan, part, folders=folders, progress=progress)
        write_views(part, plan)
        manifest = _manifest(plan, tables, removed, at)
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
        hand_over(part, reader_uid=plan.reader_uid)
    return manifest


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
    (part / "tables").mkdir()
    entries = []
    for number, planned in enumerate(plan.tables):
        progress(0.1 + 0.85 * number / len(plan.tables), f"writing {planned.name}")
        path = part / "tables" / f"{planned.name}.parquet"
        engine.execute(f"COPY ({_select(plan, planned, folders)}) TO {literal(path)} (FORMAT parquet)")
        rows, persons = _count(engine, planned, path)
        entries.append(
            {
                "name": planned.name,
                "meaning": planned.table.meaning,
                "dataset": planned.dataset,
                "dataset_version": planned.dataset_version,
                "rows": rows,
                "persons": persons,
                "columns": columns_of(planned),
                "sha256": sha256_of(path),
            }
        )
    return entries


def _select(plan: SnapshotPlan, planned: PlannedTable, folders: Folders) -> str:
    """Return the table's rows, in the order of the project's pseudonyms and, within a person, of the published values.

    A reference table is about nobody: it lies in the order of its published values alone.
    """
    stored = folders.version(planned.dataset, planned.dataset_version) / f"{planned.table.name}.parquet"
    values, joins = [], []
    for column in planned.columns:
        records = records_table(planned, column)
        if records:
            alias = name(f"r {column.name}")
            joins.append(f"LEFT JOIN {records} {alias} ON {alias}.number = s.{name(column.name)}")
            values.append(f"{alias}.pseudonym AS {name(column.name)}")
        else:
            values.append(f"{published_value(column, on=plan.built_on)} AS {name(column.name)}")
    order = [name(column.name) for column in planned.columns]
    if planned.table.has_person:
        values.insert(0, f"p.pseudonym AS {PERSON}")
        order.insert(0, "p.rank")
        of_namespace = f"p.namespace = {literal(planned.namespace)}"
        joins.insert(0, f"JOIN persons p ON {of_namespace} AND p.number = s.{PERSON}")
    rows = f"FROM read_parquet({literal(stored)}) s {' '.join(joins)}"
    return f"SELECT {', '.join(values)} {rows} ORDER BY {', '.join(order)}"


def _count(engine: Connection, planned: PlannedTable, path: Path) -> tuple[int, int]:
    if not planned.table.has_person:
        found = engine.execute(f"SELECT count(*) FROM read_parquet({literal(path)})").fetchone()
        return int(found[0]) if found else 0, 0
    row = engine.execute(f"SELECT count(*), count(DISTINCT {PERSON}) FROM read_parquet({literal(path)})").fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _manifest(
    plan: SnapshotPlan, tables: list[dict[str, Any]], removed: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    return {
        "project_id": plan.project_id,
        "version": plan.version,
        "built_at": at.isoformat(),
        "ages_on": plan.built_on.isoformat(),
        "tables": tables,
        "removed": removed,
        "key_version": plan.key_version,
        "policy_revision": plan.policy_revision,
    }
