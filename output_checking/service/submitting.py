"""Handing files in for release: freezing their bytes, examining them, and asking for review. Taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from output_checking.domain.checks.files.examine import RULE_SET, Examined, examine
from output_checking.domain.names import require_names, require_texts
from output_checking.domain.states import State
from output_checking.presenters import RequestView
from output_checking.service.cases import Case, change_state, lock_case, require_version
from output_checking.service.desk import MOST_BYTES_OF_A_FILE, OutputsDesk
from output_checking.service.presenting import present
from output_checking.shelf import Staged, receiving
from output_checking.tables import FileRow, FindingRow, RequestRow, RoundRow
from tre.kernel.authz import Action
from tre.kernel.errors import TooLarge
from tre.kernel.facts import RequestFacts
from tre.kernel.ids import new_id
from tre.plumbing.unit_of_work import Context, Unit


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as handed in: the name that the researcher gave it and a stream of its bytes, at its beginning."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A file received: frozen bytes and what the rules found."""

    name: str
    staged: Staged
    examined: Examined


def submit_request(
    ctx: Context, desk: OutputsDesk, *, project_id: str, title: str, context: str, uploads: Sequence[Upload]
) -> RequestView:
    """Ask for the release of files: their bytes are copied to the shelf now, and the automatic findings made.

    Args:
        ctx: who asks.
        desk: shelf and ports.
        project_id: the project they belong to.
        title: what the files are, one line.
        context: what they show and how small numbers were dealt with.
        uploads: 1 to 50 files.

    Raises:
        Invalid: a name, the title or the context cannot be accepted.
        TooLarge: more bytes than accepted.
        NotPermitted: not a member, or the project is not approved.
    """
    require_names([one.name for one in uploads])
    require_texts(title=title, context=context)
    with receiving(desk.shelf) as staged:
        handed_in = _receive(ctx, desk, uploads, staged=staged)
        with ctx.begin() as unit:
            project = desk.projects.brief(unit, project_id)
            facts = RequestFacts(
                project_id=project_id,
                project_state=project.state,
                requester_id=ctx.actor.person_id,
                members=project.members,
                release_right=project.release_right,
            )
            unit.check(Action.OUTPUTS_REQUEST_SUBMIT, facts)
            row = _new_request(unit, project_id, title=title.strip())
            _add_round(unit, desk, row, context=context.strip(), handed_in=handed_in)
            return present(unit, desk, lock_case(unit, desk, row.id))


def submit_again(
    ctx: Context, desk: OutputsDesk, request_id: str, *, title: str, context: str, uploads: Sequence[Upload]
) -> RequestView:
    """Hand in a new version of a request that was returned or blocked; arguments and errors as for `submit_request`.

    What was altered on the shelf stays there as evidence, set aside; the new version is examined and reviewed from the beginning.

    Raises:
        IllegalMove: the request is not with the researcher.
    """
    require_names([one.name for one in uploads])
    require_texts(title=title, context=context)
    with receiving(desk.shelf) as staged:
        handed_in = _receive(ctx, desk, uploads, staged=staged)
        with ctx.begin() as unit:
            case = lock_case(unit, desk, request_id)
            unit.check(Action.OUTPUTS_REQUEST_SUBMIT, case.facts)
            _leave_behind(unit, case)
            change_state(unit, case, "submit_again")
            case.row.title, case.row.round = title.strip(), case.row.round + 1
            _add_round(unit, desk, case.row, context=context.strip(), handed_in=handed_in)
            unit.session.expire(case.row)
            return present(unit, desk, lock_case(unit, desk, request_id))


def withdraw_request(ctx: Context, desk: OutputsDesk, request_id: str, *, version: int | None) -> RequestView:
    """Take a request back before it is decided, or when it is blocked; `version` is of the request as it was looked at.

    Raises:
        Conflict: it has changed since.
        NotPermitted: it is somebody else's.
        IllegalMove: it is decided.
    """
    with ctx.begin() as unit:
        case = lock_case(unit, desk, request_id)
        unit.check(Action.OUTPUTS_REQUEST_WITHDRAW, case.facts)
        require_version(case, version)
        change_state(unit, case, "withdraw")
        case.round.closed_at, case.round.outcome = unit.now, "withdraw"
        views = {vote.id: vote.view for vote in case.round.votes}
        unit.record(
            "outputs.request.withdrawn", subject=request_id, project=case.row.project_id, detail={"views": views}
        )
        return present(unit, desk, case)


def _leave_behind(unit: Unit, case: Case) -> None:
    """Close the version with the altered file, so that what was said on it can be read, and record what it was."""
    if case.is_intact and case.row.state != State.BLOCKED:
        return
    if case.round.closed_at is None:
        case.round.closed_at, case.round.outcome = unit.now, "block"
    detail = {
        "round": case.row.round,
        "altered": [one.sha256 for one in case.altered],
        "views": {vote.id: vote.view for vote in case.round.votes},
    }
    unit.record("outputs.request.reopened", subject=case.row.id, project=case.row.project_id, detail=detail)


def _receive(ctx: Context, desk: OutputsDesk, uploads: Sequence[Upload], *, staged: list[Staged]) -> list[HandedIn]:
    handed_in, left = [], ctx.config.upload_bytes
    for one in uploads:
        if left <= 0:
            raise TooLarge(_too_much(ctx), code="outputs.request.too_large")
        arrived = desk.shelf.receive(one.stream, most=min(left, MOST_BYTES_OF_A_FILE), name=one.name)
        staged.append(arrived)
        left -= arrived.size
        examined = examine(one.name, arrived.path.read_bytes(), threshold=ctx.config.risk_threshold)
        handed_in.append(HandedIn(name=one.name, staged=arrived, examined=examined))
    return handed_in


def _too_much(ctx: Context) -> str:
    return (
        f"The files together are larger than the {ctx.config.upload_bytes / 1024**2:.0f} MiB accepted: hand in fewer."
    )


def _new_request(unit: Unit, project_id: str, *, title: str) -> RequestRow:
    row = RequestRow(
        id=new_id("r", length=8),
        project_id=project_id,
        requester_id=unit.actor.person_id,
        title=title,
        state="submitted",
        round=1,
        version=1,
        submitted_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _add_round(unit: Unit, desk: OutputsDesk, row: RequestRow, *, context: str, handed_in: Sequence[HandedIn]) -> None:
    present_round = RoundRow(
        request_id=row.id,
        number=row.round,
        context=context,
        rule_set=RULE_SET,
        threshold=unit.config.risk_threshold,
        submitted_by=unit.actor.person_id,
        submitted_at=unit.now,
        files=[_file_row(row, place, one) for place, one in enumerate(handed_in, start=1)],
    )
    unit.session.add(present_round)
    unit.session.flush()
    # last, when nothing else can fail: what is on the shelf is in the records
    aside = [name for one in handed_in if (name := desk.shelf.keep(one.staged))]
    if aside:
        unit.record("outputs.file.set_aside", subject=row.id, project=row.project_id, detail={"altered": aside})
    detail = {
        "round": row.round,
        "sha256": [one.staged.sha256 for one in handed_in],
        "findings": [finding.rule for one in handed_in for finding in one.examined.findings][:100],
    }
    unit.record("outputs.request.submitted", subject=row.id, project=row.project_id, detail=detail)


def _file_row(row: RequestRow, place: int, one: HandedIn) -> FileRow:
    return FileRow(
        id=new_id("f", length=10),
        request_id=row.id,
        round=row.round,
        position=place,
        name=one.name,
        kind=one.examined.kind,
        size=one.staged.size,
        sha256=one.staged.sha256,
        findings=[
            FindingRow(
                position=number,
                severity=finding.severity,
                rule=finding.rule,
                sentence=finding.sentence,
                remedy=finding.remedy,
                row=finding.row,
                column=finding.column,
                figures=dict(finding.figures),
            )
            for number, finding in enumerate(one.examined.findings, start=1)
        ],
    )
