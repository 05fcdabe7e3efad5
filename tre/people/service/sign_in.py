"""Owns sign-in sessions: opened for whom the provider vouches, looked up at every request, ended, and all of it recorded.

No decision of the policy stands before a sign-in (there is no actor yet); who is let in is said here: a known form of
name, a second factor, the same account as before, not stopped. Must never store the id that is in the cookie.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tre.kernel.actor import Actor
from tre.kernel.errors import NotPermitted, TreError
from tre.kernel.events import Event
from tre.kernel.ids import is_person_id
from tre.people.domain.sign_in import IDLE, SEEN_AGAIN_AFTER, ProvenPerson, is_live
from tre.people.ports import ProjectsOf
from tre.people.tables import PersonRow, RoleRow, SignInRow
from tre.plumbing.audit_table import append
from tre.plumbing.db import SessionMaker, read_only
from tre.plumbing.unit_of_work import Context

ID_BYTES = 32
LEAVING = timedelta(minutes=5)
_NO_SECOND_FACTOR = "You signed in with one factor. Here a second one is needed: set one up where your account is kept, then sign in again."
_STOPPED = "Your access was stopped. Ask the people who run this service why."
_OTHER_ACCOUNT = "This name belongs to another account. Sign in with the account you used before, or ask for help."
_NO_NAME = (
    "Your account has no name that can be used here. Ask the people who run this service to look at its settings."
)


def open_session(ctx: Context, proven: ProvenPerson) -> str:
    """Open a session for a proven person; return the opaque id for the cookie. The first one makes the person known.

    Raises:
        NotPermitted: who is proven is not let in; recorded with the reason.
    """
    try:
        return _open(ctx, proven)
    except NotPermitted as refusal:
        record_refusal(ctx, refusal, person_id=proven.person_id if is_person_id(proven.person_id) else "")
        raise


def record_refusal(ctx: Context, refusal: TreError, *, person_id: str = "") -> None:
    """Record that somebody was not let in, and why."""
    _record(ctx, "people.session.refused", person_id=person_id, detail={"reason": refusal.code})


def actor_of_session(
    sessions: SessionMaker, sid: str, *, now: datetime, longest: timedelta, projects_of: ProjectsOf
) -> Actor | None:
    """Return who holds the session `sid`; None when it is unknown, ended, too old or idle too long.

    Args:
        sessions: maker of database sessions.
        sid: the opaque id from the cookie.
        now: the present moment.
        longest: how long a session may live in all.
        projects_of: the projects that a person is a member of.
    """
    with sessions() as session:
        row = read_only(session).get(SignInRow, _key(sid))
        if (
            row is None
            or row.ended_at
            or not is_live(opened_at=row.opened_at, seen_at=row.seen_at, now=now, longest=longest)
        ):
            return None
        person = session.get_one(PersonRow, row.person_id)
        if not person.is_active:
            return None
        actor = Actor(
            person_id=person.id,
            name=person.name,
            roles=frozenset(one.role for one in person.roles),
            member_of=projects_of(session, person.id),
            session_id=row.id[:16],
        )
        seen_at = row.seen_at
    if now - seen_at > SEEN_AGAIN_AFTER:
        _see_again(sessions, sid, now)
    return actor


def close_session(ctx: Context, sid: str) -> str:
    """End a session; return what `take_id_token` wants for signing out at the provider, empty when there was none."""
    with ctx.sessions() as session:
        row = session.get(SignInRow, _key(sid), with_for_update=True)
        if row is None or row.ended_at:
            return ""
        row.ended_at = ctx.clock.now()
        append(session, [(_closed(row, row.ended_at, why="signed out"), None)])
        session.commit()
        return row.id


def close_lapsed_sessions(sessions: SessionMaker, *, now: datetime, longest: timedelta) -> int:
    """End and record every session that is too old or was idle too long; return how many. Asked of the timer."""
    with sessions() as session:
        if not read_only(session).scalars(_lapsed(now, longest).limit(1)).first():
            return 0
    with sessions() as session:
        rows = session.scalars(_lapsed(now, longest).with_for_update()).all()
        for row in rows:
            row.ended_at, row.id_token = now, ""
        if rows:
            append(session, [(_closed(row, now, why="lapsed"), None) for row in rows])
        session.commit()
        return len(rows)


def take_id_token(ctx: Context, leaving: str) -> str:
    """Return the id_token of a session that was ended just now, once; empty when there is none."""
    with ctx.sessions() as session:
        row = session.get(SignInRow, leaving, with_for_update=True)
        if row is None or row.ended_at is None or ctx.clock.now() - row.ended_at > LEAVING:
            return ""
        id_token, row.id_token = row.id_token, ""
        session.commit()
        return id_token


def _open(ctx: Context, proven: ProvenPerson) -> str:
    if proven.strength != ctx.config.mfa_acr:
        raise NotPermitted(("people.sign_in.second_factor_missing",), sentences=(_NO_SECOND_FACTOR,))
    if not is_person_id(proven.person_id):
        raise NotPermitted(("people.sign_in.no_person_id",), sentences=(_NO_NAME,))
    now, sid = ctx.clock.now(), secrets.token_urlsafe(ID_BYTES)
    with ctx.sessions() as session:
        _ensure_person(ctx, session, proven)
        session.add(
            SignInRow(
                id=_key(sid),
                person_id=proven.person_id,
                opened_at=now,
                seen_at=now,
                ended_at=None,
                id_token=proven.id_token,
            )
        )
        opened = _event(ctx, "people.session.opened", person_id=proven.person_id, subject=_key(sid)[:16])
        append(session, [(opened, None)])
        session.commit()
    return sid


def _ensure_person(ctx: Context, session: Session, proven: ProvenPerson) -> None:
    """Make the person known, or refuse another account or a stopped person."""
    row = session.scalars(select(PersonRow).where(PersonRow.id == proven.person_id).with_for_update()).one_or_none()
    if row is None:
        row = PersonRow(
            id=proven.person_id, name=proven.name or proven.person_id, subject=proven.account, added_at=ctx.clock.now()
        )
        if ctx.config.first_role:
            row.roles.append(
                RoleRow(role=ctx.config.first_role, granted_by="system:sign-in", granted_at=ctx.clock.now())
            )
        session.add(row)
        append(session, [(_event(ctx, "people.person.added", person_id="system:sign-in", subject=row.id), None)])
    row.subject = row.subject or proven.account
    if row.subject != proven.account:
        raise NotPermitted(("people.sign_in.other_account",), sentences=(_OTHER_ACCOUNT,))
    if not row.is_active:
        raise NotPermitted(("people.person.stopped",), sentences=(_STOPPED,))
    row.name = proven.name or row.name


def _lapsed(now: datetime, longest: timedelta) -> Select[SignInRow]:
    too_old, too_idle = SignInRow.opened_at <= now - longest, SignInRow.seen_at <= now - IDLE
    return select(SignInRow).where(SignInRow.ended_at.is_(None), or_(too_old, too_idle)).order_by(SignInRow.id)


def _closed(row: SignInRow, at: datetime, *, why: str) -> Event:
    return Event(name="people.session.closed", at=at, person_id=row.person_id, subject=row.id[:16], detail={"why": why})


def _see_again(sessions: SessionMaker, sid: str, now: datetime) -> None:
    with sessions() as session:
        row = session.get(SignInRow, _key(sid), with_for_update=True)
        if row is not None:
            row.seen_at = max(row.seen_at, now)
            session.commit()


def _record(ctx: Context, name: str, *, person_id: str, detail: dict[str, str]) -> None:
    with ctx.sessions() as session:
        append(session, [(_event(ctx, name, person_id=person_id, detail=detail), None)])
        session.commit()


def _event(
    ctx: Context, name: str, *, person_id: str, subject: str = "", detail: dict[str, str] | None = None
) -> Event:
    return Event(name=name, at=ctx.clock.now(), person_id=person_id, subject=subject, detail=detail or {})


def _key(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()
