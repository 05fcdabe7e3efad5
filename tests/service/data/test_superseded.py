"""A superseded snapshot still holds who opted out since: it goes once no session mounts it, after a day or as the setting says."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.broker import Broker
from tre.data import service as data
from tre.data.tables import SnapshotRow
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects
from tre.projects.domain.project import Project
from tre.sessions import service as workspaces
from tre.sessions.tables import WorkspaceSessionRow

As = Callable[[str], Context]


def states(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(SnapshotRow.state).order_by(SnapshotRow.version)))


@pytest.fixture
def twice(
    both_loaded: Broker,
    as_person: As,
    approved: Callable[..., Project],
    real_desk: projects.ProjectsDesk,
    clock: SetClock,
) -> Project:
    """A project with two versions of its snapshot, the first opened in a workspace."""
    project = approved("nhanes")
    both_loaded.work()
    clock.move(timedelta(minutes=5))
    projects.order_again(as_person("gwen"), real_desk, project.project_id, version=project.version)
    both_loaded.work()
    with as_person("amina").sessions() as session:
        row = WorkspaceSessionRow(
            id="w-1", project_id=project.project_id, person_id="amina", state="live", opened_at=clock.now(),
            lapses_at=clock.now(), token_hash="x", snapshot_version="1",
        )  # fmt: skip
        session.add(row)
        session.commit()
    return project


def test_it_goes_after_its_time_when_no_session_has_it_and_the_newer_one_stays(
    twice: Project, both_loaded: Broker, as_person: As, clock: SetClock, sessions: sessionmaker[Session]
) -> None:
    timer, folders = as_person("system:timer"), both_loaded.desk.folders
    first, second = (folders.snapshot(twice.project_id, one) for one in (1, 2))
    clock.move(timedelta(days=timer.config.superseded_days, minutes=1))
    assert data.retire_superseded(timer, workspaces.mounted_versions) == 0, "a workspace has it"
    with timer.sessions() as session:
        session.get_one(WorkspaceSessionRow, "w-1").state = "stopped"
        session.commit()
    clock.move(-timedelta(minutes=2))
    assert data.retire_superseded(timer, workspaces.mounted_versions) == 0, "not before its time"
    clock.move(timedelta(minutes=2))
    assert data.retire_superseded(timer, workspaces.mounted_versions) == 1
    assert data.retire_superseded(timer, workspaces.mounted_versions) == 0, "ordered once"
    assert both_loaded.work() == 1
    assert states(sessions) == ["removed", "ready"]
    assert (first.exists(), second.exists()) == (False, True)
    assert not folders.receipt(twice.project_id, 1).exists()
    with sessions() as session:
        wanted = select(AuditRow).where(AuditRow.name.startswith("data.snapshot.re"))
        found = [(one.name, json.loads(one.detail)) for one in session.scalars(wanted.order_by(AuditRow.number))]
    assert found[-2:] == [
        ("data.snapshot.retired", {"version": 1, "superseded_by": 2}),
        ("data.snapshot.removed", {"version": 1}),
    ]
    assert data.retire_superseded(timer, workspaces.mounted_versions) == 0, "the newest stays"


def test_a_workspace_that_came_in_between_keeps_it(
    twice: Project, both_loaded: Broker, as_person: As, clock: SetClock, sessions: sessionmaker[Session]
) -> None:
    timer = as_person("system:timer")
    clock.move(timedelta(days=2))
    asked: list[int] = []

    def mounted(session: Session) -> set[tuple[str, str]]:
        asked.append(1)
        return workspaces.mounted_versions(session) if len(asked) > 1 else set()

    assert data.retire_superseded(timer, mounted) == 0
    assert len(asked) == 2
    assert states(sessions) == ["ready", "ready"]


def test_nobody_retires_by_hand(twice: Project, as_person: As, clock: SetClock) -> None:
    clock.move(timedelta(days=2))
    for person in ("farah", "gwen"):
        with pytest.raises(NotPermitted):
            data.retire_superseded(as_person(person), lambda _session: set())
