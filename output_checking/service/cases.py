"""Owns loading a release request with all that a decision on it needs, and stopping it when a file was altered.

The request's row is locked before anything else is read, so that two checkers who vote at one instant are counted one after
the other on PostgreSQL too (on SQLite, BEGIN IMMEDIATE does it). Must never decide who may do what.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from output_checking.domain.states import REQUEST, State
from output_checking.ports import ProjectBrief
from output_checking.service.desk import OutputsDesk
from output_checking.shelf import altered
from output_checking.tables import FileRow, RequestRow, RoundRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, NotFound
from tre.kernel.facts import RequestFacts
from tre.plumbing.unit_of_work import Context, Unit

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A locked release request, its present round, and its project."""

    row: RequestRow
    round: RoundRow
    project: ProjectBrief
    altered: tuple[FileRow, ...]

    @property
    def is_intact(self) -> bool:
        """True when every file of the present round still has its hash."""
        return not self.altered

    @property
    def facts(self) -> RequestFacts:
        """What a decision about it is made on."""
        return RequestFacts(
            request_id=self.row.id,
            project_id=self.row.project_id,
            project_state=self.project.state,
            requester_id=self.row.requester_id,
            state=self.row.state,
            members=self.project.members,
            voted=tuple(sorted(vote.person_id for vote in self.round.votes)),
            is_intact=self.is_intact,
            release_right=self.project.release_right,
        )

    def facts_about(self, file: FileRow) -> RequestFacts:
        """What a decision about one file is made on: one of an earlier version was sent back and is not released with the rest."""
        return self.facts_in(file.round)

    def facts_in(self, number: int) -> RequestFacts:
        """What a decision about the files of one version is made on."""
        return self.facts if number == self.row.round else replace(self.facts, state=State.RETURNED.value)

    def file(self, file_id: str) -> FileRow:
        """Return one of its files, of any round; raise `NotFound` if it has none of this id."""
        for one in self.row.rounds:
            for file in one.files:
                if file.id == file_id:
                    return file
        raise NotFound("There is no such file in this request.", code="outputs.file.not_found")


def lock_case(unit: Unit, desk: OutputsDesk, request_id: str) -> Case:
    """Lock and load a request, and hash its present files; raise `NotFound` if there is none."""
    row = unit.session.scalars(_locking(request_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such release request.", code="outputs.request.not_found")
    present = next(one for one in row.rounds if one.number == row.round)
    return Case(
        row=row,
        round=present,
        project=desk.projects.brief(unit, row.project_id),
        altered=tuple(one for one in present.files if not desk.shelf.is_intact(one.sha256)),
    )


def act_on_case(ctx: Context, desk: OutputsDesk, request_id: str, act: Callable[[Unit, Case], T]) -> T:
    """Do `act` on the locked request in one transaction; if a file was altered, block the request instead.

    Raises:
        Altered: a file is not what was submitted: the request is blocked and the event recorded.
        NotFound: there is no such request.
    """
    with ctx.begin() as unit:
        case = lock_case(unit, desk, request_id)
        if not block_if_altered(unit, case):
            return act(unit, case)
    raise altered()


def block_if_altered(unit: Unit, case: Case) -> bool:
    """Block a request with an altered file and record which; return whether that was done now."""
    if case.is_intact or not REQUEST.may_move(case.row.state, "block"):
        return False
    unit.check(Action.OUTPUTS_REQUEST_VIEW, case.facts)
    was = case.row.state
    change_state(unit, case, "block")
    detail = {"was": was, "files": [one.id for one in case.altered], "sha256": [one.sha256 for one in case.altered]}
    unit.record("outputs.request.blocked", subject=case.row.id, project=case.row.project_id, detail=detail)
    return True


def require_version(case: Case, version: int | None) -> None:
    """Raise `Conflict` unless `version` is the request's own: the form was opened before something changed."""
    if version != case.row.version:
        sentence = "This request has changed since you opened it: look at it again, then decide."
        raise Conflict(sentence, code="outputs.request.stale")


def change_state(unit: Unit, case: Case, move: str) -> None:
    """Make a move of the state table; raise `IllegalMove` if it does not exist. Open forms go stale."""
    case.row.state = REQUEST.after(case.row.state, move)
    case.row.changed_at = unit.now
    case.row.version += 1


def _locking(request_id: str) -> Select[RequestRow]:
    loaded = selectinload(RequestRow.rounds)
    parts = (loaded.selectinload(RoundRow.files).selectinload(FileRow.findings), loaded.selectinload(RoundRow.votes))
    return select(RequestRow).where(RequestRow.id == request_id).options(*parts).with_for_update()
