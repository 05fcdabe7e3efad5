"""A bridge between two projects: two people's yes, the persons of both and nobody else, and gone after its day."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.disclosing import As, at_the_broker, pseudonyms_in
from tests.fixtures.broker import Broker
from tests.fixtures.projects import ProjectAt
from tre.data.broker.disclosing import end_what_lapsed
from tre.data.disclosure_tables import BridgeRow
from tre.data.service import bridging
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, IllegalMove, Invalid, NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.jobs import JobRow
from tre.projects import service as projects
from tre.projects.domain.project import Project

Approved = Callable[..., Project]
REASON = "One study follows the other's participants over ten years."
LAST = date(2026, 12, 31)


def ask(as_person: As, source: Project, target: Project, *, ends_on: date = LAST, who: str = "olga") -> str:
    ctx = at_the_broker(as_person, who)
    return bridging.ask(ctx, source=source.project_id, target=target.project_id, reason=REASON, ends_on=ends_on)


def agree(as_person: As, bridge: str) -> None:
    assert bridging.agree(at_the_broker(as_person, "gwen"), bridge, role="custodian") == "agreed_once"
    assert bridging.agree(at_the_broker(as_person, "farah"), bridge, role="admin") == "agreed"


def row_of(sessions: sessionmaker[Session], bridge: str) -> BridgeRow:
    with sessions() as session:
        return session.get_one(BridgeRow, bridge)


def folder(broker: Broker, project: Project, version: int = 1) -> Path:
    return broker.desk.folders.snapshot(project.project_id, version)


def table(broker: Broker, bridge: str, project: Project, version: int = 1) -> dict[str, str]:
    found = pq.ParquetFile(folder(broker, project, version) / f"bridges/{bridge}.parquet").read()
    assert found.column_names == ["person", "person_there"]
    ours = found.column("person").to_pylist()
    assert ours == sorted(ours)
    return dict(zip(ours, found.column("person_there").to_pylist(), strict=True))


def about(broker: Broker, project: Project) -> dict[str, tuple[str, int]]:
    """Sex and year of birth of each person of the hospital's."""
    found: dict[str, tuple[str, int]] = {}
    for path in (folder(broker, project) / "tables").rglob("*.parquet"):
        rows = pq.ParquetFile(path).read()
        if "year_of_birth" in rows.column_names:
            found |= {one["person"]: (one["sex"], one["year_of_birth"]) for one in rows.to_pylist()}
    return found


def test_it_tells_who_is_in_both_and_nobody_else(
    both_loaded: Broker, as_person: As, approved: Approved, sessions: sessionmaker[Session]
) -> None:
    """The source has hospital and survey, the target the hospital: the survey's people are not told, nor told of."""
    source, target = approved("hospital", "nhanes"), approved("hospital")
    both_loaded.work()
    bridge = ask(as_person, source, target)
    agree(as_person, bridge)
    assert both_loaded.work() == 1
    found = table(both_loaded, bridge, target)
    there, here = pseudonyms_in(folder(both_loaded, source)), pseudonyms_in(folder(both_loaded, target))
    assert set(found) == here
    assert set(found.values()) < there
    assert len(set(found.values())) == len(found)
    assert not set(found) & set(found.values())
    ours, theirs = about(both_loaded, target), about(both_loaded, source)
    assert all(ours[one] == theirs[other] for one, other in found.items()), "the pairs are the same persons"
    row = row_of(sessions, bridge)
    assert (row.state, row.laid_in, row.persons) == ("laid", 1, len(found))
    path = folder(both_loaded, target) / f"bridges/{bridge}.parquet"
    assert not path.stat().st_mode & 0o007
    assert "system.posix_acl_access" in os.listxattr(path)  # the project's account alone reads it
    with sessions() as session:
        told = [row for row in session.scalars(select(AuditRow)) if row.name.startswith("data.bridge")]
    assert [row.name.rpartition(".")[2] for row in told] == ["asked", "agreed", "agreed", "started", "laid"]
    assert [row.person_id for row in told] == ["olga", "gwen", "farah", "system:broker", "system:broker"]
    assert not [row for row in told if any(one in str(row.detail) for one in list(found)[:50])]


def test_it_is_refused_and_taken_away_after_its_day(
    both_loaded: Broker,
    as_person: As,
    approved: Approved,
    clock: SetClock,
    sessions: sessionmaker[Session],
    real_desk: projects.ProjectsDesk,
) -> None:
    source, target = approved("hospital"), approved("hospital")
    both_loaded.work()
    bridge, late, never = (ask(as_person, source, target, ends_on=date(2026, 11, 24)) for _ in range(3))
    agree(as_person, bridge)
    agree(as_person, late)
    with sessions() as session:  # the broker comes to this one only after its day
        held = session.scalars(select(JobRow).where(JobRow.subject == late)).one()
        held.queued_at += timedelta(days=3)
        held.state = "waiting"
        session.commit()
    both_loaded.work()
    assert len(table(both_loaded, bridge, target)) > 1000
    clock.move(timedelta(days=2))
    with sessions() as session:
        session.scalars(select(JobRow).where(JobRow.subject == late)).one().state = "queued"
        session.commit()
    both_loaded.work()
    assert not (folder(both_loaded, target) / f"bridges/{late}.parquet").exists()
    assert "last day has passed" in row_of(sessions, late).note
    with pytest.raises(NotPermitted) as refused:
        bridging.agree(at_the_broker(as_person, "gwen"), never, role="custodian")
    assert refused.value.reasons == ("data.bridge.ended",)
    end_what_lapsed(both_loaded.desk)
    assert both_loaded.work() == 3
    assert not list((folder(both_loaded, target) / "bridges").iterdir())
    assert {row_of(sessions, one).state for one in (bridge, late, never)} == {"lapsed"}
    projects.order_again(as_person("farah"), real_desk, target.project_id, version=target.version)
    assert both_loaded.work() == 1
    assert not (folder(both_loaded, target, 2) / "bridges").exists()


def test_the_next_snapshot_of_either_has_it_again_and_a_no_takes_it_away(
    both_loaded: Broker,
    as_person: As,
    approved: Approved,
    real_desk: projects.ProjectsDesk,
    sessions: sessionmaker[Session],
) -> None:
    source, target = approved("hospital"), approved("hospital")
    bridge = ask(as_person, source, target)
    agree(as_person, bridge)
    both_loaded.work()  # whether or not the snapshots were there when it was agreed to, they are in the end
    assert row_of(sessions, bridge).state == "laid"
    projects.order_again(as_person("farah"), real_desk, target.project_id, version=target.version)
    both_loaded.work()
    assert set(table(both_loaded, bridge, target, 2)) == pseudonyms_in(folder(both_loaded, target, 2))
    assert row_of(sessions, bridge).laid_in == 2
    bridging.refuse(at_the_broker(as_person, "gwen"), bridge)
    both_loaded.work()
    for version in (1, 2):
        assert not list((folder(both_loaded, target, version) / "bridges").glob("*.parquet"))
    with pytest.raises(IllegalMove):
        bridging.refuse(at_the_broker(as_person, "gwen"), bridge)


def test_who_may_not_ask_or_agree(project_at: ProjectAt, as_person: As) -> None:
    source, target = project_at("approved"), project_at("approved")
    for ctx in (at_the_broker(as_person, "amina"), as_person("farah"), as_person("system:broker")):
        with pytest.raises(NotPermitted):
            bridging.ask(ctx, source=source.project_id, target=target.project_id, reason=REASON, ends_on=LAST)
    bridge = ask(as_person, source, target)
    reasons = {}
    for who, roles, role in (
        ("olga", ("admin",), "admin"),  # asked for it
        ("esme", ("admin",), "admin"),  # of the projects
        ("gwen", ("custodian",), "admin"),
        ("hugo", ("custodian",), "custodian"),  # not of this data
        ("farah", ("admin",), "lay_reviewer"),
    ):
        with pytest.raises(NotPermitted) as refused:
            bridging.agree(at_the_broker(as_person, who, *roles), bridge, role=role)
        reasons[who] = refused.value.reasons
    assert reasons == {
        "olga": ("data.bridge.own_request",),
        "esme": ("data.bridge.own_project",),
        "gwen": ("data.bridge.not_in_role",),
        "hugo": ("data.bridge.not_in_role",),
        "farah": ("data.bridge.not_in_role",),
    }
    bridging.agree(at_the_broker(as_person, "gwen", "custodian", "admin"), bridge, role="custodian")
    with pytest.raises(NotPermitted) as twice:
        bridging.agree(at_the_broker(as_person, "gwen", "custodian", "admin"), bridge, role="admin")
    assert twice.value.reasons == ("data.bridge.agreed_already",)


def test_one_role_is_not_both(project_at: ProjectAt, as_person: As) -> None:
    bridge = ask(as_person, project_at("approved"), project_at("approved"))
    bridging.agree(at_the_broker(as_person, "farah"), bridge, role="admin")
    with pytest.raises(Conflict):
        bridging.agree(at_the_broker(as_person, "hugo", "admin"), bridge, role="admin")
    assert [one.state for one in bridging.list_bridges(at_the_broker(as_person, "gwen"))] == ["agreed_once"]


def test_what_is_not_said_right_is_not_taken(project_at: ProjectAt, as_person: As, clock: SetClock) -> None:
    source, target = project_at("approved"), project_at("approved")
    for reason, ends_on in (("because", LAST), (REASON + " 999 000 0018", LAST), (REASON, date(2028, 1, 1))):
        with pytest.raises(Invalid):
            bridging.ask(
                at_the_broker(as_person, "gwen"),
                source=source.project_id,
                target=target.project_id,
                reason=reason,
                ends_on=ends_on,
            )
    for first, second, ends_on in (
        (source, source, LAST),
        (source, target, date(2026, 11, 22)),
        (source, project_at("suspended"), LAST),
    ):
        with pytest.raises(NotPermitted):
            ask(as_person, first, second, ends_on=ends_on)
