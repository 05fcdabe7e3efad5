"""Owns re-identification up to the answer: asked by one, approved by another, told to nobody here.

The answer is written by the broker into a file of its own; no function here ever has it in hand, nor does a record.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from tre.data.disclosure_tables import ReidentificationRow
from tre.data.domain.disclosure import REIDENTIFICATION, Wanted
from tre.data.domain.pseudonym import PSEUDONYM_PATTERN
from tre.data.service.ending import end_job
from tre.data.service.jobs import REIDENTIFY
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid, NotFound
from tre.kernel.facts import ReidentificationFacts
from tre.kernel.ids import new_id
from tre.kernel.patterns import find_nhs_numbers
from tre.plumbing import jobs
from tre.plumbing.db import read_only
from tre.plumbing.jobs import Claim
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import facts_of

DAY = timedelta(days=1)
LEAST_REASON = 20
MOST_CASE, MOST_REASON = 60, 2000
_ENDED = ("answered", "read", "failed")


def ask(ctx: Context, project_id: str, *, pseudonym: str, case_number: str, reason: str) -> str:
    """Ask who is behind a project's pseudonym; return the request's id.

    Raises:
        NotFound: there is no such project.
        NotPermitted: the actor is neither custodian nor admin at the broker's command line, or it is too many in a day.
        Invalid: it is no person's pseudonym, or case number or reason are missing, or hold an NHS number.
    """
    _require_words(pseudonym, case_number, reason)
    with ctx.begin() as unit:
        row = ReidentificationRow(
            id=new_id("ri", length=10),
            project_id=project_id,
            pseudonym=pseudonym,
            case_number=case_number.strip(),
            reason=reason.strip(),
            state=REIDENTIFICATION.first,
            asked_by=ctx.actor.person_id,
            approved_by="",
            asked_at=unit.now,
        )
        unit.check(Action.DATA_REIDENTIFICATION_ASK, _facts(unit, row, lately=_asked_lately(unit, row)))
        unit.session.add(row)
        detail = {"case": row.case_number, "reason": row.reason}
        unit.record("data.reidentification.asked", subject=row.id, project=project_id, detail=detail)
        return row.id


def approve(ctx: Context, request_id: str) -> None:
    """Approve a request, as the second person; the broker then answers it.

    Raises:
        NotPermitted: the actor asked for it, is of the project, is neither custodian nor admin, or it is too many in a day.
        IllegalMove: it is not waiting for approval.
        Conflict: it has waited longer than `reidentification_days`.
    """
    with ctx.begin() as unit:
        row = _locked(unit, request_id)
        unit.check(Action.DATA_REIDENTIFICATION_APPROVE, _facts(unit, row, lately=_asked_lately(unit, row)))
        _require_in_time(unit, row.asked_at)
        row.state = REIDENTIFICATION.after(row.state, "approve")
        row.approved_by, row.approved_at = ctx.actor.person_id, unit.now
        jobs.enqueue(unit.session, REIDENTIFY, subject=row.id, payload={"request": row.id}, now=unit.now)
        detail = {"case": row.case_number, "asked_by": row.asked_by}
        unit.record("data.reidentification.approved", subject=row.id, project=row.project_id, detail=detail)


def refuse(ctx: Context, request_id: str) -> None:
    """Say no to a request, or take one's own back.

    Raises:
        NotPermitted: the actor is neither custodian nor admin.
        IllegalMove: it is answered already.
    """
    with ctx.begin() as unit:
        row = _locked(unit, request_id)
        unit.check(Action.DATA_REIDENTIFICATION_REFUSE, _facts(unit, row, lately=0))
        row.state, row.ended_at = REIDENTIFICATION.after(row.state, "refuse"), unit.now
        unit.record("data.reidentification.turned_down", subject=row.id, project=row.project_id)


def note_read(ctx: Context, request_id: str) -> None:
    """Record that the actor is about to read the answer: once, by one of the two.

    Raises:
        NotPermitted: the actor neither asked nor approved.
        IllegalMove: there is no answer, or it was read.
        Conflict: the answer has waited longer than `reidentification_days`.
    """
    with ctx.begin() as unit:
        row = _locked(unit, request_id)
        unit.check(Action.DATA_REIDENTIFICATION_READ, _facts(unit, row, lately=0))
        _require_in_time(unit, row.ended_at)
        row.state = REIDENTIFICATION.after(row.state, "read")
        detail = {"case": row.case_number}
        unit.record("data.reidentification.read", subject=row.id, project=row.project_id, detail=detail)


def list_requests(ctx: Context) -> Sequence[ReidentificationRow]:
    """Return every request, the newest first."""
    with ctx.begin() as unit:
        unit.check(Action.DATA_REIDENTIFICATION_VIEW, ReidentificationFacts())
        rows = unit.session.scalars(select(ReidentificationRow).order_by(ReidentificationRow.asked_at.desc())).all()
        unit.record("data.reidentification.listed", detail={"rows": len(rows)})
        return rows


def take_up(ctx: Context, held: Claim) -> Wanted:
    """Return what the broker is to turn back, after asking once more whether it may.

    Raises:
        NotPermitted: not two persons, the second of the project by now, or too many were answered in a day.
        IllegalMove: it was refused or answered.
    """
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["request"])
        REIDENTIFICATION.after(row.state, "answer")
        unit.check(Action.DATA_REIDENTIFICATION_ANSWER, _facts(unit, row, lately=_answered_lately(unit, row)))
        unit.record("data.reidentification.started", subject=row.id, project=row.project_id)
        used = select(SnapshotRow.key_version).where(SnapshotRow.project_id == row.project_id).distinct()
        versions = tuple(sorted(unit.session.scalars(used), reverse=True))
        return Wanted(request_id=row.id, project_id=row.project_id, pseudonym=row.pseudonym, key_versions=versions)


def finish(ctx: Context, held: Claim) -> None:
    """Record that the answer lies in the broker's file."""
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["request"])
        unit.check(Action.DATA_REIDENTIFICATION_ANSWER, _facts(unit, row, lately=_answered_lately(unit, row)))
        row.state, row.ended_at = REIDENTIFICATION.after(row.state, "answer"), unit.now
        end_job(unit, held)
        detail = {
            "case": row.case_number,
            "reason": row.reason,
            "asked_by": row.asked_by,
            "approved_by": row.approved_by,
        }
        unit.record("data.reidentification.answered", subject=row.id, project=row.project_id, detail=detail)


def fail(ctx: Context, held: Claim, why: str) -> None:
    """Record that there is no answer, and why; it counts towards the day's number all the same."""
    with ctx.begin() as unit:
        row = _locked(unit, held.payload["request"])
        unit.check(Action.DATA_REIDENTIFICATION_GIVE_UP, _facts(unit, row, lately=0))
        if REIDENTIFICATION.may_move(row.state, "fail"):
            row.state, row.ended_at, row.note = REIDENTIFICATION.after(row.state, "fail"), unit.now, why
        end_job(unit, held, why=why)
        detail = {"case": row.case_number, "why": why}
        unit.record("data.reidentification.failed", subject=row.id, project=row.project_id, detail=detail)


def end_lapsed(ctx: Context) -> tuple[str, ...]:
    """End the requests that nobody approved in time and the answers that nobody read; return the ids of all that have lapsed.

    The broker asks often, and removes what answers there are under these ids: one that was killed in between goes on with it.
    """
    over = _lapsing(ctx.clock.now() - timedelta(days=ctx.config.reidentification_days))
    with ctx.sessions() as session:
        is_due = read_only(session).scalars(over.limit(1)).first() is not None
    if is_due:
        with ctx.begin() as unit:
            for row in unit.session.scalars(over.with_for_update()).all():
                unit.check(Action.DATA_REIDENTIFICATION_GIVE_UP, _facts(unit, row, lately=0))
                was = row.state
                row.state, row.ended_at = REIDENTIFICATION.after(row.state, "lapse"), unit.now
                row.note = "Nobody read the answer in time." if was == "answered" else "Nobody approved it in time."
                detail = {"case": row.case_number, "was": was}
                unit.record("data.reidentification.lapsed", subject=row.id, project=row.project_id, detail=detail)
    with ctx.sessions() as session:
        wanted = select(ReidentificationRow.id).where(ReidentificationRow.state == "lapsed")
        return tuple(read_only(session).scalars(wanted))


def _lapsing(before: datetime) -> Select[ReidentificationRow]:
    row = ReidentificationRow
    unapproved = (row.state == "asked") & (row.asked_at < before)
    unread = (row.state == "answered") & (row.ended_at < before)
    return select(row).where(unapproved | unread).order_by(row.id)


def _require_in_time(unit: Unit, since: datetime | None) -> None:
    days = unit.config.reidentification_days
    if since is not None and since < unit.now - timedelta(days=days):
        sentence = f"This request has lapsed: it waited longer than {days} days. Ask anew."
        raise Conflict(sentence, code="data.reidentification.lapsed")


def _require_words(pseudonym: str, case_number: str, reason: str) -> None:
    wrong = {}
    if not re.fullmatch(PSEUDONYM_PATTERN, pseudonym) or not pseudonym.startswith("P"):
        wrong["pseudonym"] = "This has not the form of a person's pseudonym: P and 26 letters and digits."
    if not 0 < len(case_number.strip()) <= MOST_CASE:
        wrong["case_number"] = f"Give the case's number, at most {MOST_CASE} characters."
    if not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        wrong["reason"] = f"Give the reason, {LEAST_REASON} to {MOST_REASON} characters: it is kept for ever."
    if any(True for _ in find_nhs_numbers(f"{case_number}\n{reason}")):
        wrong["reason"] = (
            "An NHS number stands in the case number or the reason: leave it out, the record keeps it for ever."
        )
    if wrong:
        raise Invalid(wrong, code="data.reidentification.invalid")


def _locked(unit: Unit, request_id: str) -> ReidentificationRow:
    row = unit.session.get(ReidentificationRow, request_id, with_for_update=True)
    if row is None:
        raise NotFound(
            "There is no such request: list them to see their names.", code="data.reidentification.not_found"
        )
    return row


def _facts(unit: Unit, row: ReidentificationRow, *, lately: int) -> ReidentificationFacts:
    return ReidentificationFacts(
        project_id=row.project_id,
        members=facts_of(unit, row.project_id).members,
        asked_by=row.asked_by,
        approved_by=row.approved_by,
        asked_lately=lately,
        most_a_day=unit.config.reidentifications_a_day,
    )


def _asked_lately(unit: Unit, row: ReidentificationRow) -> int:
    asked = (ReidentificationRow.asked_at > unit.now - DAY) & (ReidentificationRow.state != "refused")
    return _most(unit, row, asked)


def _answered_lately(unit: Unit, row: ReidentificationRow) -> int:
    since: datetime = unit.now - DAY
    return _most(unit, row, (ReidentificationRow.ended_at > since) & ReidentificationRow.state.in_(_ENDED))


def _most(unit: Unit, row: ReidentificationRow, lately: ColumnElement[bool]) -> int:
    """Return how many others there were for this project or by this person, whichever is more."""
    counts = [
        unit.session.scalar(
            select(func.count()).select_from(ReidentificationRow).where(lately, same, ReidentificationRow.id != row.id)
        )
        for same in (
            ReidentificationRow.project_id == row.project_id,
            ReidentificationRow.asked_by == row.asked_by,
        )
    ]
    return max(one or 0 for one in counts)
