"""With a bucket for the store, versions and lists of persons go there as they are loaded; an emptied store is filled from it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.loaded import PERSONS, SEED
from tests.fixtures.broker import Broker, set_twins_aside, sign_off
from tre.data import service as data
from tre.data.domain.opt_outs import NATIONAL
from tre.data.engine.bucket import folder_bucket
from tre.data.tables import SnapshotRow
from tre.plumbing.unit_of_work import Context
from tre.projects.domain.project import Project

As = Callable[[str], Context]


@pytest.fixture
def far(broker: Broker, tmp_path: Path) -> Broker:
    """The broker, with a folder of another disk for a bucket."""
    broker.desk = replace(broker.desk, bucket=folder_bucket(tmp_path / "bucket"))
    return broker


def test_lists_go_to_the_bucket_and_come_back(
    far: Broker, as_person: As, approved: Callable[..., Project], sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    gwen, folders = as_person("gwen"), far.desk.folders
    data.order_load(gwen, "hospital", data.Origin(kind="made", seed=SEED, size=PERSONS))
    far.work()
    sign_off(as_person)
    set_twins_aside(far)
    listed = (folders.inbox / "hospital/persons.csv").read_text().splitlines()[1:40]
    (folders.lists_inbox / "list.csv").write_text(
        "identifier,effective_from,withdrawn_on\n" + "".join(f"{one.split(',')[0]},2026-01-01,\n" for one in listed)
    )
    data.order_list(
        gwen,
        data.ListOrder(
            list=NATIONAL, namespace="nhs-number", file="list.csv", why_shorter="The list is short in this test."
        ),
    )
    far.work()
    there = {one.name for one in (tmp_path / "bucket/opt_outs").iterdir()}
    assert there == {one.name for one in (folders.store / "opt_outs").iterdir()}
    assert len(there) == 2
    shutil.rmtree(folders.store)
    approved("hospital")  # the trial for the custodian reads the store too
    far.work()
    with sessions() as session:
        row = session.scalars(select(SnapshotRow)).one()
    assert (row.state, row.note) == ("ready", "")
    assert [(one["rule"], one["note"]) for one in row.removed] == [(NATIONAL, "about 40")]
