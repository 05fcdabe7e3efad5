"""Owns how values of this room become the facts that decisions are made on. Must never decide."""

from collections.abc import Collection

from tre.data.domain.contract import Contract
from tre.data.tables import DatasetVersionRow
from tre.kernel.facts import DatasetFacts, SnapshotFacts, VersionFacts


def about_contract(contract: Contract) -> DatasetFacts:
    """Return the facts about a dataset, loaded or not."""
    return DatasetFacts(dataset_id=contract.dataset, custodian_id=contract.custodian)


def about_snapshot(project_id: str, *, project_state: str, state: str = "") -> SnapshotFacts:
    """Return the facts about a project's snapshot; `state` is empty where there is none yet."""
    return SnapshotFacts(project_id=project_id, project_state=project_state, state=state)


def about_version(row: DatasetVersionRow, *, signed_by: Collection[str]) -> VersionFacts:
    """Return the facts about a loaded version; `signed_by` names who has signed this load of it."""
    return VersionFacts(
        dataset_id=row.dataset_id,
        custodian_id=row.about["custodian_id"],
        loaded_by=row.loaded_by,
        signed_by=tuple(sorted(signed_by)),
        state=row.state,
    )
