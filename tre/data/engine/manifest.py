"""Owns a snapshot's manifest: from what it was built, by whose leave, what is in each file. Must never hold a row."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tre.data.domain.contract import PERSON, Column
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.part_files import Part
from tre.data.engine.receipts import FORM
from tre.kernel.authz import Action


def manifest_of(
    plan: SnapshotPlan, tables: list[dict[str, Any]], removed: list[dict[str, Any]], at: datetime
) -> dict[str, Any]:
    """Return the manifest of a snapshot.

    Args:
        tables: an entry each, from `table_entry`.
        removed: who was left out, by rule.
        at: when it was built.
    """
    return {
        "format": FORM,
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


def table_entry(planned: PlannedTable, files: Sequence[Part], *, persons: int) -> dict[str, Any]:
    """Return what the manifest says of one table."""
    return {
        "name": planned.name,
        "meaning": planned.table.meaning,
        "dataset": planned.dataset,
        "dataset_version": planned.dataset_version,
        "rows": sum(one.rows for one in files),
        "persons": persons,
        "columns": columns_of(planned),
        "chosen": planned.chosen,
        "files": [asdict(one) for one in files],
    }


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
