"""Owns what of the snapshot before can be carried into the next one, and what changed in the store in between.

Carried is only a table of the same shape whose changes were noted; in doubt it is built anew. Must never touch a row.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tre.data.domain.contract import ColumnClass
from tre.data.domain.linkage import ALL
from tre.data.domain.opt_outs import Effect
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored_version
from tre.data.engine.changes import CAME, WENT, changed_people, changed_rows, noted
from tre.data.engine.folders import Folders
from tre.data.engine.part_files import Part
from tre.data.engine.receipts import NO_RECEIPT, Receipt, receipt_of, shape_of

ADDED = "added-"
"""In front of the names of files that a refresh added beside those of the build."""
MOST_ADDED = 8
"""How often a table is added to before it is built anew: each time is one more file to look into for one person."""
MOST_SHARE = 0.25
_OF_NOBODY = "0::BIGINT AS number, 0::BIGINT AS rows, false AS there"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changed of one table.

    Args:
        came, went: relations of stored rows that came and went; how many.
        came_people, went_people: relations of their persons, as `changes.changed_people` gives them.
        before: relation of the table as it was.
    """

    came: str
    came_rows: int
    came_people: str
    went: str
    went_rows: int
    went_people: str
    before: str


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The snapshot before, as far as it can be carried.

    Args:
        folder: of that snapshot.
        changes: table of the snapshot to its change; only of tables that are carried.
        entries: table to its entry in that snapshot's manifest.
        carries_all: whether every table is carried, so that only those who are touched need a pseudonym.
        follows: whether who is in the snapshot follows from who was in the one before, the change, and the lists then and now.
    """

    folder: Path = Path()
    receipt: Receipt = NO_RECEIPT
    changes: dict[str, Change] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    carries_all: bool = False
    follows: bool = False

    def carries(self, planned: PlannedTable) -> bool:
        """Say whether the table is carried over."""
        return planned.name in self.changes


def basis_of(plan: SnapshotPlan, since: int, *, folders: Folders) -> Basis:
    """Return what can be carried from version `since` of the project's snapshots; 0 for none."""
    folder = folders.snapshot(plan.project_id, since)
    receipt = receipt_of(folders, plan.project_id, since) if since else None
    if receipt is None or not (folder / "manifest.json").exists():
        return Basis()
    manifest = json.loads((folder / "manifest.json").read_text())
    entries = {one["name"]: one for one in manifest["tables"]}
    known = {one.name: _change(one, receipt, folders) for one in plan.tables}
    changes = {
        one.name: change
        for one in plan.tables
        if (change := known[one.name])
        and receipt.shapes.get(one.name) == shape_of(plan, one)
        and _is_fit(one, entries[one.name], change)
    }
    carries_all = len(changes) == len(plan.tables) and not any(one.chooses_persons for one in plan.tables)
    same_tables = set(receipt.shapes) == {one.name for one in plan.tables}
    return Basis(
        folder=folder,
        receipt=receipt,
        changes=changes,
        entries=entries,
        carries_all=carries_all,
        follows=carries_all
        and same_tables
        and plan.linkage == receipt.linkage == ALL
        and _can_tell(plan, receipt, folders),
    )


def _can_tell(plan: SnapshotPlan, receipt: Receipt, folders: Folders) -> bool:
    """Say whether it can be told from the lists alone whom the rules leave out now and did not then, or the other way.

    Not where everybody is concerned who is not on a list that came or ended, nor where a list of then is no longer there.
    """
    then, now = (
        {(one.namespace, one.list, one.effect): one for one in rules} for rules in (receipt.rules, plan.opt_outs)
    )
    of_one = {key: rule for rules in (then, now) for key, rule in rules.items() if not (key in then and key in now)}
    return (
        [one for one in then if one in now] == [one for one in now if one in then]
        and all(rule.effect == Effect.LEAVE_OUT for rule in of_one.values())
        and all(folders.opt_outs(rule.sha256).exists() for rule in receipt.rules)
    )


def is_added(part: Part) -> bool:
    """Say whether a file was added by a refresh."""
    return Path(part.file).name.startswith(ADDED)


def _change(planned: PlannedTable, receipt: Receipt, folders: Folders) -> Change | None:
    """Return the table's change since the receipt; None where it is not known."""
    before = receipt.versions.get(planned.dataset, "")
    table = planned.table.name
    old = stored_version(planned.dataset, before, table, folders)
    if before == planned.dataset_version:
        nothing, nobody = f"(SELECT * FROM {old} WHERE false)", f"(SELECT {_OF_NOBODY} WHERE false)"
        return Change(
            came=nothing, came_rows=0, came_people=nobody, went=nothing, went_rows=0, went_people=nobody, before=old
        )
    counts = noted(folders, planned.dataset, before, planned.dataset_version).get(table)
    if counts is None:
        return None
    folder = folders.changes(planned.dataset, before, planned.dataset_version)
    return Change(
        came=changed_rows(folder, table, CAME),
        came_rows=counts[CAME],
        came_people=changed_people(folder, table, CAME),
        went=changed_rows(folder, table, WENT),
        went_rows=counts[WENT],
        went_people=changed_people(folder, table, WENT),
        before=old,
    )


def _is_fit(planned: PlannedTable, entry: dict[str, Any], change: Change) -> bool:
    """Say whether the table may be carried: not free text, scanned anew each time, nor where much was added."""
    if any(one.kind == ColumnClass.FREE_TEXT for one in planned.columns):
        return False
    if not planned.table.has_person:
        return not (change.came_rows or change.went_rows)
    added = [one for one in entry["files"] if is_added(Part(**one))]
    if added and change.went_rows:
        return False  # a row that went may lie in any of the files that hold its person
    times = {Path(one["file"]).name.rsplit("-", 1)[0] for one in added}
    rows = sum(one["rows"] for one in added) + change.came_rows
    return len(times) < MOST_ADDED and rows <= MOST_SHARE * max(1, entry["rows"])
