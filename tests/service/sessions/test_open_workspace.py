"""Opening a workspace: only what the policy allows, for oneself, with a sealed plan, once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.fakes.hub import HubFake
from tests.fakes.snapshots import ReadySnapshotsFake
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted, Unavailable
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk
from tre.sessions.service.desk import in_background


def test_a_member_opens_it_and_the_plan_names_the_project_account(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project = project_at("approved")
    opened = workspaces.open_workspace(as_person("esme"), sessions_desk, project.project_id)
    assert opened.state == "opening"
    plan = hub.plans[0]
    assert (plan.person_id, plan.project_id) == ("esme", project.project_id)
    assert plan.project_uid == 70_000 + project.number
    assert plan.snapshot_dir.endswith(f"{project.project_id}/v1")
    assert plan.workspace_dir.endswith(f"workspaces/{project.project_id}/esme")


def test_it_is_live_once_the_hub_says_so(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project = project_at("approved")
    amina, hub.is_slow = as_person("amina"), True
    workspaces.open_workspace(amina, sessions_desk, project.project_id)
    view = workspaces.look_at_workspace(amina, sessions_desk, project.project_id)
    assert view.session is not None
    assert (view.session.state, view.url) == ("opening", "")
    hub.answer()
    view = workspaces.look_at_workspace(amina, sessions_desk, project.project_id)
    assert view.session is not None
    assert view.session.state == "live"
    assert view.url == f"http://amina.localhost:8000/workspaces/user/amina/{project.project_id}/lab"


def test_before_approval_the_refusal_says_why_and_nothing_starts(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake, ready: ReadySnapshotsFake
) -> None:
    project, ready.state = project_at("submitted"), "none"
    with pytest.raises(NotPermitted) as refusal:
        workspaces.open_workspace(as_person("amina"), sessions_desk, project.project_id)
    assert set(refusal.value.reasons) == {"projects.project.not_approved", "data.snapshot.not_ready"}
    assert all(one.endswith(".") for one in refusal.value.sentences)
    assert hub.plans == []


def test_an_outsider_and_an_admin_are_refused(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk
) -> None:
    project = project_at("approved")
    for person in ("ben", "farah"):
        with pytest.raises(NotPermitted) as refusal:
            workspaces.open_workspace(as_person(person), sessions_desk, project.project_id)
        assert "projects.project.not_member" in refusal.value.reasons


def test_opening_again_returns_to_the_same_session(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    first = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    again = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    assert first.session_id == again.session_id
    assert len(hub.plans) == 1


def test_a_hub_that_does_not_answer_leaves_a_failed_session_with_its_reason(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    hub.is_gone = True
    opened = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    assert (opened.state, opened.why) == ("failed", "The hub does not answer.")
    hub.is_gone = False
    assert workspaces.open_workspace(amina, sessions_desk, project.project_id).state == "opening"


def test_a_stray_server_is_stopped_before_the_start(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    opened = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    hub.is_gone = True
    workspaces.stop_workspace(amina, sessions_desk, opened.session_id)
    assert ("amina", project.project_id) in hub.running
    hub.is_gone = False
    again = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    assert hub.plans[-1].session_id == again.session_id


def test_the_token_opens_only_while_the_session_is_open(
    project_at: ProjectAt,
    as_person: As,
    sessions_desk: SessionsDesk,
    hub: HubFake,
    sessions: sessionmaker[Session],
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    opened = workspaces.open_workspace(amina, sessions_desk, project.project_id)
    token = hub.plans[0].session_token
    with sessions() as session:
        found = workspaces.session_by_token(session, token)
        assert found is not None
        assert found.session_id == opened.session_id
        assert workspaces.session_by_token(session, token + "x") is None
    workspaces.stop_workspace(amina, sessions_desk, opened.session_id)
    with sessions() as session:
        assert workspaces.session_by_token(session, token) is None


def test_no_answer_from_the_hub_about_a_running_one_is_unavailable(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    workspaces.open_workspace(amina, sessions_desk, project.project_id)
    hub.is_gone = True
    with pytest.raises(Unavailable):
        workspaces.open_workspace(amina, sessions_desk, project.project_id)


def test_it_lapses_with_the_day_of_work(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, clock: SetClock
) -> None:
    opened = workspaces.open_workspace(as_person("amina"), sessions_desk, project_at("approved").project_id)
    assert opened.lapses_at - clock.now() == timedelta(hours=12)


def test_the_request_does_not_wait_for_the_start(
    project_at: ProjectAt, as_person: As, hub: HubFake, ready: ReadySnapshotsFake
) -> None:
    waiting: list[Callable[[], None]] = []
    desk = SessionsDesk(hub=hub, snapshots=ready, beside=waiting.append)
    project, amina = project_at("approved"), as_person("amina")
    workspaces.open_workspace(amina, desk, project.project_id)
    assert hub.running == {}
    view = workspaces.look_at_workspace(amina, desk, project.project_id)
    assert view.session is not None
    assert view.session.state == "opening"
    waiting.pop()()
    view = workspaces.look_at_workspace(amina, desk, project.project_id)
    assert view.session is not None
    assert view.session.state == "live"


def test_a_start_beside_the_request_is_really_made() -> None:
    done = Event()
    in_background(done.set)
    assert done.wait(5)
