"""Continuous approval: what has lapsed is stopped at the next round, what nobody opened is stopped too."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.applications import project_at as make_project_at
from tests.fakes.hub import HubFake
from tests.fixtures.projects import As
from tre.kernel.clock import SetClock
from tre.kernel.errors import IllegalMove, NotPermitted, Unavailable
from tre.people.tables import RoleRow
from tre.projects.domain.project import Project
from tre.projects.service import ProjectsDesk, suspend_project
from tre.sessions import service as workspaces
from tre.sessions.hub import Server
from tre.sessions.service import SessionsDesk


@pytest.fixture
def project(as_person: As, joined_desk: ProjectsDesk) -> Project:
    return make_project_at("approved", as_person=as_person, desk=joined_desk)


def _state(as_person: As, desk: SessionsDesk, project: Project, person: str = "amina") -> str:
    view = workspaces.look_at_workspace(as_person(person), desk, project.project_id)
    assert view.session is not None
    return view.session.state


def test_suspending_the_project_ends_every_session_at_once(
    project: Project, as_person: As, joined_desk: ProjectsDesk, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    for person in ("amina", "esme"):
        workspaces.open_workspace(as_person(person), sessions_desk, project.project_id)
    typed = {"reason": "An inspection."}
    suspend_project(as_person("farah"), joined_desk, project.project_id, typed=typed, version=project.version)
    assert hub.running == {}
    assert _state(as_person, sessions_desk, project) == "stopped"
    with pytest.raises(NotPermitted) as refusal:
        workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    assert "projects.project.suspended" in refusal.value.reasons


def test_a_hub_that_was_away_at_suspension_is_told_at_the_next_round(
    project: Project, as_person: As, joined_desk: ProjectsDesk, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    hub.is_gone = True
    typed = {"reason": "An inspection."}
    suspend_project(as_person("farah"), joined_desk, project.project_id, typed=typed, version=project.version)
    hub.is_gone = False
    assert hub.running
    found = workspaces.keep_or_stop(as_person("system:timer"), sessions_desk)
    assert (found.strays, hub.running) == (1, {})


def test_what_is_still_allowed_goes_on(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    assert workspaces.keep_or_stop(as_person("system:timer"), sessions_desk) == workspaces.Round(
        kept=1, stopped=0, strays=0
    )
    assert _state(as_person, sessions_desk, project) == "live"
    assert hub.running


def test_a_role_that_was_taken_away_ends_the_session(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake, sessions: sessionmaker[Session]
) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    with sessions() as session:
        session.delete(session.get_one(RoleRow, ("amina", "researcher")))
        session.commit()
    assert workspaces.keep_or_stop(as_person("system:timer"), sessions_desk).stopped == 1
    assert hub.running == {}


def test_time_that_is_up_ends_the_session(
    project: Project, as_person: As, sessions_desk: SessionsDesk, clock: SetClock
) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    clock.move(timedelta(hours=12))
    assert workspaces.keep_or_stop(as_person("system:timer"), sessions_desk).stopped == 1
    assert _state(as_person, sessions_desk, project) == "stopped"


def test_a_server_that_died_is_noted(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    timer = as_person("system:timer")
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    workspaces.keep_or_stop(timer, sessions_desk)
    hub.running.clear()
    workspaces.keep_or_stop(timer, sessions_desk)
    assert _state(as_person, sessions_desk, project) == "stopped"


def test_a_start_that_never_came_fails(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake, clock: SetClock
) -> None:
    hub.is_slow = True
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    clock.move(timedelta(seconds=80))
    workspaces.keep_or_stop(as_person("system:timer"), sessions_desk)
    assert _state(as_person, sessions_desk, project) == "failed"


def test_a_server_that_nobody_opened_is_stopped(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    hub.running["ben", "p-aaaaaa"] = Server(person_id="ben", project_id="p-aaaaaa", is_ready=True)
    assert workspaces.keep_or_stop(as_person("system:timer"), sessions_desk).strays == 1
    assert hub.running == {}


def test_without_a_hub_nothing_is_stopped(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake, clock: SetClock
) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    hub.is_gone = True
    clock.move(timedelta(hours=13))
    with pytest.raises(Unavailable):
        workspaces.keep_or_stop(as_person("system:timer"), sessions_desk)
    assert len(hub.running) == 1


def test_stop_is_for_the_person_and_the_admin_and_once(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    opened = workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    with pytest.raises(NotPermitted):
        workspaces.stop_workspace(as_person("esme"), sessions_desk, opened.session_id)
    assert workspaces.stop_workspace(as_person("farah"), sessions_desk, opened.session_id).state == "stopped"
    with pytest.raises(IllegalMove):
        workspaces.stop_workspace(as_person("amina"), sessions_desk, opened.session_id)


def test_only_an_admin_watches(project: Project, as_person: As, sessions_desk: SessionsDesk) -> None:
    workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    (watched,) = workspaces.watch_workspaces(as_person("farah"))
    assert (watched.name, watched.title) == ("Amina Test", "Blood pressure by age")
    with pytest.raises(NotPermitted):
        workspaces.watch_workspaces(as_person("amina"))


def test_signing_out_leaves_no_workspace(
    project: Project, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    amina = as_person("amina")
    workspaces.open_workspace(amina, sessions_desk, project.project_id)
    assert len(workspaces.open_workspaces(amina)) == 1
    assert workspaces.open_workspaces(as_person("esme")) == ()
    workspaces.leave_workspaces(replace(amina), sessions_desk)
    assert hub.running == {}
