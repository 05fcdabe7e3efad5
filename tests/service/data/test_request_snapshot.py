"""From the last yes to a folder that can be mounted, and back to none."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.loaded import PERSONS
from tests.fakes.gates import SilentGate
from tests.fixtures.broker import Broker, sign_off
from tre.data import service as data
from tre.data.broker import loop
from tre.data.contracts import shipped_contract
from tre.data.service import building
from tre.data.tables import SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted
from tre.kernel.facts import SnapshotFacts
from tre.plumbing import jobs
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.projects.domain.project import Project
from tre.projects.ports import SnapshotCard

As = Callable[[str], Context]
Approved = Callable[..., Project]


def see(unit: Unit, project_id: str) -> None:
    unit.check(Action.DATA_SNAPSHOT_VIEW, SnapshotFacts(project_id=project_id, project_state="approved"))
    unit.record("test.snapshot.viewed", subject=project_id)


def card(ctx: Context, project_id: str) -> SnapshotCard:
    with ctx.begin() as unit:
        see(unit, project_id)
        return data.card(unit, project_id)


def row_of(sessions: sessionmaker[Session], project_id: str) -> SnapshotRow:
    with sessions() as session:
        wanted = select(SnapshotRow).where(SnapshotRow.project_id == project_id).order_by(SnapshotRow.version.desc())
        return session.scalars(wanted.limit(1)).one()


def events(sessions: sessionmaker[Session], project_id: str) -> list[str]:
    with sessions() as session:
        wanted = select(AuditRow.name).where(
            AuditRow.project_id == project_id, AuditRow.name.startswith("data.snapshot.")
        )
        return list(session.scalars(wanted.order_by(AuditRow.number)))


def test_the_last_yes_orders_and_the_broker_builds(
    both_loaded: Broker, as_person: As, approved: Approved, sessions: sessionmaker[Session]
) -> None:
    project = approved("nhanes", "hospital")
    assert row_of(sessions, project.project_id).state == "requested"
    assert row_of(sessions, project.project_id).reader_uid == 70_000 + project.number
    assert both_loaded.work() == 1
    found = card(as_person("amina"), project.project_id)
    assert (found.state, found.version, found.progress, found.note) == ("ready", "1", 100, "")
    assert {one.name: one.persons for one in found.tables}["respondents"] == 8366
    assert found.left_out[0].endswith("persons by the national data opt-out.")
    assert events(sessions, project.project_id)[:3] == [
        "data.snapshot.requested",
        "data.snapshot.started",
        "data.snapshot.built",
    ]
    with sessions() as session:
        assert data.snapshot_state(session, project.project_id) == "ready"


def test_what_is_ready_can_be_mounted_by_the_projects_account_alone(
    both_loaded: Broker, as_person: As, approved: Approved
) -> None:
    project = approved("hospital")
    both_loaded.work()
    with as_person("amina").begin() as unit:
        see(unit, project.project_id)
        found = data.mountable(unit, project.project_id)
        assert data.mountable(unit, "p-zzzzzz") is None
    assert found is not None
    assert found.folder == both_loaded.desk.folders.snapshot(project.project_id, 1)
    assert sorted(path.name for path in found.folder.iterdir()) == ["manifest.json", "tables", "views.duckdb"]
    assert [path.name for path in sorted((found.folder / "tables").iterdir())] == [
        "admissions",
        "persons",
    ]
    assert found.folder.stat().st_mode & 0o007 == 0


def test_a_dataset_that_is_not_loaded_fails_with_a_sentence_and_can_be_ordered_again(
    broker: Broker, as_person: As, approved: Approved, real_desk: projects.ProjectsDesk, sessions: sessionmaker[Session]
) -> None:
    data.order_load(as_person("gwen"), "nhanes", data.Origin(kind="package"))
    broker.work()
    sign_off(as_person)
    project = approved("nhanes")
    with sessions() as session:
        row = session.scalars(select(SnapshotRow)).one()
        row.approved = [{"dataset": "hospital", "table": "persons", "columns": ["sex"]}]
        session.commit()
    broker.work()
    found = card(as_person("amina"), project.project_id)
    assert (found.state, found.note) == (
        "failed",
        "The dataset hospital is not loaded: its custodian must load it first.",
    )
    projects.order_again(as_person("farah"), real_desk, project.project_id, version=project.version)
    broker.work()
    assert card(as_person("amina"), project.project_id).version == "2"
    assert card(as_person("amina"), project.project_id).state == "ready"


def test_a_contract_that_changed_since_the_load_is_noticed(
    both_loaded: Broker, as_person: As, approved: Approved, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = approved("nhanes")
    changed = replace(shipped_contract("nhanes"), sha256="0" * 64)
    monkeypatch.setattr(building, "known_contract", lambda _name: changed)
    both_loaded.work()
    assert "has changed since it was loaded" in card(as_person("amina"), project.project_id).note


def test_a_project_suspended_in_between_gets_none(
    both_loaded: Broker,
    as_person: As,
    approved: Approved,
    real_desk: projects.ProjectsDesk,
    sessions: sessionmaker[Session],
) -> None:
    project = approved("nhanes")
    projects.suspend_project(
        as_person("farah"), real_desk, project.project_id, typed={"reason": "Inspection."}, version=project.version
    )
    both_loaded.work()
    assert row_of(sessions, project.project_id).state == "failed"
    assert "data.snapshot.refused" in names_of_refusals(sessions)
    assert not both_loaded.desk.folders.snapshot(project.project_id, 1).exists()


def test_a_project_suspended_while_it_is_built_keeps_nothing(
    both_loaded: Broker,
    as_person: As,
    approved: Approved,
    real_desk: projects.ProjectsDesk,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = approved("nhanes")
    finish = building.finish_build

    def suspend_first(ctx: Context, held: jobs.Claim, manifest: object) -> None:
        reason = {"reason": "Inspection."}
        projects.suspend_project(
            as_person("farah"), real_desk, project.project_id, typed=reason, version=project.version
        )
        finish(ctx, held, manifest)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "finish_build", suspend_first)
    both_loaded.work()
    assert row_of(sessions, project.project_id).state == "failed"
    assert not both_loaded.desk.folders.snapshot(project.project_id, 1).exists()


def test_an_admin_a_custodian_of_the_data_or_the_approval_orders_and_nobody_else(
    both_loaded: Broker, as_person: As, approved: Approved, real_desk: projects.ProjectsDesk
) -> None:
    project = approved("nhanes")
    for person in ("amina", "olga", "cara"):
        with pytest.raises(NotPermitted):
            projects.order_again(as_person(person), real_desk, project.project_id, version=project.version)
    both_loaded.work()
    for version, person in enumerate(("gwen", "farah"), start=2):
        assert "order_snapshot" in projects.view_project(as_person(person), real_desk, project.project_id).moves
        projects.order_again(as_person(person), real_desk, project.project_id, version=project.version)
        both_loaded.work()
        assert card(as_person("amina"), project.project_id).version == str(version)
    assert "order_snapshot" not in projects.view_project(as_person("amina"), real_desk, project.project_id).moves


def test_while_the_policy_server_is_silent_nothing_is_written_and_the_job_waits(
    both_loaded: Broker, approved: Approved, sessions: sessionmaker[Session]
) -> None:
    project = approved("nhanes")
    before = events(sessions, project.project_id)
    seen = []

    class Looking(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            seen.append((row_of(sessions, project.project_id).state, events(sessions, project.project_id)))
            return False

    gate = SilentGate(both_loaded.desk.ctx.gate, silent_for=3)
    assert both_loaded.work(gate=gate, stop=Looking()) == 1
    assert seen == [("requested", before)] * 3
    assert row_of(sessions, project.project_id).state == "ready"


def test_a_job_that_kills_every_broker_is_given_up_with_a_sentence(
    both_loaded: Broker, as_person: As, approved: Approved, sessions: sessionmaker[Session], clock: SetClock
) -> None:
    project = approved("nhanes")
    for _ in range(jobs.MOST_TRIES):
        with sessions() as session:
            assert jobs.claim(session, data.KINDS, now=clock.now()) is not None
            session.commit()
        loop.take_over(both_loaded.desk)
    assert both_loaded.work() == 1
    found = card(as_person("amina"), project.project_id)
    assert found.state == "failed"
    assert "begun several times" in found.note


def test_a_fault_in_the_broker_gives_the_job_back_without_its_words(
    both_loaded: Broker,
    as_person: As,
    approved: Approved,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    project = approved("nhanes")

    def broken(*_args: object, **_kw: object) -> None:
        raise RuntimeError("SecretName 9990000018")

    monkeypatch.setattr("tre.data.broker.work.build_snapshot", broken)
    assert both_loaded.work() == jobs.MOST_TRIES
    found = card(as_person("amina"), project.project_id)
    assert (found.state, found.note) == ("failed", "A fault in the broker: look into its log.")
    assert "RuntimeError" in caplog.text
    assert "SecretName" not in caplog.text


def test_removal(both_loaded: Broker, as_person: As, approved: Approved, sessions: sessionmaker[Session]) -> None:
    project = approved("nhanes")
    both_loaded.work()
    ctx = as_person("system:timer")
    with ctx.begin() as unit:
        data.order_removal(unit, project.project_id)
        see(unit, project.project_id)
    assert both_loaded.work() == 1
    assert row_of(sessions, project.project_id).state == "removed"
    assert not both_loaded.desk.folders.snapshot(project.project_id, 1).exists()
    with sessions() as session:
        assert data.snapshot_state(session, project.project_id) == "removed"
    assert events(sessions, project.project_id)[-3:] == [
        "data.snapshot.removal_ordered",
        "data.snapshot.withdrawn",
        "data.snapshot.removed",
    ]


def test_an_opt_out_loaded_today_is_absent_from_the_next_snapshot(
    both_loaded: Broker, as_person: As, approved: Approved, real_desk: projects.ProjectsDesk
) -> None:
    project = approved("hospital")
    both_loaded.work()
    before = persons_in(card(as_person("amina"), project.project_id))
    inbox = both_loaded.desk.folders.inbox / "hospital"
    listed = {line.split(",")[0] for line in (inbox / "opt_outs.csv").read_text().splitlines()}
    person = next(
        one for one in (inbox / "persons.csv").read_text().splitlines()[1:] if one.split(",")[0] not in listed
    )
    with (inbox / "opt_outs.csv").open("a") as file:
        file.write(f"{person.split(',')[0]},2026-11-23\n")
    data.order_load(as_person("gwen"), "hospital", data.Origin(kind="inbox"))
    both_loaded.work()
    sign_off(as_person)
    projects.order_again(as_person("farah"), real_desk, project.project_id, version=project.version)
    both_loaded.work()
    found = card(as_person("amina"), project.project_id)
    assert found.version == "2"
    assert persons_in(found) == before - 1 < PERSONS


def persons_in(found: SnapshotCard) -> int:
    return {one.name: one.persons for one in found.tables}["persons"]


def names_of_refusals(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditRow.name).where(AuditRow.name.endswith(".refused"))))
