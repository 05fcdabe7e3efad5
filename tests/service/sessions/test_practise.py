"""Practice on made-up data: anyone signed in, at once, under an account and in a folder of their own, nothing released."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import event_names
from tests.fakes.hub import HubFake
from tests.fakes.snapshots import ReadySnapshotsFake
from tests.fixtures.projects import As
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, NotFound, NotPermitted
from tre.kernel.ids import PRACTICE, is_project_id
from tre.people.tables import PersonRow
from tre.plumbing.unit_of_work import Context
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk


def test_no_project_can_be_called_so() -> None:
    assert not is_project_id(PRACTICE)


@pytest.mark.parametrize("person", ["ben", "hugo", "cara", "farah"])
def test_anyone_signed_in_opens_one_without_project_training_or_terms(
    as_person: As, sessions_desk: SessionsDesk, hub: HubFake, person: str
) -> None:
    opened = workspaces.open_practice(as_person(person), sessions_desk, "nhanes")
    assert (opened.state, opened.project_id, opened.snapshot_version) == ("opening", PRACTICE, "nhanes, made-up 1")
    (plan,) = hub.plans
    assert (plan.person_id, plan.project_id) == (person, PRACTICE)
    assert plan.snapshot_dir.endswith("snapshots/twin-nhanes/1")
    assert plan.workspace_dir.endswith(f"workspaces/practice-nhanes/{person}")


def test_each_person_has_an_account_that_is_no_projects_and_stays(
    as_person: As, sessions_desk: SessionsDesk, hub: HubFake, clock: SetClock
) -> None:
    for person in ("amina", "ben", "amina"):
        clock.move(timedelta(seconds=1))
        hub.now += 1
        workspaces.open_practice(as_person(person), sessions_desk, "nhanes")
        workspaces.stop_own_workspace(as_person(person), sessions_desk, PRACTICE)
    first, second, again = (plan.project_uid for plan in hub.plans)
    assert first == again != second
    assert min(first, second) > 170_000


def test_it_is_looked_at_rejoined_and_stopped(as_person: As, sessions_desk: SessionsDesk, hub: HubFake) -> None:
    amina = as_person("amina")
    view = workspaces.look_at_practice(amina, sessions_desk)
    assert (view.workspace.session, view.workspace.why_not) == (None, ())
    assert [one.dataset_id for one in view.twins] == ["nhanes", "hospital"]
    opened = workspaces.open_practice(amina, sessions_desk, "nhanes")
    assert workspaces.open_practice(amina, sessions_desk, "nhanes").session_id == opened.session_id
    live = workspaces.look_at_practice(amina, sessions_desk).workspace
    assert live.session is not None
    assert live.session.state == "live"
    assert live.url == "http://amina.localhost:8000/workspaces/user/amina/practice/lab"
    with pytest.raises(Conflict, match="stop that workspace first"):
        workspaces.open_practice(amina, sessions_desk, "hospital")
    workspaces.stop_own_workspace(amina, sessions_desk, PRACTICE)
    assert hub.running == {}


def test_it_is_recorded(as_person: As, sessions_desk: SessionsDesk, sessions: sessionmaker[Session]) -> None:
    workspaces.open_practice(as_person("amina"), sessions_desk, "nhanes")
    assert "sessions.practice.opened" in event_names(sessions)


def test_without_made_up_data_there_is_nothing_to_open(
    as_person: As, sessions_desk: SessionsDesk, ready: ReadySnapshotsFake, hub: HubFake
) -> None:
    ready.made_up = ("nhanes",)
    with pytest.raises(NotPermitted) as refused:
        workspaces.open_practice(as_person("amina"), sessions_desk, "hospital")
    assert refused.value.reasons == ("data.twin.not_ready",)
    assert hub.plans == []


def test_the_project_doors_do_not_open_it(as_person: As, sessions_desk: SessionsDesk, hub: HubFake) -> None:
    with pytest.raises(NotPermitted):
        workspaces.open_workspace(as_person("amina"), sessions_desk, PRACTICE)
    with pytest.raises(NotFound):
        workspaces.open_workspace(as_person("amina"), sessions_desk, "p-zzzzzz")
    assert hub.plans == []


def test_the_timer_keeps_it_and_stops_it_when_the_person_is_stopped(
    as_person: As,
    sessions_desk: SessionsDesk,
    hub: HubFake,
    context_of: Callable[..., Context],
    sessions: sessionmaker[Session],
    clock: SetClock,
) -> None:
    workspaces.open_practice(as_person("ben"), sessions_desk, "nhanes")
    timer = context_of("system:timer")
    assert workspaces.keep_or_stop(timer, sessions_desk).kept == 1
    with sessions() as session:
        session.get_one(PersonRow, "ben").is_active = False
        session.commit()
    assert workspaces.keep_or_stop(timer, sessions_desk).stopped == 1
    assert hub.running == {}


def test_it_ends_after_a_working_day(
    as_person: As,
    sessions_desk: SessionsDesk,
    hub: HubFake,
    context_of: Callable[..., Context],
    clock: SetClock,
) -> None:
    opened = workspaces.open_practice(as_person("ben"), sessions_desk, "nhanes")
    assert timedelta(hours=1) < opened.lapses_at - opened.opened_at <= timedelta(hours=12)
    clock.move(timedelta(hours=13))
    assert workspaces.keep_or_stop(context_of("system:timer"), sessions_desk).stopped == 1
    assert hub.running == {}


def test_it_is_no_use_of_data_in_the_register(
    as_person: As, sessions_desk: SessionsDesk, sessions: sessionmaker[Session]
) -> None:
    workspaces.open_practice(as_person("ben"), sessions_desk, "nhanes")
    workspaces.look_at_practice(as_person("ben"), sessions_desk)
    with sessions() as session:
        assert workspaces.use_of_all(session) == {}
