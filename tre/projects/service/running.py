"""Owns what an admin does to an approved project: suspend, resume, close. Must never leave a workspace running after."""

from tre.kernel.authz import Action
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import facts
from tre.projects.domain.project import Project
from tre.projects.domain.reading import Reader, Typed
from tre.projects.domain.states import MACHINE
from tre.projects.service.deciding import approved_data
from tre.projects.service.desk import ProjectsDesk
from tre.projects.service.loading import locked_row, value_of
from tre.projects.tables import ProjectRow

LONGEST_REASON = 2000


def suspend_project(ctx: Context, desk: ProjectsDesk, project_id: str, *, typed: Typed, version: int) -> Project:
    """Suspend the project with a reason: its sessions are taken back now and their processes end within seconds.

    Raises:
        Invalid: no reason was given.
        NotPermitted: the actor is no admin.
        IllegalMove: the project is not approved.
        Conflict: the project was changed since the page was opened.
    """
    reason = _read_reason(typed)
    with ctx.begin() as unit:
        row = _moved(unit, project_id, Action.PROJECTS_PROJECT_SUSPEND, version=version)
        row.state_reason = reason
        unit.record("projects.project.suspended", subject=row.id, project=row.id, detail={"reason": reason})
        desk.workspaces.stop_all(unit, row.id, "The project was suspended.")
        return value_of(row)


def resume_project(ctx: Context, project_id: str, *, typed: Typed, version: int) -> Project:
    """Let a suspended project go on; raises as `suspend_project` does."""
    reason = _read_reason(typed)
    with ctx.begin() as unit:
        row = _moved(unit, project_id, Action.PROJECTS_PROJECT_RESUME, version=version)
        row.state_reason = ""
        unit.record("projects.project.resumed", subject=row.id, project=row.id, detail={"reason": reason})
        return value_of(row)


def close_project(ctx: Context, desk: ProjectsDesk, project_id: str, *, typed: Typed, version: int) -> Project:
    """End the project for good and have its snapshots removed; raises as `suspend_project` does."""
    reason = _read_reason(typed)
    with ctx.begin() as unit:
        row = _moved(unit, project_id, Action.PROJECTS_PROJECT_CLOSE, version=version)
        row.state_reason = reason
        unit.record("projects.project.closed", subject=row.id, project=row.id, detail={"reason": reason})
        desk.workspaces.stop_all(unit, row.id, "The project was closed.")
        desk.snapshots.order_removal(unit, row.id)
        return value_of(row)


def order_again(ctx: Context, desk: ProjectsDesk, project_id: str, *, version: int) -> Project:
    """Order the snapshot once more: where the first could not be built, or to bring it up to date.

    Raises:
        NotPermitted: the actor is no admin and no custodian of the data, or the project is not approved.
        Conflict: the project was changed since the page was opened.
    """
    with ctx.begin() as unit:
        row = locked_row(unit.session, project_id, version=version)
        desk.snapshots.order(unit, approved_data(value_of(row)))
        unit.record("projects.snapshot.ordered", subject=row.id, project=row.id)
        return value_of(row)


_MOVES: dict[Action, str] = {
    Action.PROJECTS_PROJECT_SUSPEND: "suspend",
    Action.PROJECTS_PROJECT_RESUME: "resume",
    Action.PROJECTS_PROJECT_CLOSE: "close",
}


def _moved(unit: Unit, project_id: str, action: Action, *, version: int) -> ProjectRow:
    row = locked_row(unit.session, project_id, version=version)
    unit.check(action, facts.about(value_of(row), today=unit.now.date()))
    row.state, row.state_since = MACHINE.after(row.state, _MOVES[action]), unit.now
    row.version += 1
    return row


def _read_reason(typed: Typed) -> str:
    reader = Reader(typed=typed)
    reason = reader.text("reason", "Reason", most=LONGEST_REASON)
    if not reason:
        reader.faults.setdefault("reason", "Enter a reason: the project's members will read it")
    reader.finish()
    return reason
