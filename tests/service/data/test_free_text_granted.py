"""From a form that ticks a column of free text to the snapshot: the custodian is told what stands in it, the project sees it masked."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories import applications
from tests.fixtures.broker import Broker, sign_off
from tests.unit.data.test_free_text import CONTRACT, NUMBERS
from tre.data import service as data
from tre.data.tables import SnapshotRow
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects

As = Callable[[str], Context]
PAGE: dict[str, str | list[str]] = {
    "columns": ["letters/letters/body", "letters/letters/year"],
    "why/letters/letters": "What the letters say is what we study.",
}


@pytest.fixture
def letters(broker: Broker, as_person: As, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Broker:
    """The broker, with letters of a clinic loaded and signed off."""
    own = tmp_path / "contracts"
    own.mkdir()
    monkeypatch.setenv("TRE_CONTRACTS", str(own))
    (own / "letters.yaml").write_text(CONTRACT)
    inbox = broker.desk.folders.inbox / "letters"
    inbox.mkdir()
    people = [f"{one},Quenby{place},Avelina,RX{place}99,1 High Road,female" for place, one in enumerate(NUMBERS)]
    bodies = [f"{one},Ms Quenby{place} of LS1 4AP; Avelina is well.,,2020" for place, one in enumerate(NUMBERS)]
    (inbox / "people.csv").write_text("\n".join(["number,surname,first_name,hospital_no,address,sex", *people, ""]))
    (inbox / "letters.csv").write_text("\n".join(["number,body,note,year", *bodies, ""]))
    data.order_load(as_person("gwen"), "letters", data.Origin())
    assert broker.work() == 1
    sign_off(as_person)
    return broker


def test_a_ticked_column_of_free_text_is_scanned_told_and_masked(
    letters: Broker, as_person: As, real_desk: projects.ProjectsDesk, sessions: sessionmaker[Session]
) -> None:
    project = projects.draft_project(as_person("amina"))
    for name, typed in (applications.PAGES | {"data": PAGE}).items():
        project = projects.save_application(
            as_person("amina"), real_desk, project.project_id, page=name, typed=typed, version=project.version
        )
    project = projects.submit_project(as_person("amina"), real_desk, project.project_id, version=project.version)
    letters.work()
    report = projects.view_project(as_person("gwen"), real_desk, project.project_id).assessment
    (line,) = report.texts
    assert (line.table, line.column, line.names_known) == ("letters", "body", 100)
    assert "postcode in about 40" in line.told
    assert "the person's own name in about 40" in line.told
    applications.approve(project, as_person=as_person, desk=real_desk, datasets=("nhanes",))
    letters.work()
    with sessions() as session:
        row = session.scalars(select(SnapshotRow)).one()
        assert row.state == "ready", row.note
        jobs = f"{[one.payload for one in session.scalars(select(JobRow))]}{report}"
    folder = letters.desk.folders.snapshot(project.project_id, row.version)
    found = duckdb.sql(f"SELECT DISTINCT body FROM '{folder}/tables/letters/*.parquet'").fetchall()
    assert found == [("[name after a title] of [postcode]; [the person's own name] is well.",)]
    told = json.loads((folder / "manifest.json").read_text())["tables"][0]["free_text"]
    assert [(one["column"], one["texts"], one["names_known_percent"]) for one in told] == [("body", "about 40", 100)]
    assert "quenby" not in jobs.lower()
    assert not [path for path in folder.rglob("*") if path.is_file() and b"uenby" in path.read_bytes()]
