"""A synthetic twin is ordered when a version comes into use, built by the broker, and offered to practice workspaces."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.loaded import PERSONS, SEED
from tests.fixtures.broker import Broker, sign_off
from tre.data import service as data
from tre.data.tables import OptOutListRow
from tre.data.twin_tables import TwinRow
from tre.kernel.authz import Action
from tre.kernel.errors import NotFound, NotPermitted
from tre.kernel.facts import DatasetFacts
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]


def rows(sessions: sessionmaker[Session]) -> list[TwinRow]:
    with sessions() as session:
        return list(session.scalars(select(TwinRow).order_by(TwinRow.number)))


def ready(ctx: Context) -> list[data.ReadyTwin]:
    with ctx.look() as unit:
        found = list(data.ready_twins(unit))
        assert {one.dataset_id for one in found} == data.datasets_with_twin(unit.session)
        unit.check(Action.DATA_TWIN_ORDER, DatasetFacts(dataset_id="", custodian_id=""))
    return found


def test_the_second_sign_off_orders_it(broker: Broker, as_person: As, sessions: sessionmaker[Session]) -> None:
    data.order_load(as_person("gwen"), "hospital", data.Origin(kind="made", seed=SEED, size=PERSONS))
    assert broker.work() == 1
    sign_off(as_person)
    assert [(one.dataset_id, one.number, one.state) for one in rows(sessions)] == [("hospital", 1, "ordered")]
    assert broker.work() == 1
    (row,) = rows(sessions)
    assert row.state == "ready"
    folder = broker.desk.folders.snapshot("twin-hospital", 1)
    assert json.loads((folder / "manifest.json").read_text())["synthetic"] is True
    with sessions() as session:
        names = set(session.scalars(select(AuditRow.name)))
    assert {"data.twin.ordered", "data.twin.started", "data.twin.built"} <= names


def test_a_custodian_orders_another_and_the_oldest_goes(both_loaded: Broker, as_person: As) -> None:
    for _ in range(3):
        data.order_twin(as_person("gwen"), "hospital")
        assert both_loaded.work() == 1
    there = both_loaded.desk.folders.snapshot("twin-hospital", 1).parent
    assert sorted(one.name for one in there.iterdir()) == ["2", "3"]
    (offered,) = ready(as_person("gwen"))
    assert (offered.dataset_id, offered.number, offered.folder) == ("hospital", 3, there / "3")


def test_a_projects_snapshot_goes_before_made_up_data(
    both_loaded: Broker, as_person: As, approved: Callable[..., object], sessions: sessionmaker[Session]
) -> None:
    approved("hospital")
    data.order_twin(as_person("gwen"), "hospital")
    with sessions() as session:
        earlier = update(JobRow).where(JobRow.kind == data.TWIN_BUILD)
        session.execute(earlier.values(queued_at=as_person("gwen").clock.now() - timedelta(days=1)))
        session.commit()
    both_loaded.work()
    with sessions() as session:
        names = list(session.scalars(select(AuditRow.name).order_by(AuditRow.number)))
    assert names.index("data.snapshot.built") < names.index("data.twin.started")


def test_nobody_else_orders_one(both_loaded: Broker, as_person: As) -> None:
    with pytest.raises(NotPermitted) as refused:
        data.order_twin(as_person("amina"), "hospital")
    assert refused.value.reasons == ("data.twin.not_responsible",)
    with pytest.raises(NotFound):
        data.order_twin(as_person("gwen"), "nothing")


def test_what_cannot_be_built_leaves_the_one_before_in_use(
    both_loaded: Broker, as_person: As, sessions: sessionmaker[Session]
) -> None:
    data.order_twin(as_person("gwen"), "hospital")
    assert both_loaded.work() == 1
    with sessions() as session:
        session.execute(delete(OptOutListRow))
        session.commit()
    data.order_twin(as_person("gwen"), "hospital")
    assert both_loaded.work() == 1
    first, second = rows(sessions)
    assert (first.state, second.state) == ("ready", "failed")
    assert "no list of it was loaded" in second.note
    assert [one.number for one in ready(as_person("gwen"))] == [1]
