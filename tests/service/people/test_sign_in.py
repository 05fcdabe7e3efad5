"""Sign-in sessions: opened, looked up, ended, and refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tests.fixtures.context import MakeContext
from tre.kernel.actor import Actor
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted
from tre.people.domain.sign_in import ProvenPerson
from tre.people.service.sign_in import (
    actor_of_session,
    close_lapsed_sessions,
    close_session,
    open_session,
    take_id_token,
)
from tre.people.tables import PersonRow, RoleRow, SignInRow
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context

PROVEN = ProvenPerson(
    person_id="amina", account="https://idp 1", name="Amina Okafor", strength="urn:tre:mfa", id_token="the.id.token"
)
Demo = Callable[[str], Context]


@pytest.fixture
def nobody(demo: Demo, context_of: MakeContext) -> Context:
    return replace(context_of(""), actor=Actor(person_id="", proved_by="nobody"))


@pytest.fixture
def who(sessions: sessionmaker[Session], clock: SetClock) -> Callable[[str], Actor | None]:
    def look_up(sid: str) -> Actor | None:
        return actor_of_session(
            sessions,
            sid,
            now=clock.now(),
            longest=timedelta(hours=8),
            projects_of=lambda _s, _p: frozenset({"p-aaaaaa"}),
        )

    return look_up


def test_a_session_names_its_person(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]
) -> None:
    sid = open_session(nobody, PROVEN)
    actor = who(sid)
    assert actor is not None
    assert (actor.person_id, *actor.roles, *actor.member_of) == ("amina", "researcher", "p-aaaaaa")
    (opened,) = events_named(sessions, "people.session.opened")
    assert opened.person_id == "amina"
    assert opened.subject == actor.session_id


def test_the_id_in_the_cookie_is_not_stored(nobody: Context, sessions: sessionmaker[Session]) -> None:
    sid = open_session(nobody, PROVEN)
    with sessions() as session:
        stored = session.scalars(select(SignInRow.id)).all()
    assert sid not in stored
    assert all(sid not in event.subject for event in events_named(sessions, "people.session.opened"))


@pytest.mark.parametrize("sid", ["", "x", "0" * 64])
def test_unknown_ids(nobody: Context, who: Callable[[str], Actor | None], sid: str) -> None:
    open_session(nobody, PROVEN)
    assert who(sid) is None


def test_a_key_from_the_table_opens_nothing(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]
) -> None:
    open_session(nobody, PROVEN)
    with sessions() as session:
        key = session.scalars(select(SignInRow.id)).one()
    assert who(key) is None


def test_idle_for_an_hour_ends_it(nobody: Context, who: Callable[[str], Actor | None], clock: SetClock) -> None:
    sid = open_session(nobody, PROVEN)
    for _ in range(4):
        clock.move(timedelta(minutes=50))
        assert who(sid) is not None
    clock.move(timedelta(minutes=60))
    assert who(sid) is None


def test_eight_hours_end_it_however_busy(nobody: Context, who: Callable[[str], Actor | None], clock: SetClock) -> None:
    sid = open_session(nobody, PROVEN)
    for _ in range(15):
        clock.move(timedelta(minutes=31))
        assert who(sid) is not None
    clock.move(timedelta(minutes=30))
    assert who(sid) is None


def test_closing_ends_it_at_once(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]
) -> None:
    sid, other = open_session(nobody, PROVEN), open_session(nobody, PROVEN)
    leaving = close_session(nobody, sid)
    assert who(sid) is None
    assert who(other) is not None
    assert close_session(nobody, sid) == ""
    assert len(events_named(sessions, "people.session.closed")) == 1
    assert take_id_token(nobody, leaving) == "the.id.token"
    assert take_id_token(nobody, leaving) == "", "it is given once"


def test_what_lapsed_is_ended_and_recorded(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session], clock: SetClock
) -> None:
    idle = open_session(nobody, PROVEN)
    clock.move(timedelta(minutes=59))
    busy = open_session(nobody, PROVEN)
    longest = timedelta(hours=8)
    assert close_lapsed_sessions(sessions, now=clock.now(), longest=longest) == 0
    clock.move(timedelta(minutes=1))
    assert close_lapsed_sessions(sessions, now=clock.now(), longest=longest) == 1
    assert close_lapsed_sessions(sessions, now=clock.now(), longest=longest) == 0
    assert who(idle) is None
    assert who(busy) is not None
    (event,) = events_named(sessions, "people.session.closed")
    assert (event.person_id, detail_of(event)) == ("amina", {"why": "lapsed"})


def test_no_id_token_of_a_session_that_lives_or_ended_long_ago(nobody: Context, clock: SetClock) -> None:
    sid = open_session(nobody, PROVEN)
    assert take_id_token(nobody, "no such key") == ""
    leaving = close_session(nobody, sid)
    clock.move(timedelta(minutes=6))
    assert take_id_token(nobody, leaving) == ""


def test_a_withdrawn_role_is_gone_at_the_next_request(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]
) -> None:
    sid = open_session(nobody, PROVEN)
    with sessions() as session:
        session.execute(delete(RoleRow).where(RoleRow.person_id == "amina"))
        session.commit()
    actor = who(sid)
    assert actor is not None
    assert actor.roles == frozenset()


@pytest.mark.parametrize(
    ("proven", "reason"),
    [
        (replace(PROVEN, strength="urn:tre:pwd"), "people.sign_in.second_factor_missing"),
        (replace(PROVEN, strength=""), "people.sign_in.second_factor_missing"),
        (replace(PROVEN, person_id=""), "people.sign_in.no_person_id"),
        (replace(PROVEN, person_id="../../etc"), "people.sign_in.no_person_id"),
        (replace(PROVEN, person_id="Amina.localhost"), "people.sign_in.no_person_id"),
    ],
)
def test_who_is_not_let_in(nobody: Context, sessions: sessionmaker[Session], proven: ProvenPerson, reason: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        open_session(nobody, proven)
    assert refused.value.code == reason
    (event,) = events_named(sessions, "people.session.refused")
    assert detail_of(event) == {"reason": reason}
    assert events_named(sessions, "people.session.opened") == []


def test_another_account_under_a_known_name(nobody: Context, sessions: sessionmaker[Session]) -> None:
    open_session(nobody, PROVEN)
    with pytest.raises(NotPermitted) as refused:
        open_session(nobody, replace(PROVEN, account="https://idp 2"))
    assert refused.value.code == "people.sign_in.other_account"
    assert len(events_named(sessions, "people.session.opened")) == 1


def test_a_stopped_person(nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]) -> None:
    sid = open_session(nobody, PROVEN)
    with sessions() as session:
        session.get_one(PersonRow, "amina").is_active = False
        session.commit()
    assert who(sid) is None
    with pytest.raises(NotPermitted) as refused:
        open_session(nobody, PROVEN)
    assert refused.value.code == "people.person.stopped"


def test_the_first_sign_in_makes_a_person_known_without_a_role(
    nobody: Context, who: Callable[[str], Actor | None], sessions: sessionmaker[Session]
) -> None:
    sid = open_session(nobody, replace(PROVEN, person_id="zoe", account="https://idp 9", name="Zoe New"))
    actor = who(sid)
    assert actor is not None
    assert (actor.name, actor.roles) == ("Zoe New", frozenset())
    assert events_named(sessions, "people.person.added")[-1].subject == "zoe"


def test_the_first_role_is_a_setting(nobody: Context, who: Callable[[str], Actor | None], config: Config) -> None:
    lenient = replace(nobody, config=config.model_copy(update={"first_role": "researcher"}))
    actor = who(open_session(lenient, replace(PROVEN, person_id="zoe", account="https://idp 9")))
    assert actor is not None
    assert actor.roles == {"researcher"}
