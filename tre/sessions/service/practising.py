"""Owns practice workspaces: anyone signed in, at once, on made-up data alone. Must never mount anything but a synthetic twin.

They are sessions like any other (one place in the watch, the timer and the sandbox), under an account and in a folder of the
person's own, and of no project; so nothing can be released from one.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict
from tre.kernel.ids import PRACTICE
from tre.plumbing.unit_of_work import Context, Unit
from tre.sessions.domain.session import WorkspaceSession
from tre.sessions.ports import ReadySnapshot, Twin
from tre.sessions.service.desk import SessionsDesk
from tre.sessions.service.loading import latest_row, practice_facts, value_of
from tre.sessions.service.opening import Grant, as_it_stands, open_granted
from tre.sessions.service.settling import settle
from tre.sessions.service.viewing import WorkspaceView, look_at_workspace
from tre.sessions.tables import PracticeAccountRow

FIRST_PRACTICE_UID = 170_000
"""Above the accounts of a hundred thousand projects."""


@dataclass(frozen=True, kw_only=True)
class PracticeView:
    """The actor's practice workspace, and the datasets that can be practised on."""

    workspace: WorkspaceView
    twins: tuple[Twin, ...]


def open_practice(ctx: Context, desk: SessionsDesk, dataset_id: str) -> WorkspaceSession:
    """Open the actor's practice workspace on a dataset's synthetic twin, or return to the one that runs.

    Raises:
        NotPermitted: the actor's access was stopped, or the dataset has no twin yet.
        Conflict: one runs on another dataset, or is being opened in another tab at this moment.
        Unavailable: the policy server or the hub does not answer.
    """
    settle(ctx, desk, person_id=ctx.actor.person_id, project_id=PRACTICE)
    with ctx.begin() as unit:
        person_id = unit.actor.person_id
        twin = next((one for one in desk.snapshots.twins(unit) if one.dataset_id == dataset_id), None)
        about = practice_facts(unit, person_id=person_id, has_twin=twin is not None)
        decision = unit.check(Action.SESSIONS_PRACTICE_OPEN, about)
        assert twin is not None  # noqa: S101 - the gate has just looked: without one it refuses
        row = latest_row(unit.session, person_id=person_id, project_id=PRACTICE)
        if row is not None and value_of(row).is_open:
            _require_same(row.snapshot_version, twin)
            unit.record("sessions.workspace.rejoined", subject=row.id, project=PRACTICE)
            return value_of(row)
        grant = Grant(
            decision=decision,
            about=about,
            snapshot=ReadySnapshot(state="ready", version=_version(twin), folder=twin.folder),
            account=FIRST_PRACTICE_UID + _number(unit, person_id),
            # a folder for each dataset: the welcome notebook in it is about that dataset
            workspace=unit.config.state / "workspaces" / f"{PRACTICE}-{twin.dataset_id}" / person_id,
        )
        row = open_granted(unit, desk, grant, ctx)
        detail = {"dataset": twin.dataset_id, "twin": twin.number, "lapses_at": row.lapses_at}
        unit.record("sessions.practice.opened", subject=row.id, project=PRACTICE, detail=detail)
        session_id = row.id
    return as_it_stands(ctx, session_id)


def look_at_practice(ctx: Context, desk: SessionsDesk) -> PracticeView:
    """Return the actor's practice workspace after asking the hub how it stands, and what can be practised on.

    Raises:
        Unavailable: the hub or the policy server does not answer.
    """
    workspace = look_at_workspace(ctx, desk, PRACTICE)
    with ctx.look() as unit:
        twins = tuple(desk.snapshots.twins(unit))
        about = practice_facts(unit, person_id=unit.actor.person_id, has_twin=bool(twins))
        unit.check(Action.SESSIONS_WORKSPACE_VIEW, about)
    return PracticeView(workspace=workspace, twins=twins)


def _version(twin: Twin) -> str:
    return f"{twin.dataset_id}, made-up {twin.number}"


def _require_same(version: str, twin: Twin) -> None:
    if not version.startswith(f"{twin.dataset_id},"):
        sentence = f"You practise on “{version}” already: stop that workspace first, then open the other."
        raise Conflict(sentence, code="sessions.practice.other_dataset")


def _number(unit: Unit, person_id: str) -> int:
    """Return the number of the person's account for practice, given now where there is none."""
    row = unit.session.scalars(
        select(PracticeAccountRow).where(PracticeAccountRow.person_id == person_id)
    ).one_or_none()
    if row is not None:
        return row.number
    row = PracticeAccountRow(person_id=person_id)
    unit.session.add(row)
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "Your workspace is being opened already: look again.", code="sessions.workspace.opening"
        ) from error
    return row.number
