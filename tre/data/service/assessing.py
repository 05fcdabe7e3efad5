"""Owns the report that a custodian sees before deciding: ordered when an application is sent, made by the broker, shown.

The row keeps figures alone, small ones withheld and all others rounded. Must never hold a row of data.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from tre.data import facts
from tre.data.assessment_tables import AssessmentRow
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.domain.states import ASSESSMENT
from tre.data.service.building import plan_of
from tre.data.service.ending import end_job
from tre.data.service.jobs import ASSESS
from tre.data.service.snapshots import approved_rows
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action, Decision
from tre.kernel.errors import NotFound
from tre.kernel.facts import AssessmentFacts
from tre.kernel.ids import new_id
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.ports import ApprovedData
from tre.projects.service import facts_of


def order_assessment(unit: Unit, asked: ApprovedData) -> None:
    """Order the report on what an application asks for, in the transaction of its sending, or again by its custodian.

    Raises:
        NotPermitted: the application does not wait for decisions, or the actor is not its custodian.
    """
    _check(unit, Action.DATA_ASSESSMENT_ORDER, asked.project_id)
    row = AssessmentRow(
        id=new_id("a", length=10),
        project_id=asked.project_id,
        state=ASSESSMENT.first,
        job_id="",
        asked={"tables": approved_rows(asked), "linkage": asked.linkage},
        ordered_at=unit.now,
    )
    row.job_id = jobs.enqueue(unit.session, ASSESS, subject=row.id, payload={"assessment": row.id}, now=unit.now)
    unit.session.add(row)
    unit.record("data.assessment.ordered", subject=row.id, project=row.project_id)


def take_up_assessment(ctx: Context, held: jobs.Claim) -> SnapshotPlan:
    """Return the plan of the snapshot that would be built if the application were approved today.

    Raises:
        NotPermitted: the application does not wait for decisions any more.
        Invalid: what is asked for and what is loaded do not fit together, or a list is missing.
    """
    with ctx.look() as unit:
        row = _row(unit, held)
        decision = _check(unit, Action.DATA_ASSESSMENT_MAKE, row.project_id)
        return plan_of(unit, _as_snapshot(row), decision.revision)


def finish_assessment(ctx: Context, held: jobs.Claim, found: Mapping[str, Any]) -> None:
    """Keep the figures; raise `Conflict` where the job is in other hands by now.

    Args:
        found: `risk`, `linkage`, `removed` and `free_text`, as figures that may be shown.
    """
    with ctx.begin() as unit:
        row = _row(unit, held)
        _check(unit, Action.DATA_ASSESSMENT_MAKE, row.project_id)
        row.state, row.made_at = ASSESSMENT.after(row.state, "make"), unit.now
        row.risk, row.linkage, row.removed = (list(found[one]) for one in ("risk", "linkage", "removed"))
        row.free_text = list(found["free_text"])
        end_job(unit, held)
        smallest = min((one["k"] for one in row.risk), default=0)
        unit.record("data.assessment.made", subject=row.id, project=row.project_id, detail={"k": smallest})


def fail_assessment(ctx: Context, held: jobs.Claim, why: str) -> None:
    """Keep why there is no report: the custodian can order another, or say no."""
    with ctx.begin() as unit:
        row = _row(unit, held)
        unit.check(Action.DATA_SNAPSHOT_VIEW, facts.about_snapshot(facts_of(unit, row.project_id)))
        if ASSESSMENT.may_move(row.state, "fail"):
            row.state, row.note = ASSESSMENT.after(row.state, "fail"), why
        end_job(unit, held, why=why)
        unit.record("data.assessment.failed", subject=row.id, project=row.project_id, detail={"why": why})


def newest_assessment(project_id: str) -> Select[AssessmentRow]:
    """Return the query of the newest report on a project's application."""
    wanted = select(AssessmentRow).where(AssessmentRow.project_id == project_id)
    return wanted.order_by(AssessmentRow.ordered_at.desc(), AssessmentRow.id).limit(1)


def _check(unit: Unit, action: Action, project_id: str) -> Decision:
    about = facts_of(unit, project_id)
    return unit.check(
        action, AssessmentFacts(project_id=project_id, project_state=about.state, custodians=about.custodians)
    )


def _row(unit: Unit, held: jobs.Claim) -> AssessmentRow:
    row = unit.session.get(AssessmentRow, held.payload["assessment"])
    if row is None:
        raise NotFound("That report is not known: order another.", code="data.assessment.not_found")
    return row


def _as_snapshot(row: AssessmentRow) -> SnapshotRow:
    """Return the row of a snapshot that was never ordered, so that trial and build are planned by the same words."""
    return SnapshotRow(
        id=row.id,
        project_id=row.project_id,
        version=0,
        approved=row.asked["tables"],
        linkage=row.asked["linkage"],
        reader_uid=0,
        key_version=0,
    )
