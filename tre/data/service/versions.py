"""Owns what the broker records of a load: the dataset, its version, the opt-out lists. Must never hold a value of the data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.domain.contract import Contract
from tre.data.domain.fingerprint import fingerprint
from tre.data.domain.states import VERSION
from tre.data.service.catalogue import catalogue_entry
from tre.data.service.ending import end_job
from tre.data.tables import DatasetRow, DatasetVersionRow, OptOutListRow
from tre.kernel.authz import Action
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit


def record_version(
    ctx: Context, held: Claim, contract: Contract, *, manifest: Mapping[str, Any], quality: Mapping[str, Any]
) -> None:
    """Record a version that is in the store now; it waits for two sign-offs. Recording it again changes nothing.

    Args:
        quality: its quality report, small numbers withheld.

    Raises:
        Conflict: the job is in other hands by now; they will record it.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        _put_dataset(unit.session, contract)
        state = _put_version(unit, held, contract, manifest=manifest, quality=quality)
        for listed in manifest["opt_outs"]:
            _put_list(unit, listed)
        end_job(unit, held)
        detail = {
            "version": manifest["version"],
            "rows": sum(one["rows"] for one in manifest["tables"]),
            "state": state,
        }
        unit.record("data.dataset.loaded", subject=contract.dataset, detail=detail)


def fail_load(ctx: Context, held: Claim, contract: Contract, why: str) -> None:
    """Record that a load cannot be done as ordered; the version in use stays in use."""
    with ctx.begin() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        end_job(unit, held, why=why)
        unit.record("data.dataset.load_failed", subject=contract.dataset, detail={"why": why})


def lists_in_force(session: Session) -> dict[tuple[str, str], str]:
    """Return (list, namespace) to the SHA-256 of the newest list that is the same for every project."""
    rows = session.scalars(
        select(OptOutListRow).where(OptOutListRow.project_id == "").order_by(OptOutListRow.loaded_at, OptOutListRow.id)
    )
    return {(row.list, row.namespace): row.sha256 for row in rows}


def versions_in_use(session: Session) -> dict[str, str]:
    """Return dataset to the content hash of the version in use: the one that has both sign-offs."""
    return {row.id: row.current_version for row in session.scalars(select(DatasetRow)) if row.current_version}


def version_before(ctx: Context, contract: Contract) -> str:
    """Return the version in use, empty where none is: what changes from it to the one that is loaded is noted."""
    with ctx.look() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        return versions_in_use(unit.session).get(contract.dataset, "")


def quality_before(ctx: Context, contract: Contract) -> Mapping[str, Any]:
    """Return the quality report of the version in use, empty where none is: the broker measures drift against it."""
    with ctx.look() as unit:
        unit.check(Action.DATA_DATASET_LOAD, facts.about_contract(contract))
        current = versions_in_use(unit.session).get(contract.dataset, "")
        row = unit.session.get(DatasetVersionRow, (contract.dataset, current))
        return dict(row.quality) if row else {}


def about(contract: Contract) -> dict[str, Any]:
    """Return what the dataset's row takes over from the contract once a version is in use."""
    return {
        "title": contract.title,
        "summary": contract.summary,
        "source": contract.source,
        "legal_basis": contract.legal_basis,
        "custodian_id": contract.custodian,
        "contract": catalogue_entry(contract),
    }


def _put_dataset(session: Session, contract: Contract) -> None:
    """Make the dataset known; what is in use changes with the second sign-off alone."""
    if session.get(DatasetRow, contract.dataset) is None:
        session.add(DatasetRow(id=contract.dataset, **about(contract)))
        session.flush()


def _put_version(
    unit: Unit, held: Claim, contract: Contract, *, manifest: Mapping[str, Any], quality: Mapping[str, Any]
) -> str:
    """Return the version's state."""
    loaded_by = held.payload.get("by", "") or unit.actor.person_id
    known = unit.session.get(DatasetVersionRow, (contract.dataset, manifest["version"]), with_for_update=True)
    if known:
        if VERSION.may_move(known.state, "load_again"):
            known.state = VERSION.after(known.state, "load_again")
            known.round, known.loaded_by, known.loaded_at = known.round + 1, loaded_by, unit.now
            known.quality, known.account = dict(quality), _account(manifest)
        return known.state
    counts = [{key: one[key] for key in ("name", "rows", "persons", "quarantined")} for one in manifest["tables"]]
    sha256 = fingerprint(manifest)
    unit.session.add(
        DatasetVersionRow(
            dataset_id=contract.dataset,
            version=manifest["version"],
            loaded_at=unit.now,
            counts=counts,
            manifest_sha256=sha256,
            state=VERSION.first,
            round=1,
            loaded_by=loaded_by,
            about=about(contract),
            sources=list(manifest["sources"]),
            quality=dict(quality),
            account=_account(manifest),
        )
    )
    return VERSION.first


def _account(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the contract and of the raw folder is not in a version, for those who sign it off."""
    return {
        "absent": [one["name"] for one in manifest["tables"] if one.get("absent")],
        "lacking": [[one["name"], one["lacking"]] for one in manifest["tables"] if one.get("lacking")],
        "withheld": [[one["file"], one["rows"], one["reason"]] for one in manifest.get("withheld", ())],
        "not_read": list(manifest.get("not_read", ())),
    }


def _put_list(unit: Unit, listed: Mapping[str, Any]) -> None:
    if lists_in_force(unit.session).get((listed["list"], listed["namespace"])) == listed["sha256"]:
        return
    unit.session.add(OptOutListRow(**listed, loaded_at=unit.now))
    unit.record("data.opt_outs.loaded", subject=listed["list"], detail={"persons": listed["persons"]})
