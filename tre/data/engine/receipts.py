"""Owns what the broker keeps of each snapshot so that the next version costs only what changed: who is in it, and its shape.

Internal numbers only, in the vault's folder. Must never hold a pseudonym or an identifier: the two sides of a pseudonym are
never written down together.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tre.data.domain.contract import shift_bound
from tre.data.domain.opt_outs import Effect, OptOutRule
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import LeftOut
from tre.data.engine.duck import Connection
from tre.data.engine.folders import Folders, published
from tre.data.engine.rosters import Now, Roster, Sizes, keep_roster
from tre.data.engine.selecting import select_rows
from tre.data.engine.views import mark_of

FORM = 2
"""Of a snapshot's folder and manifest: raised when either changes, so that no old file is carried into a new form."""
_RECEIPT_FORM = 2
"""Of the receipt itself: one of another form counts as none."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What is known of a snapshot that was built.

    Args:
        shapes: table to what its rows are made by; a table of another shape is built anew.
        versions: dataset to its version.
        rosters: the lists of persons, by name.
        rules: by which lists of opt-outs and consents persons were left out.
        left_out: namespace to how many were left out, by rule.
        linkage: how persons found in some datasets only were handled.
        views: mark of its file of views.
    """

    folder: Path
    shapes: dict[str, str]
    versions: dict[str, str]
    rosters: dict[str, Roster] = field(default_factory=dict)
    rules: tuple[OptOutRule, ...] = ()
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    linkage: str = ""
    views: str = ""

    def people(self, kept: str) -> str:
        """Return the relation of the persons (column `number`) kept under one of the names."""
        return self.rosters[kept].relation


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


def keep_receipt(
    engine: Connection,
    plan: SnapshotPlan,
    rosters: Mapping[str, Now],
    *,
    left_out: Mapping[str, LeftOut],
    before: Receipt,
    folders: Folders,
) -> None:
    """Keep the receipt of a snapshot; one of a try before is replaced.

    Args:
        rosters: name to what the list of persons is now.
        left_out: namespace to how many were left out, by rule.
        before: receipt that the lists which are turns go on from.
    """
    folder = folders.receipt(plan.project_id, plan.version)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with published(folder) as part:
        said = {
            "form": _RECEIPT_FORM,
            "shapes": {one.name: shape_of(plan, one) for one in plan.tables},
            "versions": {one.dataset: one.dataset_version for one in plan.tables},
            "rosters": {
                one: keep_roster(engine, one, now, before=before.rosters.get(one), folder=part)
                for one, now in sorted(rosters.items())
            },
            "rules": [asdict(one) | {"on": one.on.isoformat()} for one in plan.opt_outs],
            "left_out": left_out,
            "linkage": plan.linkage,
            "views": mark_of(plan),
        }
        (part / "receipt.json").write_text(json.dumps(said))


def receipt_of(folders: Folders, project_id: str, version: int) -> Receipt | None:
    """Return the receipt of a snapshot, or None."""
    folder = folders.receipt(project_id, version)
    if not (folder / "receipt.json").exists():
        return None
    said = json.loads((folder / "receipt.json").read_text())
    if said.get("form") != _RECEIPT_FORM:
        return None
    return Receipt(
        folder=folder,
        shapes=said["shapes"],
        versions=said["versions"],
        rosters={one: Roster(folder=folder, name=one, sizes=Sizes(**of)) for one, of in said["rosters"].items()},
        rules=tuple(_rule(one) for one in said["rules"]),
        left_out=said["left_out"],
        linkage=said["linkage"],
        views=said["views"],
    )


def _rule(said: dict[str, Any]) -> OptOutRule:
    return OptOutRule(**said | {"on": date.fromisoformat(said["on"]), "effect": Effect(said["effect"])})


def newest_receipt(folders: Folders, project_id: str, *, below: int) -> int:
    """Return the newest version below `below` whose receipt and snapshot are both there; 0 where none is."""
    folder = folders.receipt(project_id, below).parent
    versions = [int(one.name) for one in folder.glob("*") if one.name.isdigit()] if folder.exists() else []
    there = (one for one in versions if one < below and folders.snapshot(project_id, one).exists())
    return max(there, default=0)


def remove_receipt(folders: Folders, project_id: str, version: int) -> None:
    """Remove the receipt of a snapshot, if there is one."""
    shutil.rmtree(folders.receipt(project_id, version), ignore_errors=True)
