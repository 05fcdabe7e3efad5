"""Lists of requests: a researcher's own projects', and the checkers' queue. The list's rule is the policy's own, as conditions."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, UnaryExpression, func, select

from output_checking.domain.states import OPEN_FOR_VOTES, REQUEST, State, Turn
from output_checking.ports import ProjectBrief
from output_checking.presenters import Queue, Summary
from output_checking.service.desk import OutputsDesk
from output_checking.service.presenting import title_outside
from output_checking.tables import FileRow, FileViewRow, FindingRow, RequestRow, RoundRow, VoteRow
from tre.kernel.authz import Action
from tre.kernel.facts import RequestFacts
from tre.plumbing.conditions import clause
from tre.plumbing.unit_of_work import Context, Unit

MOST_LISTED = 200
NEVER = datetime.max.replace(tzinfo=UTC)
COLUMNS = {
    "request_id": RequestRow.id,
    "project_id": RequestRow.project_id,
    "requester_id": RequestRow.requester_id,
    "state": RequestRow.state,
}


@dataclass
class _About:
    """What is counted of one request's present round."""

    kinds: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    voted: set[str] = field(default_factory=set)
    opened: int = 0
    waiting_since: datetime = NEVER


def list_requests(ctx: Context, desk: OutputsDesk, *, project_id: str = "") -> tuple[Summary, ...]:
    """Return the requests of the person's projects, newest first; of one project where it is named."""
    with ctx.begin() as unit:
        mine = RequestRow.project_id.in_(sorted(ctx.actor.member_of))
        wanted = mine if not project_id else mine & (RequestRow.project_id == project_id)
        rows = _visible(unit, wanted, RequestRow.submitted_at.desc())
        unit.record("outputs.request.listed", project=project_id, detail={"requests": len(rows)})
        return _summaries(unit, desk, rows, why_not={}, told=_told_to_members(unit, rows))


def queue(ctx: Context, desk: OutputsDesk) -> Queue:
    """Return what waits for output checkers, oldest first, sorted by what the person can do about each."""
    with ctx.begin() as unit:
        rows = _visible(unit, RequestRow.state.in_(sorted(OPEN_FOR_VOTES)), RequestRow.submitted_at.asc())
        about = _about(unit, rows)
        why_not, told = _why_not_vote(unit, desk, rows, about=about), _told_to_checkers(unit, desk, rows)
        unit.record("outputs.request.listed", detail={"requests": len(rows), "list": "queue"})
        return _sorted_out(_summaries(unit, desk, rows, why_not=why_not, told=told))


def to_be_answered(ctx: Context) -> int:
    """Return how many of the person's own requests wait for a new version: returned by the checkers, or blocked."""
    with ctx.look() as unit:
        allowed = clause(unit.conditions(Action.OUTPUTS_REQUEST_VIEW), COLUMNS)
        waiting = [state for state, turn in REQUEST.turn.items() if turn == Turn.RESEARCHER]
        mine = (RequestRow.requester_id == ctx.actor.person_id) & RequestRow.state.in_(waiting)
        return unit.session.scalar(select(func.count()).where(allowed, mine)) or 0


def _visible(unit: Unit, wanted: ColumnElement[bool], order: UnaryExpression[datetime]) -> Sequence[RequestRow]:
    allowed = clause(unit.conditions(Action.OUTPUTS_REQUEST_VIEW), COLUMNS)
    return unit.session.scalars(
        select(RequestRow).where(allowed, wanted).order_by(order, RequestRow.id).limit(MOST_LISTED)
    ).all()


def _sorted_out(all_of_them: Iterable[Summary]) -> Queue:
    piles: dict[str, list[Summary]] = {"mine": [], "free": [], "waiting": [], "barred": []}
    for one in sorted(all_of_them, key=lambda one: one.waiting_since):
        piles[_pile(one)].append(one)
    return Queue(**{name: tuple(pile) for name, pile in piles.items()})


def _pile(one: Summary) -> str:
    if one.has_voted:
        return "waiting"
    if one.why_not_vote:
        return "barred"
    return "mine" if one.opened else "free"


def _why_not_vote(
    unit: Unit, desk: OutputsDesk, rows: Sequence[RequestRow], *, about: Mapping[str, _About]
) -> dict[str, tuple[str, ...]]:
    briefs = {one: desk.projects.brief(unit, one) for one in {row.project_id for row in rows}}
    asked = {row.id: _facts(row, briefs[row.project_id], voted=about[row.id].voted) for row in rows}
    known = unit.why_not_each({facts: (Action.OUTPUTS_REVIEW_VOTE, facts) for facts in asked.values()})
    return {request_id: known[facts] for request_id, facts in asked.items()}


def _told_to_members(unit: Unit, rows: Sequence[RequestRow]) -> frozenset[str]:
    """Return the ids of the requests whose titles members read: inside the workspace all, outside those that were released."""
    is_inside = unit.actor.proved_by == "session"
    return frozenset(row.id for row in rows if is_inside or row.state == State.RELEASED)


def _told_to_checkers(unit: Unit, desk: OutputsDesk, rows: Sequence[RequestRow]) -> frozenset[str]:
    """Return the ids of the requests whose files the actor may look at: a checker who is of the project may not."""
    briefs = {one: desk.projects.brief(unit, one) for one in {row.project_id for row in rows}}
    asked = {row.id: _facts(row, briefs[row.project_id], voted=()) for row in rows}
    known = unit.why_not_each({facts: (Action.OUTPUTS_FILE_VIEW, facts) for facts in asked.values()})
    return frozenset(request_id for request_id, facts in asked.items() if not known[facts])


def _facts(row: RequestRow, project: ProjectBrief, *, voted: Collection[str]) -> RequestFacts:
    """Return the facts without the id, since no rule reads it: what is asked once for a project need not be asked for each."""
    return RequestFacts(
        project_id=row.project_id,
        project_state=project.state,
        requester_id=row.requester_id,
        state=row.state,
        members=project.members,
        voted=tuple(sorted(voted)),
        release_right=project.release_right,
    )


def _summaries(
    unit: Unit,
    desk: OutputsDesk,
    rows: Sequence[RequestRow],
    *,
    why_not: Mapping[str, tuple[str, ...]],
    told: Collection[str],
) -> tuple[Summary, ...]:
    about = _about(unit, rows)
    titles = desk.projects.titles(unit, {row.project_id for row in rows})
    return tuple(
        Summary(
            request_id=row.id,
            project_id=row.project_id,
            project_title=titles.get(row.project_id, row.project_id),
            title=row.title if row.id in told else title_outside(row),
            state=row.state,
            turn=REQUEST.turn[row.state],
            round=row.round,
            submitted_at=row.submitted_at,
            changed_at=row.changed_at,
            waiting_since=about[row.id].waiting_since,
            kinds=dict(about[row.id].kinds),
            findings=dict(about[row.id].findings),
            opened=about[row.id].opened,
            has_voted=unit.actor.person_id in about[row.id].voted,
            why_not_vote=why_not.get(row.id, ()),
        )
        for row in rows
    )


def _about(unit: Unit, rows: Sequence[RequestRow]) -> Mapping[str, _About]:
    about: dict[str, _About] = defaultdict(_About)
    ids = [row.id for row in rows]
    present = (RequestRow.id == FileRow.request_id) & (RequestRow.round == FileRow.round) & RequestRow.id.in_(ids)
    kinds = select(FileRow.request_id, FileRow.kind, func.count()).join(RequestRow, present)
    for request_id, kind, count in unit.session.execute(kinds.group_by(FileRow.request_id, FileRow.kind)):
        about[request_id].kinds[kind] = count
    findings = select(FileRow.request_id, FindingRow.severity, func.count()).join(
        FileRow, FindingRow.file_id == FileRow.id
    )
    grouped = findings.join(RequestRow, present).group_by(FileRow.request_id, FindingRow.severity)
    for request_id, severity, count in unit.session.execute(grouped):
        about[request_id].findings[severity] = count
    opened = select(FileRow.request_id, func.count()).join(FileViewRow, FileViewRow.file_id == FileRow.id)
    mine = opened.join(RequestRow, present).where(FileViewRow.person_id == unit.actor.person_id)
    for request_id, count in unit.session.execute(mine.group_by(FileRow.request_id)):
        about[request_id].opened = count
    rounds = (RoundRow.request_id == RequestRow.id) & (RoundRow.number == RequestRow.round) & RequestRow.id.in_(ids)
    since = select(RoundRow.request_id, RoundRow.submitted_at).join(RequestRow, rounds)
    for request_id, submitted_at in unit.session.execute(since):
        about[request_id].waiting_since = submitted_at
    in_round = (VoteRow.request_id == RequestRow.id) & (VoteRow.round == RequestRow.round)
    for request_id, person_id in unit.session.execute(
        select(VoteRow.request_id, VoteRow.person_id).join(RequestRow, in_round).where(RequestRow.id.in_(ids))
    ):
        about[request_id].voted.add(person_id)
    return about
