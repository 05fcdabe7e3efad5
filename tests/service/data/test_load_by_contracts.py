"""Datasets loaded through the broker by contracts other than the demo's: OMOP's, and one of the installation's own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.omop import real_folder
from tests.fixtures.broker import Broker, sign_off
from tre.data import service as data
from tre.data.domain.contract import ColumnClass
from tre.kernel.errors import NotFound
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]
OWN = """\
contract: 1
dataset: clinic
title: A clinic of our own
summary: Visits to a clinic.
source: The clinic
custodian: gwen
legal_basis: Consent
identifier: {kind: whole_number, namespace: clinic-patient}
opt_outs: []
quarantine_limit: 0.5
tables:
  - name: visits
    meaning: Visits
    file: visits
    columns:
      - {name: patient, class: person identifier, type: integer, meaning: Patient}
      - {name: weight, class: generalise, rule: {kind: rounding, step: 5}, type: decimal, meaning: Weight, unit: kg}
"""


def test_an_omop_folder_is_loaded_and_shown(broker: Broker, as_person: As) -> None:
    inbox = broker.desk.folders.inbox / "omop"
    inbox.mkdir()
    for name in ("PERSON", "CONDITION_ERA", "CONCEPT"):
        shutil.copy(real_folder() / f"{name}.csv", inbox)
    data.order_load(as_person("gwen"), "omop", data.Origin())
    assert broker.work() == 1
    (loaded,) = data.list_versions(as_person("gwen")).versions
    account = data.view_version(as_person("farah"), "omop", loaded.version).account
    assert len(account["absent"]) == 34
    assert (account["not_read"], account["lacking"]) == ([], [])
    assert [file for file, _, _ in account["withheld"]] == ["cost", "fact_relationship"]
    assert (data.sign_offs_due(as_person("gwen")), data.sign_offs_due(as_person("farah"))) == (1, 0)
    sign_off(as_person)
    assert data.sign_offs_due(as_person("farah")) == 0
    (view,) = data.view_datasets(as_person("amina"))
    assert (view.entry.dataset_id, len(view.entry.tables)) == ("omop", 37)
    rows = {one["name"]: (one["rows"], one["persons"]) for one in view.counts}
    assert rows["person"] == (1100, 1100)  # 1,130, as counts are told
    assert rows["concept"] == (640, 0)
    assert rows["visit_occurrence"] == (0, 0)
    offered = {column.name for table in view.entry.tables for column in table.columns}
    assert not offered & {"person_id", "person_source_value", "birth_datetime", "address_1", "provider_name"}


def test_a_dataset_is_loaded_by_the_installations_own_contract(
    broker: Broker, as_person: As, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        data.order_load(as_person("gwen"), "clinic", data.Origin())
    own = tmp_path / "contracts"
    own.mkdir()
    monkeypatch.setenv("TRE_CONTRACTS", str(own))
    (own / "clinic.yaml").write_text(OWN)
    inbox = broker.desk.folders.inbox / "clinic"
    inbox.mkdir()
    (inbox / "visits.csv").write_text("patient,weight\n" + "".join(f"{one},{60 + one}\n" for one in range(1, 40)))
    job_id = data.order_load(as_person("gwen"), "clinic", data.Origin())
    assert broker.work() == 1
    with sessions() as session:
        assert session.get_one(JobRow, job_id).state == "done"
    sign_off(as_person)
    (view,) = data.view_datasets(as_person("amina"))
    assert view.entry.title == "A clinic of our own"
    (weight,) = view.entry.tables[0].columns
    assert "rounded to 5" in weight.kind
    assert str(ColumnClass.PERSON_IDENTIFIER) not in weight.kind
