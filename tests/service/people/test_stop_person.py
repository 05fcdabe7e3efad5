"""Stopping a person ends all they can still do, at once, and nothing that they did; it can be undone; both are recorded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tests.fakes.hub import HubFake
from tests.fixtures.projects import As, ProjectAt
from tre.entrypoints.bootstrap.ports import LeavingWorkspaces
from tre.kernel.actor import Actor
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from tre.people.desk import PeopleDesk
from tre.people.domain.sign_in import ProvenPerson
from tre.people.login import Provider
from tre.people.service.persons import list_persons, view_standing
from tre.people.service.sign_in import actor_of_session, open_session
from tre.people.service.stopping import reinstate_person, stop_person
from tre.plumbing.config import Config
from tre.projects import service as projects
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk

PROVEN = ProvenPerson(person_id="amina", account="a", name="", strength="urn:tre:mfa", id_token="a.b.c")
SignedIn = Callable[[str], Actor | None]


@pytest.fixture
def people_desk(config: Config, sessions_desk: SessionsDesk) -> PeopleDesk:
    return PeopleDesk(provider=Provider(config), workspaces=LeavingWorkspaces(desk=sessions_desk))


@pytest.fixture
def signed_in(sessions: sessionmaker[Session], clock: SetClock) -> SignedIn:
    return lambda sid: actor_of_session(
        sessions, sid, now=clock.now(), longest=timedelta(hours=8), projects_of=projects.projects_of
    )


def test_in_that_moment_every_sign_in_and_every_workspace_ends(
    project_at: ProjectAt, as_person: As, people_desk: PeopleDesk, sessions_desk: SessionsDesk, hub: HubFake,
    signed_in: SignedIn, sessions: sessionmaker[Session],
) -> None:  # fmt: skip
    project, farah = project_at("approved"), as_person("farah")
    sids = [open_session(as_person(""), PROVEN) for _ in range(2)]
    for member in ("amina", "esme"):
        workspaces.open_workspace(as_person(member), sessions_desk, project.project_id)
    token = hub.plans[0].session_token
    stop_person(farah, people_desk, "amina", reason=" Left the university. ")
    assert [signed_in(sid) for sid in sids] == [None, None]
    assert set(hub.running) == {("esme", project.project_id)}
    assert hub.out == {"amina"}
    with sessions() as session:
        assert workspaces.session_by_token(session, token) is None
    with pytest.raises(NotPermitted, match="stopped"):
        open_session(as_person(""), PROVEN)
    with pytest.raises(NotPermitted) as refused:
        workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    assert refused.value.reasons == ("people.person.stopped",)
    (told,) = events_named(sessions, "people.person.stopped")
    assert (told.person_id, told.subject, detail_of(told)) == ("farah", "amina", {"reason": "Left the university."})
    assert len(events_named(sessions, "people.session.closed")) == 2
    stopped = view_standing(farah, "amina").stopped
    assert stopped is not None
    assert (stopped.by, stopped.why) == ("farah", "Left the university.")


def test_what_they_did_stays_and_the_register_says_the_same(
    project_at: ProjectAt, as_person: As, people_desk: PeopleDesk, sessions: sessionmaker[Session]
) -> None:
    project, farah = project_at("approved"), as_person("farah")
    with sessions() as session:
        before, of = projects.public_project(session, project.project_id), projects.projects_of(session, "amina")
    stop_person(farah, people_desk, "amina", reason="Left.")
    with sessions() as session:
        assert projects.public_project(session, project.project_id) == before
        assert projects.projects_of(session, "amina") == of
    listed = {one.person.person_id: one for one in list_persons(farah, page=1).rows}
    assert [name for name, one in listed.items() if one.stopped] == ["amina"]


def test_reinstated_they_sign_in_and_go_on(
    project_at: ProjectAt, as_person: As, people_desk: PeopleDesk, sessions_desk: SessionsDesk, signed_in: SignedIn,
    sessions: sessionmaker[Session], hub: HubFake,
) -> None:  # fmt: skip
    project, farah = project_at("approved"), as_person("farah")
    stop_person(farah, people_desk, "amina", reason="Left.")
    reinstate_person(farah, people_desk, "amina", reason="Came back.")
    actor = signed_in(open_session(as_person(""), PROVEN))
    assert actor is not None
    assert project.project_id in actor.member_of
    assert workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id).state == "opening"
    (told,) = events_named(sessions, "people.person.reinstated")
    assert detail_of(told) == {"reason": "Came back."}
    assert view_standing(farah, "amina").stopped is None
    assert hub.out == set()


@pytest.mark.parametrize("person_id", ["amina", "gwen", "cara", "hugo"])
def test_only_an_admin_does_it(as_person: As, people_desk: PeopleDesk, person_id: str) -> None:
    with pytest.raises(NotPermitted):
        stop_person(as_person(person_id), people_desk, "ben", reason="x")
    with pytest.raises(NotPermitted):
        reinstate_person(as_person(person_id), people_desk, "ben", reason="x")


def test_nobody_stops_themself(as_person: As, people_desk: PeopleDesk) -> None:
    with pytest.raises(NotPermitted) as refused:
        stop_person(as_person("farah"), people_desk, "farah", reason="x")
    assert refused.value.reasons == ("people.person.own",)


def test_each_fault_in_its_own_words(as_person: As, people_desk: PeopleDesk) -> None:
    farah = as_person("farah")
    for reason in ("", "   ", "x" * 2001):
        with pytest.raises(Invalid) as refused:
            stop_person(farah, people_desk, "ben", reason=reason)
        assert list(refused.value.fields) == ["reason"]
    with pytest.raises(NotFound):
        stop_person(farah, people_desk, "nobody-here", reason="x")
    with pytest.raises(Conflict, match="is not stopped"):
        reinstate_person(farah, people_desk, "ben", reason="x")
    stop_person(farah, people_desk, "ben", reason="x")
    with pytest.raises(Conflict, match="stopped already"):
        stop_person(farah, people_desk, "ben", reason="x")
