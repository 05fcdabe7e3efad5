"""Owns the decisions on an application, and what follows from the last one. Must never decide by itself."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from tre.kernel.actor import system_actor
from tre.kernel.authz import Action
from tre.kernel.errors import Invalid
from tre.plumbing.conditions import clause
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import facts
from tre.projects.domain import decisions
from tre.projects.domain.project import Project
from tre.projects.domain.reading import Reader, Typed
from tre.projects.domain.states import APPROVED, MACHINE, SUBMITTED
from tre.projects.ports import ApprovedData, ApprovedTable
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.loading import locked_row, value_of
from tre.projects.tables import ProjectDecisionRow, ProjectRow

LONGEST_REASON = 2000
# What the policy's list rule may compare, by the names of `ProjectFacts`.
COLUMNS = {"project_id": ProjectRow.id, "state": ProjectRow.state, "lead_id": ProjectRow.lead_id}


@dataclass(frozen=True, kw_only=True)
class Case:
    """An application that waits for the actor's decision, and the roles in which they may give it."""

    project: Project
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Given:
    """A decision as it was typed: in which role, yes or no, and why."""

    role: str
    is_yes: bool
    reason: str


def read_decision(typed: Typed) -> Given:
    """Return the decision in the fields `role`, `answer` (yes or no) and `reason`; raise `Invalid`."""
    reader = Reader(typed=typed)
    role = reader.choice("role", "Role", {one: one for one in decisions.ROLES})
    answer = reader.choice("answer", "Your decision", {"yes": "Yes", "no": "No"})
    reason = reader.text("reason", "Reason", most=LONGEST_REASON)
    asked = {
        "role": (role, "Choose the role in which you decide"),
        "answer": (answer, "Choose yes or no"),
        "reason": (reason, "Enter the reason for your decision: the applicant will read it"),
    }
    for name, (value, sentence) in asked.items():
        if not value:
            reader.faults.setdefault(name, sentence)
    reader.finish()
    return Given(role=role, is_yes=answer == "yes", reason=reason)


def decide_project(ctx: Context, desk: ProjectsDesk, project_id: str, *, typed: Typed, version: int) -> Project:
    """Give one decision; the last yes approves and orders the snapshot in the same transaction, any no refuses.

    Raises:
        Invalid: no role, answer or reason was given.
        NotPermitted: the actor may not decide in this role, decided before, or is on the project; or a custodian says yes
            before the report on risk and linkage is there.
        IllegalMove: the application does not wait for decisions.
        Conflict: somebody else decided since the page was opened.
    """
    given = read_decision(typed)
    with ctx.begin() as unit:
        row = locked_row(unit.session, project_id, version=version)
        MACHINE.after(row.state, "approve")
        project = value_of(row)
        decision = facts.DecisionFacts(
            role=given.role,
            is_yes=given.is_yes,
            is_assessed=desk.snapshots.assessment(unit, project_id).state == "ready",
        )
        unit.check(Action.PROJECTS_PROJECT_DECIDE, facts.about(project, today=unit.now.date(), decision=decision))
        _write(unit, row, given)
        _follow(unit, desk, row)
        return value_of(row)


def assess_again(ctx: Context, desk: ProjectsDesk, project_id: str) -> None:
    """Order the report on risk and linkage once more, where the first could not be made.

    Raises:
        NotPermitted: the actor is not a custodian of what is asked for, or nothing waits for decisions.
    """
    with ctx.begin() as unit:
        project = value_of(locked_row(unit.session, project_id))
        unit.check(Action.PROJECTS_PROJECT_VIEW, facts.about(project, today=unit.now.date()))
        unit.record("projects.assessment.ordered", subject=project_id, project=project_id)
        desk.snapshots.order_assessment(unit, approved_data(project))


def list_decisions(ctx: Context) -> tuple[Case, ...]:
    """Return the applications that wait for the actor's own decision, oldest first."""
    with ctx.begin() as unit:
        condition = unit.conditions(Action.PROJECTS_PROJECT_VIEW)
        wanted = select(ProjectRow).where(ProjectRow.state == SUBMITTED, clause(condition, COLUMNS))
        projects = [value_of(row) for row in unit.session.scalars(wanted.order_by(ProjectRow.submitted_at))]
        cases = [Case(project=one, roles=roles_open_to_actor(unit, one)) for one in projects]
        waiting = tuple(one for one in cases if one.roles)
        unit.record("projects.decision.listed", detail={"waiting": len(waiting)})
        return waiting


def roles_open_to_actor(unit: Unit, project: Project) -> tuple[str, ...]:
    """Return the roles in which the actor may decide on the project now."""
    if project.state != SUBMITTED:
        return ()
    today = unit.now.date()
    wanted = {seat.role for seat in decisions.open_seats(project)}
    return tuple(
        role
        for role in decisions.ROLES
        if role in wanted
        and unit.may(Action.PROJECTS_PROJECT_DECIDE, facts.about(project, today=today, decision=_no_yet(role)))
    )


def _no_yet(role: str) -> facts.DecisionFacts:
    return facts.DecisionFacts(role=role)


def _write(unit: Unit, row: ProjectRow, given: Given) -> None:
    row.decisions.append(
        ProjectDecisionRow(
            role=given.role, person_id=unit.actor.person_id, is_yes=given.is_yes, reason=given.reason, at=unit.now
        )
    )
    row.version += 1
    answer = "yes" if given.is_yes else "no"
    detail = {"role": given.role, "answer": answer}
    unit.record("projects.project.decided", subject=row.id, project=row.id, detail=detail)


def _follow(unit: Unit, desk: ProjectsDesk, row: ProjectRow) -> None:
    move = decisions.outcome(value_of(row))
    if not move:
        return
    row.state, row.state_since = MACHINE.after(row.state, move), unit.now
    if row.state == APPROVED:
        row.approved_at = unit.now
        unit.record("projects.project.approved", subject=row.id, project=row.id)
        # Nobody who decides may order data by hand: the order is the approval's own consequence.
        desk.snapshots.order(replace(unit, actor=system_actor("approval")), approved_data(value_of(row)))
    else:
        row.state_reason = row.decisions[-1].reason
        unit.record("projects.project.turned_down", subject=row.id, project=row.id)


def approved_data(project: Project) -> ApprovedData:
    """Return what the project may have, as it was approved."""
    if project.answers.ends_on is None:
        raise Invalid({"ends_on": "An approved project needs an end date"})
    return ApprovedData(
        project_id=project.project_id,
        number=project.number,
        tables=tuple(
            ApprovedTable(
                dataset_id=one.dataset_id,
                table=one.table,
                columns=one.columns,
                rows=one.rows,
                first_day=one.first_day,
                last_day=one.last_day,
                # The form shows each column of free text as such: who ticks it names it.
                free_text=one.columns,
            )
            for one in project.wanted
        ),
        ends_on=project.answers.ends_on,
        linkage=project.answers.linkage,
    )
