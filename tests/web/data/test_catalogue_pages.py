"""The catalogue: for everybody, every column with its meaning, no value of the data."""

from datetime import UTC, datetime

import pytest

from tests.fixtures.portal import Browse
from tests.house.axe import overflow, violations
from tests.house.chromium import NARROW, WIDE, running
from tests.house.portal import Portal, listening
from tre.data.contracts import shipped_contract
from tre.data.service.catalogue import catalogue_entry
from tre.data.tables import DatasetRow, DatasetVersionRow

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def catalogue(portal: Portal) -> Portal:
    """Both shipped datasets, as the broker records them after a load."""
    with portal.house.sessions() as session:
        for name in ("nhanes", "hospital"):
            session.add(_row(name))
            session.flush()
            session.add(_version(name))
        session.commit()
    return portal


def _row(name: str) -> DatasetRow:
    about = shipped_contract(name)
    return DatasetRow(
        id=about.dataset, title=about.title, summary=about.summary, source=about.source, legal_basis=about.legal_basis,
        custodian_id=about.custodian, current_version="v1", contract=catalogue_entry(about),
    )  # fmt: skip


def _version(name: str) -> DatasetVersionRow:
    counts = [
        {"name": table.name, "rows": 1234, "persons": 567, "quarantined": {"number is not valid": 8}}
        for table in shipped_contract(name).tables
    ]
    return DatasetVersionRow(dataset_id=name, version="v1", loaded_at=AT, counts=counts, manifest_sha256="0" * 64)


def test_an_empty_catalogue_says_so(browse: Browse) -> None:
    assert "No dataset is loaded yet" in browse("").get("/data").text


def test_everybody_sees_what_there_is(catalogue: Portal, browse: Browse) -> None:
    for person in ("", "amina"):
        page = browse(person).get("/data").text
        assert all(shipped_contract(name).title in page for name in ("nhanes", "hospital"))
        assert "Gwen Test" in page


def test_every_column_that_can_be_asked_for_is_there(catalogue: Portal, browse: Browse) -> None:
    for name in ("nhanes", "hospital"):
        page = browse("").get(f"/data/{name}").text
        for table in shipped_contract(name).tables:
            assert all(f"<code>{column.name}</code>" in page for column in table.published)
        assert "1,234 rows about 567 people" in page
        assert "8 rows were set aside" in page


def test_columns_are_found_by_words(catalogue: Portal, browse: Browse) -> None:
    page = browse("").get("/data/nhanes?words=SYSTOLIC").text
    assert "Systolic" in page
    assert "<code>RIAGENDR</code>" not in page
    assert "No column of this table fits “&lt;b&gt;”" in browse("").get("/data/nhanes?words=<b>").text


def test_no_such_dataset(catalogue: Portal, browse: Browse) -> None:
    assert browse("").get("/data/../../etc").status_code == 404
    assert browse("").get("/data/nothing").status_code == 404


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_320_pixels(catalogue: Portal) -> None:
    faults = []
    with listening(catalogue) as origin, running(origin) as chromium:
        for path in ("/data", "/data/hospital", "/data/nhanes?words=blood"):
            for viewport in (WIDE, NARROW):
                page = chromium.window(viewport=viewport).go(path)
                faults += [f"{path}: {one}" for one in violations(page)]
                faults += [f"{path}: too wide"] if overflow(page) else []
                page.context.close()
    assert faults == []
