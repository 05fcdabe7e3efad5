"""A custodian orders a load, the broker does it, the catalogue shows it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.loaded import PERSONS, SEED
from tests.fixtures.broker import Broker, sign_off
from tre.data import service as data
from tre.data.tables import DatasetVersionRow, OptOutListRow
from tre.kernel.actor import NOBODY
from tre.kernel.errors import Invalid, NotFound, NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]
HOSPITAL = data.Origin(kind="made", seed=SEED, size=PERSONS)


def names(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditRow.name).order_by(AuditRow.number)))


def job(sessions: sessionmaker[Session], job_id: str) -> JobRow:
    with sessions() as session:
        return session.get_one(JobRow, job_id)


def test_a_load_is_ordered_done_recorded_and_shown(
    broker: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    job_id = data.order_load(as_person("gwen"), "hospital", HOSPITAL)
    assert job(sessions, job_id).state == "queued"
    assert broker.work() == 1
    assert (job(sessions, job_id).state, job(sessions, job_id).progress) == ("done", 100)
    assert names(sessions) == ["data.dataset.load_ordered", "data.opt_outs.loaded", "data.dataset.loaded"]
    assert data.view_datasets(as_person("amina")) == ()
    sign_off(as_person)
    (view,) = data.view_datasets(as_person("amina"))
    assert view.entry.custodian_id == "gwen"
    assert [table.name for table in view.entry.tables][:2] == ["persons", "gp_registrations"]
    offered = {column.name for table in view.entry.tables for column in table.columns}
    assert "admission" in offered
    assert not offered & {"nhs_number", "family_name", "address", "given_name", "date_of_birth", "postcode"}
    assert view.counts[0]["rows"] == PERSONS


def test_the_same_bytes_again_change_nothing(
    both_loaded: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    data.order_load(as_person("gwen"), "hospital", HOSPITAL)
    assert both_loaded.work() == 1
    with sessions() as session:
        assert len(list(session.scalars(select(DatasetVersionRow)))) == 2
        assert len(list(session.scalars(select(OptOutListRow)))) == 1


def test_another_version_takes_its_place(both_loaded: Broker, as_person: As) -> None:
    before = {one.entry.dataset_id: one.version for one in data.view_datasets(as_person("gwen"))}
    data.order_load(as_person("gwen"), "hospital", data.Origin(kind="made", seed=SEED, size=500))
    both_loaded.work()
    sign_off(as_person)
    after = {one.entry.dataset_id: one.version for one in data.view_datasets(as_person("gwen"))}
    assert after["nhanes"] == before["nhanes"]
    assert after["hospital"] != before["hospital"]
    assert both_loaded.desk.folders.version("hospital", before["hospital"]).exists()


@pytest.mark.parametrize("person", ["amina", "farah", "olga", "cara"])
def test_only_its_custodian_may_load(as_person: As, person: str) -> None:
    with pytest.raises(NotPermitted) as caught:
        data.order_load(as_person(person), "hospital", HOSPITAL)
    assert caught.value.reasons == ("data.dataset.not_custodian",)


def test_our_own_processes_may_load(as_person: As) -> None:
    assert data.order_load(as_person("system:command-line"), "hospital", HOSPITAL)


def test_the_catalogue_is_for_those_who_signed_in(both_loaded: Broker, as_person: As) -> None:
    ctx = as_person("amina")
    stranger = Context(actor=NOBODY, gate=ctx.gate, clock=ctx.clock, sessions=ctx.sessions, config=ctx.config)
    with pytest.raises(NotPermitted):
        data.view_datasets(stranger)


def test_what_does_not_exist_or_does_not_come_from_there(as_person: As) -> None:
    with pytest.raises(NotFound):
        data.order_load(as_person("gwen"), "nothing", HOSPITAL)
    with pytest.raises(Invalid, match="put its files into the inbox"):
        data.order_load(as_person("gwen"), "nhanes", HOSPITAL)


def test_a_load_that_cannot_be_done_says_why_and_is_not_tried_again(
    broker: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    (broker.desk.folders.inbox / "hospital/deaths.csv").unlink()
    job_id = data.order_load(as_person("gwen"), "hospital", data.Origin(kind="inbox"))
    assert broker.work() == 1
    assert job(sessions, job_id).state == "failed"
    assert "The file deaths is missing" in job(sessions, job_id).note
    assert names(sessions)[-1] == "data.dataset.load_failed"
    assert data.view_datasets(as_person("gwen")) == ()


def test_no_record_or_job_holds_a_person(both_loaded: Broker, sessions: sessionmaker[Session]) -> None:
    register = both_loaded.desk.vault.register("nhs-number")
    with sessions() as session:
        texts = [str(row.payload) + row.note for row in session.scalars(select(JobRow))]
        texts += [row.detail for row in session.scalars(select(AuditRow))]
        texts += [str(row.counts) for row in session.scalars(select(DatasetVersionRow))]
    whole = "\n".join(texts)
    assert not [number for number in register.identifiers.tolist() if str(number) in whole]
