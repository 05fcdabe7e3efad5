"""Owns the exemptions of projects from lists of persons: given by the dataset's custodian, with a reason, and ended by them.

Must never exempt from a list whose ground does not allow it under the project's legal basis, nor forget an exemption that ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.assessment_tables import ExemptionRow
from tre.data.domain.grounds import ground_of
from tre.data.domain.opt_outs import LISTS, Use
from tre.data.tables import DatasetRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid, NotFound
from tre.kernel.facts import ExemptionFacts
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import facts_of, legal_basis_of

LONGEST_REASON = 2000


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """One exemption that holds: from which list, for which dataset, why, since when and by whom (person id)."""

    exemption_id: int
    project_id: str
    list: str
    dataset_id: str
    reason: str
    given_by: str
    given_at: datetime


def exempt_project(ctx: Context, project_id: str, *, typed: Mapping[str, str]) -> Exemption:
    """Let a project have the persons of a list for one dataset; its next snapshot holds them.

    Args:
        typed: `list`, `dataset` and `reason`, as typed.

    Raises:
        Invalid: there is no such list or dataset.
        NotFound: there is no such project.
        NotPermitted: the actor is not the dataset's custodian or is on the project, there is no reason, or the list allows
            no exemption under the project's legal basis.
        Conflict: the project is exempt already.
    """
    name, dataset, reason = (str(typed.get(one, "")).strip() for one in ("list", "dataset", "reason"))
    with ctx.begin() as unit:
        about = _about(unit, project_id, name=name, dataset=dataset, reason=reason[:LONGEST_REASON])
        unit.check(Action.DATA_OPT_OUTS_EXEMPT, about)
        if (name, dataset) in _pairs(unit.session, project_id):
            raise Conflict("The project is exempt from it already.", code="data.opt_outs.exempt_already")
        row = ExemptionRow(
            project_id=project_id,
            list=name,
            dataset_id=dataset,
            reason=reason[:LONGEST_REASON],
            given_by=unit.actor.person_id,
            given_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        detail = {"list": name, "dataset": dataset, "reason": row.reason}
        unit.record("data.opt_outs.exempted", subject=project_id, project=project_id, detail=detail)
        return _value(row)


def honour_list(ctx: Context, exemption_id: int) -> None:
    """End an exemption: the persons are left out of the project's next snapshot.

    Raises:
        NotFound: there is none such, or it has ended.
        NotPermitted: the actor is not the dataset's custodian.
    """
    with ctx.begin() as unit:
        row = unit.session.get(ExemptionRow, exemption_id, with_for_update=True)
        if row is None or row.ended_at is not None:
            raise NotFound("There is no such exemption, or it has ended.", code="data.opt_outs.no_exemption")
        about = _about(unit, row.project_id, name=row.list, dataset=row.dataset_id, reason=row.reason)
        unit.check(Action.DATA_OPT_OUTS_HONOUR, about)
        row.ended_by, row.ended_at = unit.actor.person_id, unit.now
        detail = {"list": row.list, "dataset": row.dataset_id}
        unit.record("data.opt_outs.honoured", subject=row.project_id, project=row.project_id, detail=detail)


def exemptions_of(session: Session, project_id: str = "") -> tuple[Exemption, ...]:
    """Return the exemptions that hold, of one project or of all, oldest first."""
    wanted = select(ExemptionRow).where(ExemptionRow.ended_at.is_(None)).order_by(ExemptionRow.id)
    if project_id:
        wanted = wanted.where(ExemptionRow.project_id == project_id)
    return tuple(_value(row) for row in session.scalars(wanted))


def use_of(session: Session, project_id: str) -> Use:
    """Return what decides which lists apply to a project: its legal basis, and from what it is exempt."""
    return Use(basis=legal_basis_of(session, project_id), exempt=_pairs(session, project_id))


def _pairs(session: Session, project_id: str) -> frozenset[tuple[str, str]]:
    return frozenset((one.list, one.dataset_id) for one in exemptions_of(session, project_id))


def _about(unit: Unit, project_id: str, *, name: str, dataset: str, reason: str) -> ExemptionFacts:
    known = unit.session.get(DatasetRow, dataset)
    if known is None or name not in LISTS:
        fault = {"dataset": "Choose a dataset of the catalogue"} if known is None else {"list": "Choose a list"}
        raise Invalid(fault)
    basis = legal_basis_of(unit.session, project_id)
    return ExemptionFacts(
        project_id=project_id,
        custodian_id=known.custodian_id,
        members=facts_of(unit, project_id).members,
        may_be_exempted=ground_of(name, basis).may_be_exempted,
        is_reasoned=bool(reason),
    )


def _value(row: ExemptionRow) -> Exemption:
    return Exemption(
        exemption_id=row.id,
        project_id=row.project_id,
        list=row.list,
        dataset_id=row.dataset_id,
        reason=row.reason,
        given_by=row.given_by,
        given_at=row.given_at,
    )
