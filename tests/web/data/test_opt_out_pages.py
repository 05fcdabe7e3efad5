"""The page on people's choices: for those responsible, with its forms, accessible, without a script."""

from datetime import UTC, datetime

import pytest

from tests.factories.loaded import AT
from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.opened import Opened, unfold
from tests.house.portal import Portal
from tre.data.contracts import shipped_contract
from tre.data.domain.opt_outs import NATIONAL
from tre.data.service.catalogue import catalogue_entry
from tre.data.tables import DatasetRow, OptOutListRow, SnapshotRow
from tre.kernel.clock import SetClock

LISTED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def in_use(portal: Portal, project_at: ProjectAt) -> str:
    """A project whose live snapshot was built with no list, and a list in force; return the project's id."""
    project = project_at("approved").project_id
    about = shipped_contract("hospital")
    with portal.house.sessions() as session:
        session.add(
            DatasetRow(
                id="hospital",
                title=about.title,
                summary="",
                source="",
                legal_basis="",
                custodian_id="gwen",
                current_version="v1",
                contract=catalogue_entry(about),
            )
        )
        session.add(
            OptOutListRow(list=NATIONAL, namespace=about.namespace, sha256="0" * 64, persons=4_321, loaded_at=LISTED)
        )
        session.add(
            SnapshotRow(
                id="s-test",
                project_id=project,
                version=1,
                state="ready",
                job_id="j",
                reader_uid=70_001,
                requested_at=LISTED,
                built_at=AT,
                approved=[{"dataset": "hospital", "table": "persons", "columns": ["sex"]}],
            )
        )
        session.commit()
    return project


def test_those_responsible_see_lists_and_what_lags_behind(in_use: str, browse: Browse) -> None:
    for person in ("gwen", "farah"):
        page = browse(person).get("/opt-outs").text
        assert "National data opt-out" in page
        assert "about 4,300" in page
        assert "4,321" not in page
        assert f'href="/projects/{in_use}"' in page
        assert "Waiting" in page
        assert "NHS Act 2006 section 251" in page
    assert browse("amina").get("/opt-outs").status_code == 403
    assert "/opt-outs" not in browse("amina").get("/projects").text
    assert "Load a list" not in browse("farah").get("/opt-outs").text


def test_what_is_overdue_is_told_there_and_on_the_health_page(in_use: str, browse: Browse, clock: SetClock) -> None:
    assert "Yes: no project's data is overdue" in browse("").get("/health").text.replace("&#39;", "'")
    clock.at = datetime(2026, 12, 24, tzinfo=UTC)
    assert "No: the data of 1 project should" in browse("").get("/health").text
    assert "Overdue" in browse("farah").get("/opt-outs").text


def test_a_list_is_ordered_by_its_form(in_use: str, browse: Browse) -> None:
    gwen, typed = browse("gwen"), {"list": NATIONAL, "namespace": "nhs-number", "file": "list.csv", "study": ""}
    gwen.get("/opt-outs")
    assert gwen.post("/opt-outs/lists", typed).status_code == 303
    wrong = gwen.post("/opt-outs/lists", typed | {"file": "../../key", "namespace": "nobody"})
    assert wrong.status_code == 422
    assert wrong.text.count("plain name of a file") == 2


def test_an_exemption_is_given_shown_to_the_public_and_ended(in_use: str, browse: Browse) -> None:
    gwen = browse("gwen")
    typed = {"project": in_use, "from_list": NATIONAL, "dataset": "hospital", "reason": ""}
    gwen.get("/opt-outs")
    assert gwen.post("/opt-outs/exemptions", typed).status_code == 422
    assert gwen.post("/opt-outs/exemptions", typed | {"reason": "Assessment 12 <b>."}).status_code == 303
    page = gwen.get("/opt-outs").text
    assert "Assessment 12 &lt;b&gt;." in page
    assert browse("farah").post("/opt-outs/exemptions/1/end", {}).status_code == 403
    assert gwen.post("/opt-outs/exemptions/1/end", {}).status_code == 303
    assert "No project is exempt from any list" in gwen.get("/opt-outs").text


@pytest.mark.browser
def test_it_is_accessible_and_fits_320_pixels(in_use: str, opened: Opened) -> None:
    assert opened.faults("gwen", "/opt-outs", unfold) == []
