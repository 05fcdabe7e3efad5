"""Owns turning a loaded request into what one person may see of it: the other checkers' views only when they may be seen."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Select, select

from output_checking.domain.checks.files.finding import Severity, worst
from output_checking.domain.checks.files.outside import Told, told_outside
from output_checking.domain.review import View, Vote, is_disputed, visible
from output_checking.domain.states import OPEN_FOR_VOTES, REQUEST, State
from output_checking.presenters import FileView, FindingView, RequestView, RoundView, VoteView
from output_checking.service.cases import Case
from output_checking.service.counting import releases_of
from output_checking.service.desk import OutputsDesk
from output_checking.tables import FileRow, FileViewRow, FindingRow, ReleaseRow, RequestRow, RoundRow, VoteRow
from tre.kernel.authz import Action
from tre.plumbing.unit_of_work import Unit

# What a person may be offered on a request as a whole.
ON_THE_WHOLE = (
    Action.OUTPUTS_REVIEW_VOTE,
    Action.OUTPUTS_REQUEST_WITHDRAW,
    Action.OUTPUTS_REQUEST_SUBMIT,
    Action.OUTPUTS_RELEASE_DOWNLOAD,
)
NO_MOVE = {
    "withdraw": "It can only be taken back before it is decided, or when it is blocked.",
    "submit_again": "A new version is handed in only when a request was returned or blocked.",
}


def present(unit: Unit, desk: OutputsDesk, case: Case) -> RequestView:
    """Return the request as the unit's actor may see it."""
    row, opened = case.row, opened_by_actor(unit, case)
    names = desk.people.names_of(unit, _people(case))
    looks, against = _why_not_look(unit, case), _why_not(unit, case)
    told = _are_words_told(unit, case, row.round, why_not=looks)
    rounds = [_round(unit, case, one, names=names, opened=opened, why_not=looks) for one in reversed(row.rounds)]
    severities = [Severity(finding.severity) for file in case.round.files for finding in file.findings]
    release = unit.session.scalars(release_of(row)).one_or_none()
    return RequestView(
        request_id=row.id,
        project_id=row.project_id,
        project_title=case.project.title,
        organisations=case.project.organisations,
        requester_id=row.requester_id,
        requester=names.get(row.requester_id, row.requester_id),
        title=row.title if told else title_outside(row),
        are_words_told=told,
        state=row.state,
        turn=REQUEST.turn[row.state],
        version=row.version,
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
        rounds=tuple(rounds),
        why_not_look=looks[row.round],
        why_not_vote=against[Action.OUTPUTS_REVIEW_VOTE],
        why_not_withdraw=_unless_no_move(case, "withdraw") or against[Action.OUTPUTS_REQUEST_WITHDRAW],
        why_not_submit_again=_unless_no_move(case, "submit_again") or against[Action.OUTPUTS_REQUEST_SUBMIT],
        why_not_download=against[Action.OUTPUTS_RELEASE_DOWNLOAD],
        why_not_approve=blocking_sentences(case) if told else blocking_sentences(case, called=name_outside),
        needs_reason=Severity.WARN in severities,
        has_voted=any(vote.person_id == unit.actor.person_id for vote in case.round.votes),
        is_disputed=row.state in OPEN_FOR_VOTES
        and is_disputed(len(case.round.votes), needed=unit.config.approvals_needed),
        earlier_releases=len([one for one in releases_of(unit, row.project_id) if one.request_id != row.id]),
        manifest=release.manifest if release else None,
    )


def title_outside(row: RequestRow) -> str:
    """Return what a request is called where its own title is not told: a title is as good a way out as a file."""
    return f"Release request {row.id}"


def name_outside(file: FileRow) -> str:
    """Return what a file is called where its own name is not told."""
    return f"File {file.position}"


def file_view(file: FileRow, *, is_opened: bool, threshold: int | None = None) -> FileView:
    """Return one file with its findings, heaviest first; where a threshold is given, as they are told outside of the workspace."""
    heaviest = worst([Severity(finding.severity) for finding in file.findings])
    return FileView(
        file_id=file.id,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        findings=tuple(_finding(one, threshold=threshold) for one in file.findings),
        worst=heaviest or "",
        is_opened=is_opened,
    )


def opened_by_actor(unit: Unit, case: Case) -> frozenset[str]:
    """Return the ids of the request's files that the unit's actor has opened."""
    ids = [file.id for one in case.row.rounds for file in one.files]
    mine = select(FileViewRow.file_id).where(FileViewRow.file_id.in_(ids))
    return frozenset(unit.session.scalars(mine.where(FileViewRow.person_id == unit.actor.person_id)))


def blocking_sentences(
    case: Case, *, called: Callable[[FileRow], str] = lambda file: f"'{file.name}'"
) -> tuple[str, ...]:
    """Return, per file with a finding that blocks release, a sentence that says so; `called` says what a file is called in it."""
    blocked = [file for file in case.round.files if any(one.severity == Severity.BLOCK for one in file.findings)]
    return tuple(f"{called(file)} has a finding that blocks release." for file in blocked)


def release_of(row: RequestRow) -> Select[ReleaseRow]:
    """Return the query of the release of a request's present version."""
    return select(ReleaseRow).where(ReleaseRow.request_id == row.id, ReleaseRow.round == row.round)


def as_vote(row: VoteRow) -> Vote:
    """Return a vote's row as the value that the rules work on."""
    return Vote(person_id=row.person_id, view=View(row.view), comment=row.comment, at=row.at)


def _round(
    unit: Unit,
    case: Case,
    row: RoundRow,
    *,
    names: Mapping[str, str],
    opened: frozenset[str],
    why_not: Mapping[int, tuple[str, ...]],
) -> RoundView:
    # figures are told to whoever may look at the file, and inside the workspace that it came from
    is_inside = unit.actor.proved_by == "session" and unit.actor.person_id == case.row.requester_id
    threshold = row.threshold if why_not[row.number] and not is_inside else None
    told = _are_words_told(unit, case, row.number, why_not=why_not)
    seen = visible(
        [as_vote(vote) for vote in row.votes],
        viewer=unit.actor.person_id,
        needed=unit.config.approvals_needed,
        is_closed=row.closed_at is not None,
    )
    return RoundView(
        number=row.number,
        context=row.context if told else "",
        are_words_told=told,
        submitted_at=row.submitted_at,
        submitted_by=names.get(row.submitted_by, row.submitted_by),
        closed_at=row.closed_at,
        outcome=row.outcome,
        rule_set=row.rule_set,
        threshold=row.threshold,
        files=tuple(
            replace(
                file_view(file, is_opened=file.id in opened, threshold=threshold),
                is_altered=file in case.altered,
                name=file.name if told else name_outside(file),
            )
            for file in row.files
        ),
        votes=tuple(
            VoteView(
                person_id=vote.person_id,
                name=names.get(vote.person_id, vote.person_id),
                view=vote.view,
                comment=vote.comment,
                at=vote.at,
            )
            for vote in seen
        ),
    )


def _are_words_told(unit: Unit, case: Case, number: int, *, why_not: Mapping[int, tuple[str, ...]]) -> bool:
    """Say whether the researcher's own words on a version may be read: title, context, names of files.

    They come out of the workspace as the files do, so they are told inside it, to whoever may look at the files, and with the
    release, of which the checkers read them first.
    """
    is_released = case.row.state == State.RELEASED and number == case.row.round
    return unit.actor.proved_by == "session" or not why_not[number] or is_released


def _why_not_look(unit: Unit, case: Case) -> Mapping[int, tuple[str, ...]]:
    """Return, per version, the sentences against looking at its files; each different question is asked once."""
    facts = {one.number: case.facts_in(one.number) for one in case.row.rounds}
    answers = unit.why_not_each({one: (Action.OUTPUTS_FILE_VIEW, one) for one in facts.values()})
    return {number: answers[one] for number, one in facts.items()}


def _finding(row: FindingRow, *, threshold: int | None) -> FindingView:
    told: FindingRow | Told = row
    if threshold is not None:
        told = told_outside(row.rule, threshold=threshold, remedy=row.remedy)
    return FindingView(
        severity=row.severity,
        rule=told.rule,
        sentence=told.sentence,
        remedy=told.remedy,
        row=row.row,
        column=row.column if threshold is None else "",  # a column's name is the researcher's word, too
        figures=row.figures if threshold is None else {},
    )


def _why_not(unit: Unit, case: Case) -> Mapping[Action, tuple[str, ...]]:
    return unit.why_not_each({action: (action, case.facts) for action in ON_THE_WHOLE})


def _unless_no_move(case: Case, move: str) -> tuple[str, ...]:
    return () if REQUEST.may_move(case.row.state, move) else (NO_MOVE[move],)


def _people(case: Case) -> frozenset[str]:
    voters = {vote.person_id for one in case.row.rounds for vote in one.votes}
    return frozenset({case.row.requester_id, *voters, *(one.submitted_by for one in case.row.rounds)})
