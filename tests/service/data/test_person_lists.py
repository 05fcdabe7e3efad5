"""From a file in the broker's inbox to a list in force, and what it does to snapshots that are built and that live."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.broker import Broker
from tre.data import service as data
from tre.data.domain.opt_outs import CONSENTS, NATIONAL, REFUSALS
from tre.data.tables import OptOutListRow, SnapshotRow
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from tre.plumbing import jobs
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects
from tre.projects.domain.project import Project
from tre.projects.tables import ProjectRow

As = Callable[[str], Context]
Approved = Callable[..., Project]
SPACE = "nhs-number"


def persons_of(broker: Broker) -> list[str]:
    """The NHS numbers of the made population, those of the opt-out list left out, in order."""
    raw = broker.desk.folders.inbox / "hospital"
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"SELECT nhs_number FROM '{raw}/persons.csv' ANTI JOIN '{raw}/opt_outs.csv' USING (nhs_number) ORDER BY ALL"
        )
        return [str(row[0]) for row in rows.fetchall()]


def put(broker: Broker, *lines: str, name: str = "list.csv") -> Path:
    """Put a list into the inbox."""
    path = broker.desk.folders.lists_inbox / name
    path.write_text("\n".join(["identifier,effective_from,withdrawn_on", *lines, ""]))
    return path


def ordered(name: str, *, project_id: str = "", why_shorter: str = "") -> data.ListOrder:
    return data.ListOrder(list=name, namespace=SPACE, file="list.csv", project_id=project_id, why_shorter=why_shorter)


def load(broker: Broker, ctx: Context, order: data.ListOrder, *lines: str) -> jobs.JobRow:
    """Put a list into the inbox, order it, let the broker work; return the job."""
    put(broker, *lines)
    job_id = data.order_list(ctx, order)
    assert broker.work() >= 1
    with ctx.sessions() as session:
        return session.get_one(jobs.JobRow, job_id)


def newest(ctx: Context, project_id: str) -> SnapshotRow:
    with ctx.sessions() as session:
        wanted = select(SnapshotRow).where(SnapshotRow.project_id == project_id).order_by(SnapshotRow.version.desc())
        return session.scalars(wanted.limit(1)).one()


def persons_in(row: SnapshotRow) -> int:
    return next(int(one["persons"]) for one in row.tables if one["name"] == "persons")


def test_a_list_is_loaded_and_its_file_removed(both_loaded: Broker, as_person: As) -> None:
    person = persons_of(both_loaded)[0]
    project = as_person("gwen")
    job = load(both_loaded, project, ordered("type 1 opt-out"), f"{person},2026-01-01,")
    assert (job.state, job.note) == ("done", "")
    assert not (both_loaded.desk.folders.lists_inbox / "list.csv").exists()
    with project.sessions() as session:
        row = session.scalars(select(OptOutListRow).where(OptOutListRow.list == "type 1 opt-out")).one()
        events = list(session.scalars(select(AuditRow).where(AuditRow.name.startswith("data.opt_outs."))))
        told = " ".join(one.detail + one.subject for one in events) + str(job.payload) + str(row.changes_on)
    assert (row.persons, row.project_id) == (1, "")
    assert events[-1].name == "data.opt_outs.loaded"
    assert person not in told


def test_a_list_that_does_not_fit_stays_out_and_the_job_says_why(both_loaded: Broker, as_person: As) -> None:
    with as_person("gwen").sessions() as session:
        before = len(list(session.scalars(select(OptOutListRow))))
    job = load(both_loaded, as_person("gwen"), ordered(NATIONAL), "9990000019,2026-01-01,")
    assert job.state == "failed"
    assert "Line 2 has no valid identifier" in job.note
    with as_person("gwen").sessions() as session:
        assert len(list(session.scalars(select(OptOutListRow)))) == before


def test_a_list_that_is_torn_off_is_refused_unless_a_reason_is_given(both_loaded: Broker, as_person: As) -> None:
    line = f"{persons_of(both_loaded)[0]},2026-01-01,"
    job = load(both_loaded, as_person("gwen"), ordered(NATIONAL), line)
    assert job.state == "failed"
    assert "it may be torn off" in job.note
    job = load(both_loaded, as_person("gwen"), ordered(NATIONAL, why_shorter="Moved to the national service."), line)
    assert job.state == "done"


@pytest.mark.parametrize("person", ["amina", "farah", "olga"])
def test_only_a_custodian_of_such_data_loads_a_list(as_person: As, person: str) -> None:
    with pytest.raises(NotPermitted) as caught:
        data.order_list(as_person(person), ordered(NATIONAL))
    assert caught.value.reasons == ("data.opt_outs.not_custodian",)


def test_orders_that_make_no_sense(as_person: As) -> None:
    gwen = as_person("gwen")
    with pytest.raises(Invalid, match="no list of all projects"):
        data.order_list(gwen, ordered(REFUSALS))
    with pytest.raises(Invalid, match="no list of a study"):
        data.order_list(gwen, ordered(NATIONAL, project_id="p-aaaaaa"))
    with pytest.raises(NotFound):
        data.order_list(gwen, ordered(REFUSALS, project_id="p-aaaaaa"))
    with pytest.raises(Invalid, match="No contract has the namespace"):
        data.order_list(gwen, data.ListOrder(list=NATIONAL, namespace="nobody", file="list.csv"))
    for file in ("../key", "/etc/passwd", ".hidden", ""):
        with pytest.raises(Invalid, match="plain name"):
            data.order_list(gwen, data.ListOrder(list=NATIONAL, namespace=SPACE, file=file))


def test_a_file_that_is_not_there(both_loaded: Broker, as_person: As) -> None:
    job_id = data.order_list(as_person("gwen"), ordered(NATIONAL))
    both_loaded.work()
    with as_person("gwen").sessions() as session:
        assert "There is no file list.csv" in session.get_one(jobs.JobRow, job_id).note


def test_a_refusal_is_out_of_every_new_snapshot_at_once_and_of_the_live_one_by_the_refresh(
    both_loaded: Broker, as_person: As, approved: Approved, clock: SetClock
) -> None:
    project, other = approved("hospital"), approved("hospital")
    both_loaded.work()
    timer, before = as_person("system:timer"), persons_in(newest(as_person("gwen"), project.project_id))
    assert data.order_refreshes(timer) == 0
    assert data.overdue_refreshes(timer) == 0
    clock.move(timedelta(hours=1))
    lines = [f"{one},2026-11-23," for one in persons_of(both_loaded)[:20]]
    load(both_loaded, as_person("gwen"), ordered(REFUSALS, project_id=project.project_id), *lines)
    assert data.order_refreshes(timer) == 1
    assert data.order_refreshes(timer) == 0, "it is ordered already"
    assert both_loaded.work() == 1
    refreshed = newest(timer, project.project_id)
    assert (refreshed.version, refreshed.state, persons_in(refreshed)) == (2, "ready", before - 20)
    assert {"rule": REFUSALS, "persons": 20, "note": "about 20"} in refreshed.removed
    assert newest(timer, other.project_id).version == 1, "the list is of another study"
    assert data.order_refreshes(timer) == 0


def test_an_entry_that_begins_later_makes_the_live_snapshot_outdated_on_its_day(
    both_loaded: Broker, as_person: As, approved: Approved, clock: SetClock
) -> None:
    project = approved("hospital")
    both_loaded.work()
    clock.move(timedelta(hours=1))
    lines = [f"{persons_of(both_loaded)[0]},2026-12-01,"]
    load(both_loaded, as_person("gwen"), ordered(REFUSALS, project_id=project.project_id), *lines)
    timer = as_person("system:timer")
    assert data.order_refreshes(timer) == 1
    both_loaded.work()
    assert newest(timer, project.project_id).removed[-1] == {"rule": REFUSALS, "persons": None, "note": "fewer than 10"}
    assert data.order_refreshes(timer) == 0
    clock.move(timedelta(days=8))
    assert data.order_refreshes(timer) == 1
    both_loaded.work()
    assert newest(timer, project.project_id).removed[-1]["persons"] is None, "fewer than 10"


def test_what_is_not_refreshed_in_time_is_overdue(
    both_loaded: Broker, as_person: As, approved: Approved, clock: SetClock, sessions: sessionmaker[Session]
) -> None:
    project = approved("hospital")
    both_loaded.work()
    timer = as_person("system:timer")
    clock.move(timedelta(hours=1))
    load(
        both_loaded, as_person("gwen"), ordered(REFUSALS, project_id=project.project_id),
        f"{persons_of(both_loaded)[0]},2026-11-23,",
    )  # fmt: skip
    clock.move(timedelta(days=timer.config.refresh_days, minutes=-1))
    assert data.overdue_refreshes(timer) == 0
    clock.move(timedelta(minutes=2))
    assert data.overdue_refreshes(timer) == 1
    data.order_refreshes(timer)
    assert data.overdue_refreshes(timer) == 1, "ordered is not built"
    both_loaded.work()
    assert data.overdue_refreshes(timer) == 0
    with sessions() as session:
        session.get_one(ProjectRow, project.project_id).state = "closed"
        session.commit()
    assert data.overdue_refreshes(timer) == 0


def test_a_project_by_consent_waits_for_its_list(
    both_loaded: Broker, as_person: As, approved: Approved, real_desk: projects.ProjectsDesk, sessions: sessionmaker[Session]
) -> None:  # fmt: skip
    project = approved("hospital")
    with sessions() as session:
        session.get_one(ProjectRow, project.project_id).common_law = "consent"
        session.commit()
    both_loaded.work()
    assert "consent to this study applies" in newest(as_person("gwen"), project.project_id).note
    lines = [f"{one},2026-01-01," for one in persons_of(both_loaded)[:30]]
    load(both_loaded, as_person("gwen"), ordered(CONSENTS, project_id=project.project_id), *lines)
    projects.order_again(as_person("farah"), real_desk, project.project_id, version=project.version)
    both_loaded.work()
    assert persons_in(newest(as_person("gwen"), project.project_id)) == 30


def test_an_exemption_with_its_reason_and_its_end(both_loaded: Broker, as_person: As, approved: Approved) -> None:
    project = approved("hospital")
    both_loaded.work()
    gwen, timer = as_person("gwen"), as_person("system:timer")
    before = persons_in(newest(gwen, project.project_id))
    typed = {"list": NATIONAL, "dataset": "hospital", "reason": "The ICO's code is met: see assessment 12."}
    for person, changed in (("amina", {}), ("farah", {}), ("gwen", {"reason": "  "})):
        with pytest.raises(NotPermitted):
            data.exempt_project(as_person(person), project.project_id, typed=typed | changed)
    given = data.exempt_project(gwen, project.project_id, typed=typed)
    with pytest.raises(Conflict):
        data.exempt_project(gwen, project.project_id, typed=typed)
    assert data.order_refreshes(timer) == 1
    both_loaded.work()
    assert persons_in(newest(gwen, project.project_id)) > before
    data.honour_list(gwen, given.exemption_id)
    with pytest.raises(NotFound):
        data.honour_list(gwen, given.exemption_id)
    assert data.order_refreshes(timer) == 1
    both_loaded.work()
    assert persons_in(newest(gwen, project.project_id)) == before
    with gwen.sessions() as session:
        names = [row.name for row in session.scalars(select(AuditRow)) if row.name.startswith("data.opt_outs.")]
    assert names[-2:] == ["data.opt_outs.exempted", "data.opt_outs.honoured"]


def test_no_exemption_where_the_ground_allows_none(
    both_loaded: Broker, as_person: As, approved: Approved, sessions: sessionmaker[Session]
) -> None:
    project = approved("hospital")
    with sessions() as session:
        session.get_one(ProjectRow, project.project_id).common_law = "section_251"
        session.commit()
    typed = {"list": NATIONAL, "dataset": "hospital", "reason": "It would be handy."}
    with pytest.raises(NotPermitted) as caught:
        data.exempt_project(as_person("gwen"), project.project_id, typed=typed)
    assert caught.value.reasons == ("data.opt_outs.never_exempt",)
    for wrong in ({"list": REFUSALS}, {"dataset": "nothing"}):
        with pytest.raises(Invalid):
            data.exempt_project(as_person("gwen"), project.project_id, typed=typed | wrong)
