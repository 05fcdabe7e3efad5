"""Owns what is brought from the bucket before a plan is worked on: versions and lists of persons. Must never look into one.

A list that is here and not there is put there: one that was loaded before there was a bucket is kept too.
"""

from tre.data.broker.desk import Desk
from tre.data.broker.keeping import Keeper
from tre.data.domain.snapshot_plan import SnapshotPlan


def bring(desk: Desk, plan: SnapshotPlan, keeper: Keeper) -> None:
    """Bring what the plan reads, where it is not here; nothing to do without a bucket.

    Raises:
        Unavailable: the bucket does not answer, or has it not.
        Altered: it is not what was put there.
    """
    if not desk.bucket:
        return
    for dataset, version in sorted({(one.dataset, one.dataset_version) for one in plan.tables}):
        keeper.tell(0.0, f"bringing {dataset} from the bucket")
        desk.bucket.bring(dataset, version, desk.folders.version(dataset, version))
    for sha256 in sorted({rule.sha256 for rule in plan.opt_outs}):
        path = desk.folders.opt_outs(sha256)
        if path.exists():
            desk.bucket.put_list(sha256, path)
        else:
            desk.bucket.bring_list(sha256, path)
