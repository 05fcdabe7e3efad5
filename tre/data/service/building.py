"""Owns the broker's steps of a snapshot: take up, finish, fail, remove. Must never touch data: the engine does.

Each step asks the gate anew: a project that was suspended in between gets no snapshot.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.contracts import known_contract
from tre.data.domain.contract import Contract
from tre.data.domain.fingerprint import fingerprint
from tre.data.domain.opt_outs import OptOutRule, rules_for
from tre.data.domain.snapshot_plan import SnapshotPlan, plan_tables
from tre.data.domain.states import SNAPSHOT
from tre.data.service import bridging
from tre.data.service.ending import end_job
from tre.data.service.exemptions import use_of
from tre.data.service.lists import lists_for
from tre.data.service.snapshots import approved_tables
from tre.data.service.versions import versions_in_use
from tre.data.tables import DatasetRow, SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import Invalid, NotFound
from tre.kernel.facts import SnapshotFacts
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import facts_of


def take_up_build(ctx: Context, held: Claim) -> SnapshotPlan:
    """Mark the snapshot as being built and return the plan of it.

    Raises:
        NotPermitted: the project is not approved any more.
        Invalid: the approval, the contracts and what is loaded do not fit together.
        IllegalMove: it was removed, or is built already.
    """
    with ctx.begin() as unit:
        row = _locked(unit, held)
        decision = unit.check(Action.DATA_SNAPSHOT_BUILD, _facts(unit, row))
        plan = plan_of(unit, row, decision.revision)
        row.lists = used(plan.opt_outs)
        row.state = SNAPSHOT.after(row.state, "start")
        row.policy_revision = decision.revision
        unit.record("data.snapshot.started", subject=row.id, project=row.project_id, detail={"version": row.version})
        return plan


def finish_build(ctx: Context, held: Claim, manifest: Mapping[str, Any]) -> None:
    """Mark the snapshot ready, with its counts.

    Raises:
        NotPermitted: the project is not approved any more: what was built must be removed.
        Conflict: the job is in other hands by now.
    """
    with ctx.begin() as unit:
        row = _locked(unit, held)
        unit.check(Action.DATA_SNAPSHOT_BUILD, _facts(unit, row))
        row.state = SNAPSHOT.after(row.state, "finish")
        row.built_at, row.note = unit.now, ""
        row.tables = [{key: one[key] for key in ("name", "dataset", "rows", "persons")} for one in manifest["tables"]]
        row.removed = list(manifest["removed"])
        row.manifest_sha256 = fingerprint(manifest)
        bridging.order_laying(unit, row.project_id)
        end_job(unit, held)
        detail = {"version": row.version, "tables": row.tables, "removed": row.removed}
        unit.record("data.snapshot.built", subject=row.id, project=row.project_id, detail=detail)


def fail_build(ctx: Context, held: Claim, why: str) -> None:
    """Mark the snapshot failed, with a sentence for the page; an admin can order another.

    Recording a failure needs only the right to see the snapshot: the build itself may have been refused.
    """
    with ctx.begin() as unit:
        row = _locked(unit, held)
        unit.check(Action.DATA_SNAPSHOT_VIEW, _facts(unit, row))
        if SNAPSHOT.may_move(row.state, "fail"):
            row.state, row.note = SNAPSHOT.after(row.state, "fail"), why
        end_job(unit, held, why=why)
        detail = {"version": row.version, "why": why}
        unit.record("data.snapshot.failed", subject=row.id, project=row.project_id, detail=detail)


def take_up_removal(ctx: Context, held: Claim) -> tuple[str, int]:
    """Mark the snapshot removed, before its files go, so that no workspace is started on half of it; return (project, version)."""
    with ctx.begin() as unit:
        row = _locked(unit, held)
        unit.check(Action.DATA_SNAPSHOT_REMOVE, _facts(unit, row))
        if row.state != "removed":
            row.state = SNAPSHOT.after(row.state, "remove")
        unit.record("data.snapshot.withdrawn", subject=row.id, project=row.project_id, detail={"version": row.version})
        return row.project_id, row.version


def finish_removal(ctx: Context, held: Claim) -> None:
    """Record that the snapshot's files are gone."""
    with ctx.begin() as unit:
        row = _locked(unit, held)
        unit.check(Action.DATA_SNAPSHOT_REMOVE, _facts(unit, row))
        end_job(unit, held)
        unit.record("data.snapshot.removed", subject=row.id, project=row.project_id, detail={"version": row.version})


def _locked(unit: Unit, held: Claim) -> SnapshotRow:
    wanted = select(SnapshotRow).where(SnapshotRow.id == held.payload["snapshot"]).with_for_update()
    row = unit.session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound("That snapshot is not known: order another.", code="data.snapshot.not_found")
    return row


def _facts(unit: Unit, row: SnapshotRow) -> SnapshotFacts:
    return facts.about_snapshot(facts_of(unit, row.project_id), state=row.state)


def used(rules: Iterable[OptOutRule]) -> list[list[str]]:
    """Return the rules as a snapshot's row keeps them: list, namespace, hash, effect."""
    return sorted([one.list, one.namespace, one.sha256, str(one.effect)] for one in rules)


def plan_of(unit: Unit, row: SnapshotRow, revision: str) -> SnapshotPlan:
    """Return the plan of a snapshot as it would be built now; raise `Invalid` where approval and data do not fit together."""
    approved = approved_tables(row)
    versions = versions_in_use(unit.session)
    contracts = {
        name: contract_in_use(unit, name) for name in sorted({one.dataset for one in approved} & set(versions))
    }
    tables = plan_tables(approved, contracts, versions)
    today: date = unit.now.date()
    rules = project_rules(unit.session, row.project_id, contracts.values(), on=today)
    return SnapshotPlan(
        project_id=row.project_id,
        version=row.version,
        built_on=today,
        key_version=row.key_version,
        policy_revision=revision,
        reader_uid=row.reader_uid,
        tables=tables,
        opt_outs=rules,
        linkage=row.linkage,
    )


def project_rules(
    session: Session, project_id: str, contracts: Collection[Contract], *, on: date
) -> tuple[OptOutRule, ...]:
    """Return the rules by which persons are left out of a project's data on a day; raise `Invalid` where a list is missing."""
    lists = {key: row.sha256 for key, row in lists_for(session, project_id).items()}
    return rules_for(list(contracts), lists, on=on, use=use_of(session, project_id))


def contract_in_use(unit: Unit, dataset: str) -> Contract:
    """Return the contract that the version in use was loaded by; raise `Invalid` where another one ships by now."""
    contract = known_contract(dataset)
    if unit.session.get_one(DatasetRow, dataset).contract["sha256"] != contract.sha256:
        sentence = f"The contract of {dataset} has changed since it was loaded: its custodian must load it again."
        raise Invalid({"datasets": sentence}, code="data.contract.changed")
    return contract
