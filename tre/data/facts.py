"""Owns how values of this room become the facts that decisions are made on. Must never decide."""

from collections.abc import Collection

from tre.data.domain.contract import Contract
from tre.kernel.facts import DatasetFacts, ProjectFacts, SnapshotFacts, VersionFacts


def about_contract(contract: Contract) -> DatasetFacts:
    """Return the facts about a dataset, loaded or not."""
    return DatasetFacts(dataset_id=contract.dataset, custodian_id=contract.custodian)


def about_snapshot(project: ProjectFacts, *, state: str = "") -> SnapshotFacts:
    """Return the facts about a project's snapshot; `state` is empty where there is none yet."""
    return SnapshotFacts(
        project_id=project.project_id, project_state=project.state, state=state, custodians=project.custodians
    )


def about_version(
    dataset_id: str, *, custodian_id: str, loaded_by: str, signed_by: Collection[str], state: str
) -> VersionFacts:
    """Return the facts about a loaded version.

    Args:
        loaded_by: who ordered the load.
        signed_by: who has given their word on this load of it.
    """
    return VersionFacts(
        dataset_id=dataset_id,
        custodian_id=custodian_id,
        loaded_by=loaded_by,
        signed_by=tuple(sorted(signed_by)),
        state=state,
    )
