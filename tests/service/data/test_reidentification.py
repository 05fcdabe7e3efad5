"""Who is behind a pseudonym: told to two persons, of whom one is not of the project, and to no record; and who gets around that."""

import stat
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.disclosing import REASON, As, at_the_broker, pseudonyms_in
from tests.fixtures.broker import Broker
from tre.data.broker.disclosing import end_what_lapsed
from tre.data.disclosure_tables import ReidentificationRow
from tre.data.engine.turning_back import answer_file
from tre.data.service import keys, reidentifying
from tre.data.tables import SnapshotRow
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict, NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.jobs import JobRow
from tre.projects import service as projects
from tre.projects.domain.project import Project
from tre.projects.tables import ProjectMemberRow

Approved = Callable[..., Project]


@pytest.fixture
def project(both_loaded: Broker, approved: Approved) -> Project:
    made = approved("hospital")
    both_loaded.work()
    return made


@pytest.fixture
def pseudonym(project: Project, both_loaded: Broker) -> str:
    return min(pseudonyms_in(both_loaded.desk.folders.snapshot(project.project_id, 1)))


def ask(as_person: As, project: Project, pseudonym: str, *, who: str = "gwen") -> str:
    ctx = at_the_broker(as_person, who)
    return reidentifying.ask(ctx, project.project_id, pseudonym=pseudonym, case_number="INC-1042", reason=REASON)


def state_of(sessions: sessionmaker[Session], request_id: str) -> str:
    with sessions() as session:
        return session.get_one(ReidentificationRow, request_id).state


def test_two_persons_learn_it_and_no_record_does(
    both_loaded: Broker, project: Project, pseudonym: str, as_person: As, sessions: sessionmaker[Session]
) -> None:
    request = ask(as_person, project, pseudonym)
    assert both_loaded.work() == 0
    reidentifying.approve(at_the_broker(as_person, "farah"), request)
    assert both_loaded.work() == 1
    path = answer_file(both_loaded.desk.folders, request)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    namespace, identifier = path.read_text().split()
    raw = (both_loaded.desk.folders.inbox / "hospital/persons.csv").read_text()
    assert f"\n{identifier}," in raw.replace(" ", "")
    register = both_loaded.desk.vault.register(namespace)
    assert int(identifier) in register.identifiers
    reidentifying.note_read(at_the_broker(as_person, "farah"), request)
    with sessions() as session:
        told = [str((row.name, row.detail)) for row in session.scalars(select(AuditRow))]
        queued = [str((row.payload, row.note)) for row in session.scalars(select(JobRow))]
        kept = [str(vars(row)) for row in session.scalars(select(ReidentificationRow))]
    assert [one for one in (*told, *queued, *kept) if identifier in one] == []
    names = [one for one in told if "data.reidentification" in one]
    assert [one.split("'")[1].rpartition(".")[2] for one in names] == [
        "asked",
        "approved",
        "started",
        "answered",
        "read",
    ]
    assert "INC-1042" in names[3]
    assert all(who in names[3] for who in ("gwen", "farah", "urgent care"))


def test_nobody_of_the_project_approves_even_as_an_admin(
    both_loaded: Broker, project: Project, pseudonym: str, as_person: As, sessions: sessionmaker[Session]
) -> None:
    request = ask(as_person, project, pseudonym)
    with pytest.raises(NotPermitted) as refused:
        reidentifying.approve(at_the_broker(as_person, "esme", "admin"), request)
    assert refused.value.reasons == ("data.reidentification.own_project",)
    reidentifying.approve(at_the_broker(as_person, "farah"), request)
    with sessions() as session:  # the second person joins the project before the broker comes to it
        session.add(ProjectMemberRow(project_id=project.project_id, person_id="farah"))
        session.commit()
    both_loaded.work()
    assert state_of(sessions, request) == "failed"
    assert not answer_file(both_loaded.desk.folders, request).exists()


def test_the_broker_counts_for_itself(
    both_loaded: Broker,
    project: Project,
    pseudonym: str,
    as_person: As,
    sessions: sessionmaker[Session],
    clock: SetClock,
) -> None:
    """Requests saved up over two days and approved at once: no more than a day's are answered."""
    requests = []
    for _ in range(2):
        requests += [ask(as_person, project, pseudonym) for _ in range(5)]
        clock.move(timedelta(days=1, seconds=1))
    for request in requests:
        reidentifying.approve(at_the_broker(as_person, "farah"), request)
    both_loaded.work()
    states = [state_of(sessions, request) for request in requests]
    assert sorted(states) == ["answered"] * 5 + ["failed"] * 5
    assert len(list((both_loaded.desk.folders.vault / "answers").iterdir())) == 5


def test_another_projects_and_a_made_up_pseudonym_are_told_apart_from_nothing(
    both_loaded: Broker,
    project: Project,
    pseudonym: str,
    as_person: As,
    approved: Approved,
    sessions: sessionmaker[Session],
) -> None:
    """Both answers are the same words: nobody learns by asking whose pseudonym it is."""
    other = approved("hospital")
    both_loaded.work()
    strange = min(pseudonyms_in(both_loaded.desk.folders.snapshot(other.project_id, 1)))
    requests = [ask(as_person, project, one) for one in (strange, "P" + "A" * 26)]
    for request in requests:
        reidentifying.approve(at_the_broker(as_person, "farah"), request)
    both_loaded.work()
    with sessions() as session:
        rows = [session.get_one(ReidentificationRow, request) for request in requests]
        assert {row.state for row in rows} == {"failed"}
        assert len({row.note for row in rows}) == 1
    assert not any((both_loaded.desk.folders.vault / "answers").glob("*"))


def test_a_job_put_into_the_queue_by_hand_answers_nothing(
    both_loaded: Broker, project: Project, pseudonym: str, as_person: As, sessions: sessionmaker[Session]
) -> None:
    """Whoever can write into the records can put a job there: the broker asks the policy all the same."""
    request, now = ask(as_person, project, pseudonym), as_person("gwen").clock.now()
    with sessions() as session:
        session.get_one(ReidentificationRow, request).state = "approved"
        session.add(
            JobRow(
                id="j-forged", kind="data.reidentification.answer", subject=request, payload={"request": request},
                queued_at=now,
            )
        )  # fmt: skip
        session.commit()
    both_loaded.work()
    assert state_of(sessions, request) == "failed"
    assert not answer_file(both_loaded.desk.folders, request).exists()


def test_after_a_rotation_old_and_new_pseudonyms_are_both_turned_back(
    both_loaded: Broker,
    project: Project,
    pseudonym: str,
    as_person: As,
    real_desk: projects.ProjectsDesk,
    sessions: sessionmaker[Session],
) -> None:
    assert keys.order_rotation(at_the_broker(as_person, "farah")) == 2
    assert both_loaded.work() == 1
    projects.order_again(as_person("farah"), real_desk, project.project_id, version=project.version)
    both_loaded.work()
    folders = both_loaded.desk.folders
    before, after = (pseudonyms_in(folders.snapshot(project.project_id, version)) for version in (1, 2))
    assert len(before) == len(after)
    assert not before & after
    with sessions() as session:
        rows = session.scalars(select(SnapshotRow).order_by(SnapshotRow.version))
        assert [row.key_version for row in rows] == [1, 2]
    asked = [ask(as_person, project, one) for one in (pseudonym, min(after))]
    for request in asked:
        reidentifying.approve(at_the_broker(as_person, "farah"), request)
    both_loaded.work()
    assert [state_of(sessions, request) for request in asked] == ["answered", "answered"]


def test_a_request_and_an_answer_that_waited_too_long_lapse(
    both_loaded: Broker,
    project: Project,
    pseudonym: str,
    as_person: As,
    sessions: sessionmaker[Session],
    clock: SetClock,
) -> None:
    unapproved, unread = ask(as_person, project, pseudonym), ask(as_person, project, pseudonym)
    reidentifying.approve(at_the_broker(as_person, "farah"), unread)
    both_loaded.work()
    path = answer_file(both_loaded.desk.folders, unread)
    days = timedelta(days=both_loaded.desk.ctx.config.reidentification_days)
    clock.move(days - timedelta(minutes=1))
    end_what_lapsed(both_loaded.desk)
    assert (state_of(sessions, unapproved), state_of(sessions, unread), path.exists()) == ("asked", "answered", True)
    clock.move(timedelta(minutes=2))
    for act, request in ((reidentifying.approve, unapproved), (reidentifying.note_read, unread)):
        with pytest.raises(Conflict, match="Ask anew"):
            act(at_the_broker(as_person, "farah"), request)
    end_what_lapsed(both_loaded.desk)
    assert (state_of(sessions, unapproved), state_of(sessions, unread), path.exists()) == ("lapsed", "lapsed", False)
    path.write_text("left by a broker that was killed")
    end_what_lapsed(both_loaded.desk)
    assert not path.exists()
    with pytest.raises(Conflict):
        reidentifying.approve(at_the_broker(as_person, "farah"), unapproved)
    with sessions() as session:
        names = list(session.scalars(select(AuditRow.name).order_by(AuditRow.number)))
    assert names.count("data.reidentification.lapsed") == 2
