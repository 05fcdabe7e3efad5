"""Owns what tests know of loaded data: the store, its versions, plans of snapshots and their building."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tre.data.domain.contract import Contract
from tre.data.domain.opt_outs import rules_for
from tre.data.domain.snapshot_plan import ApprovedTable, SnapshotPlan, plan_tables
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import Version
from tre.data.engine.snapshot import build_snapshot
from tre.data.engine.vault import Vault

PERSONS = 4_000
SEED = 7
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = AT.date()


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Datasets in a store, with their raw files beside."""

    folders: Folders
    vault: Vault
    contracts: dict[str, Contract]
    versions: dict[str, Version]

    def raw(self, dataset: str) -> Path:
        """Folder of a dataset's raw files."""
        return self.folders.inbox / dataset

    def plan(
        self,
        *,
        project_id: str = "p-aaaaaa",
        version: int = 1,
        datasets: Sequence[str] = ("hospital", "nhanes"),
        approved: Sequence[ApprovedTable] = (),
        reader_uid: int = 0,
        on: date = TODAY,
    ) -> SnapshotPlan:
        """A plan of everything that may be had of `datasets`, or of what is `approved`."""
        tables = plan_tables(
            approved or everything(self.contracts[name] for name in datasets),
            self.contracts,
            {name: one.version for name, one in self.versions.items()},
        )
        listed = [one for version in self.versions.values() for one in version.manifest["opt_outs"]]
        lists = {(one["list"], one["namespace"]): one["sha256"] for one in listed}
        named = [self.contracts[name] for name in sorted({one.dataset for one in tables})]
        return SnapshotPlan(
            project_id=project_id,
            version=version,
            built_on=on,
            key_version=1,
            policy_revision="test",
            reader_uid=reader_uid,
            tables=tables,
            opt_outs=rules_for(named, lists, on=on),
        )

    def build(self, plan: SnapshotPlan, *, snapshots: Path) -> tuple[Path, dict[str, Any]]:
        """Build `plan` below `snapshots`; return the folder and the manifest."""
        folders = Folders(vault=self.folders.vault, store=self.folders.store, snapshots=snapshots)
        key = self.vault.project_key(plan.project_id, key_version=plan.key_version)
        manifest = build_snapshot(plan, folders=folders, key=key, at=AT, progress=quietly)
        return folders.snapshot(plan.project_id, plan.version), manifest


def everything(contracts: Any) -> list[ApprovedTable]:
    """An approval of every table and every column that may be had."""
    return [
        ApprovedTable(dataset=contract.dataset, table=table.name, columns=tuple(one.name for one in table.published))
        for contract in contracts
        for table in contract.tables
    ]


def quietly(share: float, words: str) -> None:
    """Tell nobody."""
