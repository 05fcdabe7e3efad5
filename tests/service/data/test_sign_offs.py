"""A version is used only with two persons' sign-offs; nobody gives both, and what is refused leaves what was in use in use."""

import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.loaded import SEED
from tests.fixtures.broker import Broker, sign_off
from tre.data import service as data
from tre.data.domain.states import VERSION
from tre.data.tables import DatasetRow, DatasetVersionRow
from tre.kernel.errors import IllegalMove, Invalid, NotFound, NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]
SMALL = data.Origin(kind="made", seed=SEED, size=500)


@pytest.fixture
def waiting(broker: Broker, as_person: As) -> str:
    """A version that gwen loaded and nobody has signed."""
    data.order_load(as_person("gwen"), "hospital", SMALL)
    broker.work()
    (one,) = data.list_versions(as_person("farah")).versions
    return one.version


def state(sessions: sessionmaker[Session], version: str) -> str:
    with sessions() as session:
        return session.get_one(DatasetVersionRow, ("hospital", version)).state


def in_use(sessions: sessionmaker[Session]) -> str:
    with sessions() as session:
        return session.get_one(DatasetRow, "hospital").current_version


def test_two_sign_offs_put_it_into_use(
    waiting: str, as_person: As, sessions: sessionmaker[Session], broker: Broker
) -> None:
    assert (state(sessions, waiting), in_use(sessions)) == ("loaded", "")
    assert data.sign_version(as_person("gwen"), "hospital", waiting) == "signed"
    assert in_use(sessions) == ""
    assert data.accept_version(as_person("farah"), "hospital", waiting) == "in_use"
    assert in_use(sessions) == waiting
    with sessions() as session:
        names = list(session.scalars(select(AuditRow.name).order_by(AuditRow.number)))
    assert [one for one in names if one.startswith("data.version.")] == [
        "data.version.listed",
        "data.version.signed",
        "data.version.accepted",
    ]


def test_only_who_loaded_it_signs_first(waiting: str, as_person: As) -> None:
    for person in ("amina", "cara", "farah", "olga", "system:broker"):
        with pytest.raises(NotPermitted) as caught:
            data.sign_version(as_person(person), "hospital", waiting)
        assert "data.version.not_loader" in caught.value.reasons


def test_nobody_gives_both(waiting: str, as_person: As) -> None:
    data.sign_version(as_person("gwen"), "hospital", waiting)
    for act in (data.sign_version, data.accept_version):
        with pytest.raises(NotPermitted):
            act(as_person("gwen"), "hospital", waiting)


def test_only_a_custodian_or_an_admin_accepts(waiting: str, as_person: As) -> None:
    data.sign_version(as_person("gwen"), "hospital", waiting)
    for person in ("amina", "cara", "system:broker", "system:command-line"):
        with pytest.raises(NotPermitted) as caught:
            data.accept_version(as_person(person), "hospital", waiting)
        assert caught.value.reasons == ("data.version.not_responsible",)
    assert data.accept_version(as_person("olga"), "hospital", waiting) == "in_use"  # another dataset's custodian


def test_nothing_is_accepted_before_the_loader_has_signed(waiting: str, as_person: As) -> None:
    with pytest.raises(IllegalMove, match="This dataset version is loaded, so it cannot accept"):
        data.accept_version(as_person("farah"), "hospital", waiting)


def test_a_refusal_has_a_reason_and_changes_nothing_that_is_in_use(
    waiting: str, as_person: As, sessions: sessionmaker[Session], broker: Broker
) -> None:
    sign_off(as_person)
    data.order_load(as_person("gwen"), "hospital", dataclasses.replace(SMALL, size=300))
    broker.work()
    newer = next(one.version for one in data.list_versions(as_person("farah")).versions if one.state == "loaded")
    with pytest.raises(Invalid, match="why this version must not be used"):
        data.refuse_version(as_person("farah"), "hospital", newer, " ")
    data.sign_version(as_person("gwen"), "hospital", newer)
    data.refuse_version(as_person("gwen"), "hospital", newer, "The wrong year.")
    assert (state(sessions, newer), in_use(sessions)) == ("refused", waiting)
    view = data.view_version(as_person("farah"), "hospital", newer)
    assert [(one.verdict, one.reason) for one in view.words] == [("refused", "The wrong year.")]
    assert view.may == frozenset()


def test_the_same_bytes_after_a_refusal_need_both_sign_offs_anew(
    waiting: str, as_person: As, sessions: sessionmaker[Session], broker: Broker
) -> None:
    data.sign_version(as_person("gwen"), "hospital", waiting)
    data.refuse_version(as_person("farah"), "hospital", waiting, "A second look is needed.")
    data.order_load(as_person("gwen"), "hospital", SMALL)
    broker.work()
    assert state(sessions, waiting) == "loaded"
    assert data.view_version(as_person("farah"), "hospital", waiting).words == ()
    sign_off(as_person)
    assert state(sessions, waiting) == "in_use"


def test_another_version_supersedes_it_and_shows_what_has_moved(
    waiting: str, as_person: As, sessions: sessionmaker[Session], broker: Broker
) -> None:
    sign_off(as_person)
    data.order_load(as_person("gwen"), "hospital", dataclasses.replace(SMALL, size=1_500))
    broker.work()
    newer = next(one.version for one in data.list_versions(as_person("farah")).versions if one.state == "loaded")
    quality = data.view_version(as_person("farah"), "hospital", newer).quality
    assert quality["before"] == waiting
    assert any(one.startswith("persons: about 1,500 rows, 500 before") for one in quality["notices"])
    sign_off(as_person)
    assert (state(sessions, waiting), state(sessions, newer), in_use(sessions)) == ("superseded", "in_use", newer)


def test_for_a_process_of_ours_the_custodian_signs_first(
    broker: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    data.order_load(as_person("system:command-line"), "hospital", SMALL)
    broker.work()
    (one,) = data.list_versions(as_person("farah")).versions
    data.sign_version(as_person("gwen"), "hospital", one.version)
    with pytest.raises(NotPermitted):
        data.accept_version(as_person("gwen"), "hospital", one.version)
    data.accept_version(as_person("farah"), "hospital", one.version)
    assert in_use(sessions) == one.version


def test_there_is_no_such_version(waiting: str, as_person: As) -> None:
    with pytest.raises(NotFound):
        data.view_version(as_person("farah"), "hospital", "0" * 16)


def test_every_state_says_whose_turn_it_is() -> None:
    assert set(VERSION.turn) == VERSION.states
