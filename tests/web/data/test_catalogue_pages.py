"""The catalogue: for everybody, every column with its meaning, counts rounded, no value of the data."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.factories.catalogue import AT, put_contract, put_dataset, put_row, wide
from tests.fixtures.portal import Browse
from tests.house.opened import Opened
from tests.house.portal import Portal
from tre.data.contracts import shipped_contract
from tre.data.domain.terms import Coverage, PermittedUse, Retention
from tre.data.twin_tables import TwinRow


@pytest.fixture
def catalogue(portal: Portal) -> Portal:
    """Both shipped datasets in use, as the broker and two sign-offs leave them; one has a synthetic twin."""
    with portal.house.sessions() as session:
        for name in ("nhanes", "hospital"):
            put_dataset(session, name)
        session.add(
            TwinRow(
                id="t-1", dataset_id="nhanes", dataset_version="v1", number=1, state="ready", job_id="j", ordered_at=AT
            )
        )
        session.commit()
    return portal


def text_of(page: str) -> str:
    return " ".join(page.split())


def test_an_empty_catalogue_says_so(browse: Browse) -> None:
    assert "No dataset is loaded yet" in browse("").get("/data").text


def test_everybody_sees_what_there_is(catalogue: Portal, browse: Browse) -> None:
    for person in ("", "amina"):
        page = browse(person).get("/data").text
        assert all(shipped_contract(name).title in page for name in ("nhanes", "hospital"))
        assert "Gwen Test" in page


def test_a_dataset_that_nobody_has_signed_off_is_not_there(portal: Portal, browse: Browse) -> None:
    with portal.house.sessions() as session:
        put_dataset(session, "nhanes")
        session.flush()
        from tre.data.tables import DatasetRow

        session.get_one(DatasetRow, "nhanes").current_version = ""
        session.commit()
    assert "No dataset is loaded yet" in browse("").get("/data").text
    assert browse("").get("/data/nhanes").status_code == 404


def test_every_column_that_can_be_asked_for_is_on_its_tables_page(catalogue: Portal, browse: Browse) -> None:
    for name in ("nhanes", "hospital"):
        for table in shipped_contract(name).tables:
            pages = [browse("").get(f"/data/{name}/{table.name}?page={number}").text for number in (1, 2)]
            assert all(f"<code>{one.name}</code>" in "".join(pages) for one in table.published)
            assert not any(
                f"<code>{one.name}</code>" in "".join(pages) for one in table.columns if not one.is_published
            )


def test_counts_are_rounded_and_small_ones_withheld(portal: Portal, browse: Browse) -> None:
    with portal.house.sessions() as session:
        put_dataset(session, "hospital", rows=1234, persons=7)
        session.commit()
    page = text_of(browse("").get("/data/hospital").text)
    assert "about 1,200" in page
    assert "fewer than 10" in page
    assert "rounded to the nearest ten" in page
    everywhere = page + browse("").get("/data/hospital/persons").text + browse("").get("/api/v1/data/hospital").text
    everywhere += browse("").get("/data.jsonld").text
    assert not re.search(r"\b1,?234\b|\b7 (?:people|rows)\b", everywhere)


def test_terms_are_told_in_words_with_their_codes(portal: Portal, browse: Browse) -> None:
    terms = replace(
        shipped_contract("hospital"),
        permitted_uses=(
            PermittedUse(code="DUO:0000006", label="health or medical or biomedical research"),
            PermittedUse(code="DUO:0000022", label="geographical restriction", detail="England"),
        ),
        coverage=Coverage(start=date(2019, 1, 1), until=date(2023, 12, 31), places=("England",), population="All ages"),
        retention=Retention(years=8, reason="the records schedule"),
    )
    with portal.house.sessions() as session:
        put_contract(session, terms, counts=[])
        session.commit()
    page = text_of(browse("").get("/data/hospital").text)
    for words in (
        'Research on health, medicine or biology is permitted. <span class="tre-quiet">(DUO:0000006)</span>',
        "in named places only. England",
        "1 January 2019",
        "All ages",
        "8 years after each was loaded: the records schedule",
        "national data opt-out",
        "How to apply",
    ):
        assert words in page
    uses = browse("").get("/api/v1/data/hospital").json()["uses"]
    assert [one["code"] for one in uses] == ["DUO:0000006", "DUO:0000022"]


def test_the_search_finds_datasets_tables_and_columns_without_a_script(catalogue: Portal, browse: Browse) -> None:
    page = browse("").get("/data?words=SYSTOLIC").text
    assert 'href="/data/nhanes/respondents?words=BPXSY1"' in page
    assert "RIAGENDR" not in page
    assert 'href="/data/hospital/admissions"' in browse("").get("/data?words=stay+hospital").text
    assert 'href="/data/hospital"' in browse("").get("/data?words=made+population").text
    assert "Nothing in the catalogue has “&lt;b&gt;”" in browse("").get("/data?words=<b>").text
    assert "No column of this table fits “&lt;b&gt;”" in browse("").get("/data/nhanes/respondents?words=<b>").text


def test_no_such_thing(catalogue: Portal, browse: Browse) -> None:
    for path in ("/data/../../etc", "/data/nothing", "/data/nhanes/nothing", "/api/v1/data/nothing"):
        assert browse("").get(path).status_code == 404
    assert browse("").get("/data?words=blood&page=99999").status_code == 200
    assert browse("").get("/api/v1/data/nhanes/respondents?page=-3").json()["page"] == 1


def test_practice_is_offered_where_there_is_made_up_data(catalogue: Portal, browse: Browse) -> None:
    assert "/practice/workspace?dataset=nhanes" in browse("").get("/data/nhanes").text
    assert "/practice/workspace?dataset=hospital" not in browse("").get("/data/hospital").text


def test_the_api_says_what_the_pages_say(catalogue: Portal, browse: Browse) -> None:
    nobody = browse("")
    listed = nobody.get("/api/v1/data").json()
    assert {one["dataset_id"] for one in listed} == {"nhanes", "hospital"}
    assert nobody.get("/api/v1/data/nhanes").json() == next(one for one in listed if one["dataset_id"] == "nhanes")
    columns = nobody.get("/api/v1/data/nhanes/respondents?words=systolic").json()
    assert "BPXSY1" in {one["name"] for one in columns["columns"]}
    assert columns["total"] == len(columns["columns"])
    hits = nobody.get("/api/v1/data/search?words=systolic").json()
    assert {one["dataset_id"] for one in hits["found"]} == {"nhanes"}


def test_machines_gather_it_as_linked_data(catalogue: Portal, browse: Browse) -> None:
    answer = browse("").get("/data.jsonld")
    assert answer.headers["content-type"].startswith("application/ld+json")
    told = answer.json()
    assert told["@type"] == "dcat:Catalog"
    hospital = next(one for one in told["dcat:dataset"] if one["dct:identifier"] == "hospital")
    assert hospital["dcat:landingPage"]["@id"].endswith("/data/hospital")
    persons = hospital["dct:hasPart"][0]
    assert "postcode_district" in {one["schema:name"] for one in persons["schema:variableMeasured"]}


def test_five_thousand_columns_are_paged(portal: Portal, browse: Browse) -> None:
    with portal.house.sessions() as session:
        put_row(session, "wide", wide(5_000), counts=[])
        session.commit()
    nobody = browse("")
    nobody.get("/data")
    for path in (
        "/data",
        "/data/wide",
        "/data/wide/answers?page=37",
        "/data?words=question",
        "/api/v1/data/search?words=4999",
    ):
        page = nobody.get(path)
        assert page.status_code == 200
        assert len(page.content) < 300_000
    assert "Showing 3,601 to 3,700 of 5,000" in nobody.get("/data/wide/answers?page=37").text


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_320_pixels(catalogue: Portal, opened: Opened) -> None:
    pages = (
        "/data",
        "/data/hospital",
        "/data/hospital/persons",
        "/data/nhanes/respondents?words=blood",
        "/data?words=blood",
    )
    assert [one for path in pages for one in opened.faults("", path)] == []


@pytest.mark.browser
def test_the_search_works_by_keyboard_alone(catalogue: Portal, opened: Opened) -> None:
    page = opened.page("", "/data")
    page.get_by_role("textbox", name="Search the catalogue").focus()
    page.keyboard.type("systolic")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data?words=systolic")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "BPXSY1" in page.evaluate("() => document.activeElement.getAttribute('href') || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/nhanes/respondents?words=BPXSY1")
