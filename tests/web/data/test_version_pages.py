"""Loaded versions: the quality report, the two sign-offs by pages, no row of data, usable by everybody."""

from typing import Any

import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tests.fixtures.portal import Browse
from tests.house.opened import Opened, unfold
from tests.house.portal import Portal
from tre.data.domain.quality import compared
from tre.data.engine.quality import quality_report
from tre.data.service.jobs import INGEST
from tre.data.service.versions import about
from tre.data.tables import DatasetRow, DatasetVersionRow
from tre.plumbing import jobs

NAME = "hospital"


@pytest.fixture(scope="session")
def measured(loaded: Loaded) -> dict[str, Any]:
    """The quality report of the loaded hospital."""
    contract, manifest = loaded.contracts[NAME], loaded.versions[NAME].manifest
    return quality_report(contract, manifest, folders=loaded.folders, before={}, progress=quietly)


@pytest.fixture
def version(portal: Portal, loaded: Loaded, measured: dict[str, Any]) -> str:
    """A version that waits for its first sign-off, as the broker records it; one before it is in use."""
    manifest = loaded.versions[NAME].manifest
    before = _older(measured)
    with portal.house.sessions() as session:
        described = about(loaded.contracts[NAME])
        session.add(DatasetRow(id=NAME, current_version="0" * 16, **described))
        session.flush()
        common = {"dataset_id": NAME, "loaded_at": AT, "manifest_sha256": "1" * 64, "about": described}
        common |= {"loaded_by": "gwen", "sources": manifest["sources"], "counts": _counts(manifest)}
        session.add(DatasetVersionRow(version="0" * 16, state="in_use", quality=before, **common))
        now = compared(measured, before)
        session.add(DatasetVersionRow(version=manifest["version"], state="loaded", quality=now, **common))
        payload = {"dataset": NAME, "origin": {"kind": "inbox"}, "by": "gwen"}
        job = jobs.enqueue(session, INGEST, subject=NAME, payload=payload, now=AT)
        session.flush()
        row = session.get_one(jobs.JobRow, job)
        row.state, row.progress, row.note = "running", 42, "loading persons, 55 MB/s, about 9 s left"
        session.commit()
    return f"/versions/{NAME}/{manifest['version']}"


def _older(report: dict[str, Any]) -> dict[str, Any]:
    """A report of half the rows, with all persons of one sex: the page must point at it."""
    tables = [one | {"rows": one["rows"] // 2} for one in report["tables"]]
    persons = tables[0]
    columns = [
        one | {"bars": [{"label": "female", "rows": 900}]} if one["name"] == "sex" else one
        for one in persons["columns"]
    ]
    return {"version": "0" * 16, "tables": [persons | {"columns": columns}, *tables[1:]]}


def _counts(manifest: Any) -> list[dict[str, Any]]:
    return [{key: one[key] for key in ("name", "rows", "persons", "quarantined")} for one in manifest["tables"]]


def test_the_report_is_shown_and_no_row_of_it(version: str, browse: Browse, loaded: Loaded) -> None:
    page = browse("gwen").get(version).text
    for words in ("Loaded from", "Look at these first", "rows were set aside", "Values of persons", "<svg", "female"):
        assert words in page
    assert "persons.sex: its values are distributed otherwise" in page
    rows = (loaded.raw(NAME) / "persons.csv").read_text().splitlines()[1:200]
    known = {cell for row in rows for cell in row.split(",")[:4] if len(cell) > 5}
    assert not [one for one in known if one in page]


def test_what_is_not_in_it_is_told_to_those_who_sign(version: str, browse: Browse, portal: Portal) -> None:
    assert "was loaded before that was noted" in browse("gwen").get(version).text
    with portal.house.sessions() as session:
        row = session.get_one(DatasetVersionRow, (NAME, version.rsplit("/", 1)[1]))
        row.account = {"absent": [], "lacking": [], "withheld": [], "not_read": []}
        session.commit()
        assert "every file in the folder was read" in browse("gwen").get(version).text
        row.account = {
            "absent": ["deaths"],
            "lacking": [["persons", ["sex", "born"]]],
            "withheld": [["cost", 1_200, "It names nobody."]],
            "not_read": ["devices_exposure.csv"],
        }
        session.commit()
    page = browse("gwen").get(version).text
    for told in (
        "<code>deaths</code>",
        "<code>born</code>: empty in every row",
        "1,200 rows, none kept",
        "devices_exposure.csv",
    ):
        assert told in page


def test_whoever_may_sign_finds_it_on_the_home_page(version: str, browse: Browse) -> None:
    words = "Loaded versions wait for your sign-off"
    assert words in browse("gwen").get("/").text
    for person in ("farah", "amina", "olga"):
        assert words not in browse(person).get("/").text
    browse("gwen").post(f"{version}/sign")
    assert words not in browse("gwen").get("/").text
    for person in ("farah", "olga"):
        assert words in browse(person).get("/").text
    browse("farah").post(f"{version}/accept")
    assert words not in browse("olga").get("/").text


def test_two_persons_sign_by_the_pages(version: str, browse: Browse) -> None:
    assert "Sign as the person who loaded it" not in browse("farah").get(version).text
    assert browse("gwen").post(f"{version}/sign").status_code == 303
    again = browse("gwen").post(f"{version}/accept")
    assert again.status_code == 403
    assert "Another custodian or an admin has to give the second sign-off" in again.text
    assert "Accept: put it into use" in browse("farah").get(version).text
    assert browse("farah").post(f"{version}/accept").status_code == 303
    listed = browse("farah").get("/versions").text
    assert "In use" in listed
    assert "Superseded" in listed


def test_a_refusal_needs_its_reason(version: str, browse: Browse) -> None:
    bare = browse("farah").post(f"{version}/refuse", {"reason": " "})
    assert bare.status_code == 422
    assert "why this version must not be used" in bare.text
    assert browse("farah").post(f"{version}/refuse", {"reason": "Half of it is missing."}).status_code == 303
    page = browse("gwen").get(version).text
    assert "Half of it is missing." in page
    assert "Your decision" not in page


def test_who_is_neither_custodian_nor_admin_sees_nothing(version: str, browse: Browse) -> None:
    for path in ("/versions", "/versions/orders", version):
        assert browse("amina").get(path).status_code == 403
    assert browse("gwen").get("/versions/hospital/nothing").status_code == 404


def test_a_custodian_orders_a_load_and_sees_how_far_it_is(version: str, browse: Browse) -> None:
    page = browse("gwen").get("/versions").text
    assert "loading persons, 55 MB/s, about 9 s left" in page
    assert '<h3 class="nhsuk-heading-s">Made hospital and GP records</h3>' in page
    assert "Loading Made hospital and GP records" in page
    assert "Order the load" in page
    assert "Order the load" not in browse("farah").get("/versions").text
    assert browse("gwen").post("/versions/orders", {"dataset": NAME}).status_code == 303
    assert browse("gwen").post("/versions/orders", {"dataset": "nothing"}).status_code == 404


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_320_pixels(version: str, opened: Opened) -> None:
    assert [one for path in ("/versions", version) for one in opened.faults("gwen", path, unfold)] == []
