"""The front page, the home of each person, and what is told of the parts."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.portal import Browse
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Portal, make_portal
from tre.data.domain.opt_outs import NATIONAL, REFUSALS, TYPE_1
from tre.data.tables import OptOutListRow
from tre.entrypoints.health import HealthDesk, missing
from tre.plumbing.db import make_engine, make_sessions

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TIMES = {"a": AT, "b": AT.replace(day=21), "c": AT.replace(day=22)}


def _figure(page: str, name: str) -> str:
    return page.split(f"<dt>{name}</dt><dd>")[1].split("<", maxsplit=1)[0]


def test_the_front_page_tells_what_the_register_tells(
    browse: Browse, project_at: ProjectAt, sessions: sessionmaker[Session]
) -> None:
    project_at("draft")
    project_at("submitted")
    project_at("approved")
    project_at("refused")
    lists = [(NATIONAL, "nhs", 5, "a"), (NATIONAL, "nhs", 7, "b"), (TYPE_1, "nhs", 2, "a"), (REFUSALS, "nhs", 4, "a")]
    with sessions() as session:
        session.add_all(
            OptOutListRow(list=name, namespace=space, sha256="0" * 64, persons=persons, loaded_at=TIMES[when])
            for name, space, persons, when in lists
        )
        session.commit()
    page = browse("").get("/").text
    assert _figure(page, "projects decided on") == "2"
    assert _figure(page, "organisation") == "1"
    assert _figure(page, "checked releases") == "0"
    assert _figure(page, "people who opted out") == "fewer than 10"
    with sessions() as session:
        session.add(OptOutListRow(list=NATIONAL, namespace="nhs", sha256="0" * 64, persons=1_234, loaded_at=TIMES["c"]))
        session.commit()
    page = browse("").get("/").text
    assert _figure(page, "people who opted out") == "about 1,200", (
        "the newest of each list, rounded as the catalogue's counts are"
    )
    assert "1,23" not in page


def test_a_researcher_finds_their_projects_with_the_next_step(browse: Browse, project_at: ProjectAt) -> None:
    draft, approved = project_at("draft"), project_at("approved")
    page = browse("amina").get("/").text
    assert f'href="/projects/{draft.project_id}/application">Go on with the application' in page
    assert f'href="/projects/{approved.project_id}/workspace">Open the workspace' in page
    assert draft.project_id not in browse("ben").get("/").text


def test_whoever_decides_or_checks_finds_what_waits(browse: Browse, project_at: ProjectAt) -> None:
    project_at("submitted")
    for person in ("gwen", "farah", "hugo"):
        page = browse(person).get("/").text
        assert "Applications wait for your decision" in page
        assert '<p class="tre-card__count">1</p>' in page
    checker = browse("cara").get("/").text
    assert "Requests to check" in checker
    assert "Nothing now" in checker


def test_whoever_holds_no_role_is_told(portal: Portal) -> None:
    assert "You hold no role yet" in portal.visitor("zoe").get("/").text


@pytest.fixture
def health(portal: Portal) -> HealthDesk:
    return HealthDesk(portal.house)


def test_every_part_is_named_for_people(health: HealthDesk) -> None:
    parts = health.parts()
    assert {one.name for one in parts} >= {"records", "opa", "idp", "proxy", "hub", "session-api", "broker"}
    assert [one.name for one in parts if one.title == one.name or not one.purpose] == []
    assert "records" not in missing(parts)
    assert "hub" in missing(parts), "there is none in this test"


def test_what_is_missing_is_told_to_the_supervisor_and_to_people(browse: Browse) -> None:
    visitor = browse("")
    ready = visitor.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert "hub" in ready.json()["missing"]
    page = visitor.get("/health")
    assert page.status_code == 503
    assert "Does not answer" in page.text
    assert "Projects’ data is built by DuckDB, on this machine." in page.text
    assert visitor.get("/healthz").text == "ok"


def test_records_that_do_not_answer_are_told_and_nothing_breaks(portal: Portal, tmp_path: Path) -> None:
    lost = make_engine(f"sqlite:///{tmp_path}/no-such-folder/tre.sqlite")
    house = replace(portal.house, engine=lost, sessions=make_sessions(lost))
    visitor = make_portal(house).visitor()
    assert "records" in visitor.get("/readyz").json()["missing"]
    assert visitor.get("/health").status_code == 503
    assert visitor.get("/").status_code == 503
    lost.dispose()


def test_bounds_are_told_as_the_hub_found_them(portal: Portal, browse: Browse) -> None:
    folder = portal.house.config.state / "run/hub"
    folder.mkdir(parents=True)
    (folder / "limits.json").write_text(
        '{"memory": "control group, version 2", "checked_at": "2026-11-23T08:00:00+00:00"}'
    )
    page = browse("").get("/health").text
    assert "control group, version 2" in page
    assert "1 hour ago" in page
    (folder / "limits.json").write_text("nonsense")
    assert "has not told yet" in browse("").get("/health").text


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("file", "in a file that only the data broker’s account can read"),
        ("environment", "in the environment of the data broker’s process"),
        ("hashicorp-kv", "in HashiCorp Vault, in its key-value store"),
        ("hashicorp-transit", "wrapped by HashiCorp Vault’s transit engine"),
    ],
)
def test_where_the_vaults_key_is_kept_is_told_and_never_a_key(portal: Portal, provider: str, words: str) -> None:
    config = portal.house.config.model_copy(update={"key_provider": provider})
    page = make_portal(replace(portal.house, config=config)).visitor().get("/health").text
    assert f"The key that makes pseudonyms is kept {words}." in page
