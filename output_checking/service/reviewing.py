"""A checker's view, and what follows from it: release happens in the transaction of the vote that completes it."""

import hashlib
import json

from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.review import Outcome, View, outcome
from output_checking.domain.states import REQUEST, State
from output_checking.presenters import RequestView
from output_checking.service.cases import Case, act_on_case, change_state, require_version
from output_checking.service.desk import OutputsDesk
from output_checking.service.presenting import blocking_sentences, opened_by_actor, present
from output_checking.service.releasing import release
from output_checking.tables import VoteRow
from tre.kernel.authz import Action, Decision
from tre.kernel.errors import Invalid, NotPermitted
from tre.kernel.ids import new_id
from tre.plumbing.unit_of_work import Context, Unit

LONGEST_COMMENT = 5000
_PAST = {Outcome.RELEASE: "released", Outcome.RETURN: "returned", Outcome.REFUSE: "refused"}


def vote(
    ctx: Context, desk: OutputsDesk, request_id: str, *, view: str, comment: str, version: int | None
) -> RequestView:
    """Give one's view of a request; the view that completes the round closes it, and releases the files if all agree.

    Args:
        ctx: the checker.
        desk: shelf and ports.
        request_id: the request.
        view: approve, changes or refuse.
        comment: the reason; needed for changes, for a refusal, and for an approval over a warning. An approval also needs
            that the checker has opened every file.
        version: of the request that the checker was looking at.

    Raises:
        NotPermitted: not a checker, of the project, own request, voted already, not in review.
        Invalid: on `view` or `comment`.
        Conflict: the request has changed since it was looked at.
        Altered: a file on the shelf is not what was submitted; the request is blocked.
    """

    def cast(unit: Unit, case: Case) -> RequestView:
        decision = unit.check(Action.OUTPUTS_REVIEW_VOTE, case.facts)
        _require_other_person(unit, case)
        require_version(case, version)
        given = _accepted(unit, case, view, comment=comment)
        _add(unit, case, given, comment=comment.strip())
        _close_if_complete(unit, desk, case, decision=decision)
        return present(unit, desk, case)

    return act_on_case(ctx, desk, request_id, cast)


def _require_other_person(unit: Unit, case: Case) -> None:
    # The one deliberate double of a rule in Rego: nobody approves their own output, whatever the policy says.
    if unit.actor.person_id in {case.row.requester_id, *case.project.members}:
        reason = "outputs.review.own_project"
        raise NotPermitted([reason], sentences=[unit.gate.sentence(reason)])


def _accepted(unit: Unit, case: Case, view: str, *, comment: str) -> View:
    if view not in set(View):
        raise Invalid({"view": "Choose what should happen: approve, ask for changes, or refuse."})
    given, reason = View(view), comment.strip()
    if given is View.APPROVE and (against := blocking_sentences(case)):
        raise Invalid(
            {"view": " ".join((*against, "Ask for changes, or refuse."))}, code="outputs.review.blocked_by_finding"
        )
    if given is View.APPROVE and (unseen := _unseen(unit, case)):
        raise Invalid(
            {"view": f"Open every file before you approve. Not opened yet: {unseen}."},
            code="outputs.review.not_looked_at",
        )
    if len(reason) > LONGEST_COMMENT:
        raise Invalid({"comment": f"Use at most {LONGEST_COMMENT:,} characters: this has {len(reason):,}."})
    if not reason and given is not View.APPROVE:
        raise Invalid({"comment": "Tell the researcher what has to change, or why it cannot be released."})
    if not reason and _has_warnings(case):
        raise Invalid({"comment": "There are warnings: write why it can be released all the same."})
    return given


def _unseen(unit: Unit, case: Case) -> str:
    opened = opened_by_actor(unit, case)
    return ", ".join(f"'{file.name}'" for file in case.round.files if file.id not in opened)


def _has_warnings(case: Case) -> bool:
    return any(one.severity == Severity.WARN for file in case.round.files for one in file.findings)


def _add(unit: Unit, case: Case, given: View, *, comment: str) -> None:
    if case.row.state == State.SUBMITTED:
        # not `change_state`: that a first colleague has voted makes nobody's open form stale
        case.row.state, case.row.changed_at = REQUEST.after(case.row.state, "begin_review"), unit.now
    row = VoteRow(
        id=new_id("v", length=16),
        request_id=case.row.id,
        round=case.row.round,
        position=len(case.round.votes) + 1,
        person_id=unit.actor.person_id,
        view=given,
        comment=comment,
        at=unit.now,
    )
    case.round.votes.append(row)
    unit.session.flush()
    # The record holds a seal of the view, not the view: a reader of the record is blind too until the round is closed.
    detail = {"round": case.row.round, "vote": row.id, "sealed": sealed(row)}
    unit.record("outputs.review.voted", subject=case.row.id, project=case.row.project_id, detail=detail)


def sealed(row: VoteRow) -> str:
    """Return the SHA-256 (hex) of a vote: with it, the record shows later that the vote was not changed."""
    fields = [row.id, row.request_id, row.round, row.person_id, row.view, row.comment]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


def _close_if_complete(unit: Unit, desk: OutputsDesk, case: Case, *, decision: Decision) -> None:
    views = [View(one.view) for one in case.round.votes]
    result = outcome(views, needed=unit.config.approvals_needed)
    if result is Outcome.UNDECIDED:
        return
    change_state(unit, case, result)
    case.round.closed_at, case.round.outcome = unit.now, result
    detail = {"round": case.row.round, "views": {one.person_id: one.view for one in case.round.votes}}
    if result is Outcome.RELEASE:
        made = release(unit, desk, case, decision=decision)
        detail |= {"release": made.id, "sha256": [one.sha256 for one in case.round.files]}
    unit.record(f"outputs.request.{_PAST[result]}", subject=case.row.id, project=case.row.project_id, detail=detail)
