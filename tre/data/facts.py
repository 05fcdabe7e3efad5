"""Owns how values of this room become the facts that decisions are made on. Must never decide."""

from tre.data.domain.contract import Contract
from tre.kernel.facts import DatasetFacts, SnapshotFacts


def about_contract(contract: Contract) -> DatasetFacts:
    """Return the facts about a dataset, loaded or not."""
    return DatasetFacts(dataset_id=contract.dataset, custodian_id=contract.custodian)


def about_snapshot(project_id: str, *, project_state: str, state: str = "") -> SnapshotFacts:
    """Return the facts about a project's snapshot; `state` is empty where there is none yet."""
    return SnapshotFacts(project_id=project_id, project_state=project_state, state=state)
