"""Owns what the broker records of a load: the dataset, its version, the opt-out lists. Must never hold a value of the data."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.domain.contract import Contract
from tre.data.service.catalogue import catalogue_entry
from tre.data.service.ending import end_job
from tre.data.tables import DatasetRow, DatasetVersionRow, OptOutListRow
from tre.kernel.authz import Action
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit


def record_version(ctx: Context, held: Claim, contract: Contract, manifest: Mapping[str, Any]) -> None:
    """Record a version that is in the store now, and make it the one in use; recording it again changes nothing.

    Raises:
        Conflict: the job is in other hands by now; they will record it.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        _put_dataset(unit.session, contract, manifest["version"])
        _put_version(unit, contract.dataset, manifest)
        for listed in manifest["opt_outs"]:
            _put_list(unit, listed)
        end_job(unit, held)
        detail = {"version": manifest["version"], "rows": sum(one["rows"] for one in manifest["tables"])}
        unit.record("data.dataset.loaded", subject=contract.dataset, detail=detail)


def fail_load(ctx: Context, held: Claim, contract: Contract, why: str) -> None:
    """Record that a load cannot be done as ordered; the version in use stays in use."""
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        end_job(unit, held, why=why)
        unit.record("data.dataset.load_failed", subject=contract.dataset, detail={"why": why})


def lists_in_force(session: Session) -> dict[tuple[str, str], str]:
    """Return (list, namespace) to the SHA-256 of the newest list."""
    rows = session.scalars(select(OptOutListRow).order_by(OptOutListRow.loaded_at, OptOutListRow.id))
    return {(row.list, row.namespace): row.sha256 for row in rows}


def versions_in_use(session: Session) -> dict[str, str]:
    """Return dataset to the content hash of the version in use."""
    return {row.id: row.current_version for row in session.scalars(select(DatasetRow))}


def _put_dataset(session: Session, contract: Contract, version: str) -> None:
    row = session.get(DatasetRow, contract.dataset)
    if row is None:
        row = DatasetRow(id=contract.dataset)
        session.add(row)
    row.title, row.summary, row.source = contract.title, contract.summary, contract.source
    row.legal_basis, row.custodian_id = contract.legal_basis, contract.custodian
    row.contract, row.current_version = catalogue_entry(contract), version
    session.flush()


def _put_version(unit: Unit, dataset: str, manifest: Mapping[str, Any]) -> None:
    if unit.session.get(DatasetVersionRow, (dataset, manifest["version"])):
        return
    counts = [{key: one[key] for key in ("name", "rows", "persons", "quarantined")} for one in manifest["tables"]]
    sha256 = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    unit.session.add(
        DatasetVersionRow(
            dataset_id=dataset, version=manifest["version"], loaded_at=unit.now, counts=counts, manifest_sha256=sha256
        )
    )


def _put_list(unit: Unit, listed: Mapping[str, Any]) -> None:
    if lists_in_force(unit.session).get((listed["list"], listed["namespace"])) == listed["sha256"]:
        return
    unit.session.add(OptOutListRow(**listed, loaded_at=unit.now))
    unit.record("data.opt_outs.loaded", subject=listed["list"], detail={"persons": listed["persons"]})
