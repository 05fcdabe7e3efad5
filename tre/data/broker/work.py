"""Owns what each kind of job does: the service asks the gate and records, the engine touches data, in this order.

Every effect may be done twice with the same outcome, because a broker that was killed leaves its job to the next.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tre.data.broker import assessing, disclosing, fetching, list_work, twins
from tre.data.broker.desk import LATER, Desk
from tre.data.broker.keeping import Keeper
from tre.data.contracts import known_contract, known_datasets
from tre.data.domain.contract import Contract
from tre.data.engine.changes import note_changes
from tre.data.engine.ingest import ingest
from tre.data.engine.made.write import write_hospital
from tre.data.engine.naming import has_free_text, keep_names
from tre.data.engine.public_files import bring_nhanes
from tre.data.engine.quality import quality_report
from tre.data.engine.receipts import newest_receipt, remove_receipt
from tre.data.engine.snapshot import Means, build_snapshot
from tre.data.service import assessing as assessments
from tre.data.service import building, lists, versions
from tre.data.service import twins as twin_records
from tre.data.service.jobs import ASSESS, INGEST, LIST_LOAD, SNAPSHOT_BUILD, SNAPSHOT_REMOVE, TWIN_BUILD
from tre.data.service.loading import MADE, PACKAGE
from tre.kernel.errors import TreError
from tre.plumbing.jobs import Claim


def load_dataset(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Load a dataset version and measure it for those who sign it off."""
    contract = known_contract(held.payload["dataset"])
    raw = desk.folders.inbox / contract.dataset
    try:
        keeper.tell(0.0, "bringing the raw files")
        _bring(raw, held.payload["origin"])
        loaded = ingest(
            contract,
            raw,
            folders=desk.folders,
            vault=desk.vault,
            at=desk.ctx.clock.now(),
            progress=lambda share, words: keeper.tell(0.05 + 0.85 * share, words),
            by=held.payload.get("by", ""),
        )
        if has_free_text(_contracts(), contract.namespace):
            keeper.tell(0.9, "noting names, for the scan of free text")
            keep_names(contract, raw, folders=desk.folders, vault=desk.vault)
        if desk.bucket:
            keeper.tell(0.9, "putting the version into the bucket")
            for one in loaded.manifest["opt_outs"]:
                desk.bucket.put_list(one["sha256"], desk.folders.opt_outs(one["sha256"]))
            desk.bucket.put(contract.dataset, loaded.version, desk.folders.version(contract.dataset, loaded.version))
        if before := versions.version_before(desk.ctx, contract):
            keeper.tell(0.9, "noting what changed since the version in use")
            note_changes(contract, before, loaded.version, folders=desk.folders)
        quality = quality_report(
            contract,
            loaded.manifest,
            folders=desk.folders,
            before=versions.quality_before(desk.ctx, contract),
            progress=lambda share, words: keeper.tell(0.9 + 0.1 * share, words),
        )
    except LATER:
        raise
    except TreError as fault:
        versions.fail_load(desk.ctx, held, contract, fault.sentence)
        return
    versions.record_version(desk.ctx, held, contract, manifest=loaded.manifest, quality=quality)


def build(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Build a project's snapshot; when it may not be, or not be finished, nothing of it stays."""
    try:
        plan = building.take_up_build(desk.ctx, held)
    except LATER:
        raise
    except TreError as fault:
        building.fail_build(desk.ctx, held, fault.sentence)
        return
    key = desk.vault.project_key(plan.project_id, key_version=plan.key_version)
    # What a killed try published was never ready, and an opt-out may have come since.
    _remove_snapshot(desk, plan.project_id, plan.version)
    try:
        fetching.bring(desk, plan, keeper)
        manifest = build_snapshot(
            plan,
            folders=desk.folders,
            key=key,
            at=desk.ctx.clock.now(),
            progress=keeper.tell,
            since=newest_receipt(desk.folders, plan.project_id, below=plan.version),
            means=Means(registers=desk.vault, spark=desk.spark),
        )
        building.finish_build(desk.ctx, held, manifest)
    except LATER:
        raise
    except TreError as fault:
        _remove_snapshot(desk, plan.project_id, plan.version)
        building.fail_build(desk.ctx, held, fault.sentence)


def _contracts() -> list[Contract]:
    return [known_contract(one) for one in known_datasets()]


def remove(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Remove a snapshot's files."""
    project_id, version = building.take_up_removal(desk.ctx, held)
    keeper.tell(0.5, "removing the files")
    _remove_snapshot(desk, project_id, version)
    building.finish_removal(desk.ctx, held)


def give_up(desk: Desk, held: Claim, why: str) -> None:
    """Record that a job came to nothing after the last try."""
    if held.kind == SNAPSHOT_BUILD:
        building.fail_build(desk.ctx, held, why)
    elif held.kind == INGEST:
        versions.fail_load(desk.ctx, held, known_contract(held.payload["dataset"]), why)
    elif held.kind in disclosing.WORK:
        disclosing.give_up(desk, held, why)
    elif held.kind == TWIN_BUILD:
        twin_records.fail_twin(desk.ctx, held, why)
    elif held.kind == LIST_LOAD:
        lists.fail_list(desk.ctx, held, why)
    elif held.kind == ASSESS:
        assessments.fail_assessment(desk.ctx, held, why)


WORK: Mapping[str, Callable[[Desk, Claim, Keeper], None]] = {
    INGEST: load_dataset,
    SNAPSHOT_BUILD: build,
    SNAPSHOT_REMOVE: remove,
    **disclosing.WORK,
    TWIN_BUILD: twins.build,
    LIST_LOAD: list_work.load_list,
    ASSESS: assessing.assess,
}


def _bring(raw: Path, origin: Mapping[str, Any]) -> None:
    if origin["kind"] == MADE:
        write_hospital(raw, seed=origin["seed"], size=origin["size"])
    elif origin["kind"] == PACKAGE:
        bring_nhanes(raw)


def _remove_snapshot(desk: Desk, project_id: str, version: int) -> None:
    """Remove the files and what was kept to bring them up to date."""
    remove_receipt(desk.folders, project_id, version)
    _remove(desk.folders.snapshot(project_id, version))


def _remove(folder: Path) -> None:
    """Take the folder out of sight in one step, then remove it: a removal that is killed leaves nothing mountable."""
    gone = folder.with_name(f".{folder.name}.gone")
    if folder.exists():
        shutil.rmtree(gone, ignore_errors=True)
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)
