"""Owns the lists of persons (opt-outs, refusals, consents) as they are ordered, recorded and in force. Must never see a person on one."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.contracts import known_contract, known_datasets
from tre.data.domain.contract import Contract
from tre.data.domain.opt_outs import LISTS, STUDY_LISTS
from tre.data.service.ending import end_job
from tre.data.service.jobs import LIST_LOAD
from tre.data.tables import OptOutListRow
from tre.kernel.authz import Action
from tre.kernel.errors import Invalid
from tre.kernel.facts import PersonListFacts
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import facts_of

LEAST_KEPT = 0.9
"""A list with fewer than nine tenths of the persons of the one in force is refused without a reason: it may be torn off."""
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class ListOrder:
    """A list to load.

    Args:
        list: its name: an opt-out of everybody's, a list of one study, or a consent that a contract names.
        namespace: of the identifiers on it.
        file: in the broker's folder `inbox/lists`.
        project_id: the study, for a study's list; empty otherwise.
        why_shorter: why it has far fewer persons than the list in force, where it has.
    """

    list: str
    namespace: str
    file: str
    project_id: str = ""
    why_shorter: str = ""


def order_list(ctx: Context, order: ListOrder) -> str:
    """Order the load of a list; return the job's id. The newest that was loaded takes the place of the one before.

    Raises:
        Invalid: there is no such list or namespace, or the file's name is no plain name.
        NotFound: there is no such project.
        NotPermitted: the actor is no custodian of data with that namespace.
    """
    contracts = _contracts_of(order.namespace)
    _require_whole(order, contracts)
    with ctx.begin() as unit:
        if order.project_id:
            facts_of(unit, order.project_id)
        _check(unit, contracts)
        payload = asdict(order)
        job_id = jobs.enqueue(unit.session, LIST_LOAD, subject=order.list, payload=payload, now=unit.now)
        detail = {"namespace": order.namespace, "why_shorter": order.why_shorter}
        unit.record("data.opt_outs.load_ordered", subject=order.list, project=order.project_id, detail=detail)
        return job_id


def identifier_kind(namespace: str) -> str:
    """Return what counts as a valid identifier in the namespace; raise `Invalid` where no contract has it."""
    contracts = _contracts_of(namespace)
    if not contracts:
        raise Invalid({"namespace": f"No contract has the namespace {namespace}: correct it."})
    return contracts[0].identifier_kind


def record_list(ctx: Context, held: jobs.Claim, entry: Mapping[str, Any]) -> None:
    """Put a list that is in the store in force; recording it again changes nothing.

    Args:
        entry: `sha256`, `persons` and `changes_on` (days), as the engine found them.

    Raises:
        Invalid: it has far fewer persons than the one in force, and no reason was given.
        Conflict: the job is in other hands by now.
    """
    order = ListOrder(**held.payload)
    with ctx.begin() as unit:
        _check(unit, _contracts_of(order.namespace))
        before = _newest(unit.session, order)
        _require_long(order, before, entry["persons"])
        if before is None or before.sha256 != entry["sha256"]:
            unit.session.add(_row(unit, order, entry))
        end_job(unit, held)
        detail = {"namespace": order.namespace, "persons": entry["persons"]}
        unit.record("data.opt_outs.loaded", subject=order.list, project=order.project_id, detail=detail)


def fail_list(ctx: Context, held: jobs.Claim, why: str) -> None:
    """Record that a list cannot be taken; the one in force stays in force."""
    order = ListOrder(**held.payload)
    with ctx.begin() as unit:
        _check(unit, _contracts_of(order.namespace))
        end_job(unit, held, why=why)
        unit.record("data.opt_outs.load_failed", subject=order.list, project=order.project_id, detail={"why": why})


def lists_for(session: Session, project_id: str) -> dict[tuple[str, str], OptOutListRow]:
    """Return (list, namespace) to the list in force for one project: the newest of everybody's and of the study's own."""
    mine = OptOutListRow.project_id.in_(("", project_id))
    rows = session.scalars(select(OptOutListRow).where(mine).order_by(OptOutListRow.loaded_at, OptOutListRow.id))
    return {(row.list, row.namespace): row for row in rows}


def _require_whole(order: ListOrder, contracts: list[Contract]) -> None:
    consents = {term.name for one in contracts for term in one.consents}
    known = STUDY_LISTS if order.project_id else (*LISTS, *sorted(consents))
    faults = {}
    if order.list not in known:
        whose = "a study" if order.project_id else f"all projects in {order.namespace}"
        faults["list"] = f"“{order.list}” is no list of {whose}. Use one of: {', '.join(known)}."
    if not contracts:
        faults["namespace"] = f"No contract has the namespace {order.namespace}: correct it."
    if not _FILE.fullmatch(order.file):
        faults["file"] = "Give the plain name of a file in the broker's folder inbox/lists."
    if faults:
        raise Invalid(faults)


def _require_long(order: ListOrder, before: OptOutListRow | None, persons: int) -> None:
    if before is None or persons >= before.persons * LEAST_KEPT or order.why_shorter:
        return
    sentence = (
        f"The list names {persons:,} persons and the one in force {before.persons:,}: it may be torn off, and everybody "
        "missing from it would count as having withdrawn. Load it again with the reason why it is shorter."
    )
    raise Invalid({"list": sentence}, code="data.opt_outs.shorter")


def _check(unit: Unit, contracts: list[Contract]) -> None:
    custodians = tuple(sorted({one.custodian for one in contracts}))
    unit.check(Action.DATA_OPT_OUTS_LOAD, PersonListFacts(custodians=custodians))


def _contracts_of(namespace: str) -> list[Contract]:
    every = (known_contract(name) for name in known_datasets())
    return [one for one in every if one.namespace == namespace]


def _newest(session: Session, order: ListOrder) -> OptOutListRow | None:
    wanted = select(OptOutListRow).where(
        OptOutListRow.list == order.list,
        OptOutListRow.namespace == order.namespace,
        OptOutListRow.project_id == order.project_id,
    )
    newest = wanted.order_by(OptOutListRow.loaded_at.desc(), OptOutListRow.id.desc()).limit(1)
    return session.scalars(newest.with_for_update()).one_or_none()


def _row(unit: Unit, order: ListOrder, entry: Mapping[str, Any]) -> OptOutListRow:
    days: list[date] = list(entry["changes_on"])
    return OptOutListRow(
        list=order.list,
        namespace=order.namespace,
        project_id=order.project_id,
        sha256=entry["sha256"],
        persons=entry["persons"],
        changes_on=[day.isoformat() for day in days],
        loaded_at=unit.now,
    )
