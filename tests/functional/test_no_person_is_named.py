"""A search of every byte that leaves the vault and the store: snapshot, workspace, logs, audit rows, job payloads, outputs.

On the whole installation, with a project that has every column of the made hospital that may be had, whose researcher has
worked with it. Identifiers are planted first, in each of the places, to show that the search finds them there.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.factories.loaded import AT
from tests.house.identifiers import Find, Persons
from tests.house.parts import wait_until
from tests.house.prepared import PARTS, Prepared
from tests.house.site import Site
from tre.data.contracts import shipped_contract
from tre.entrypoints.bootstrap.house import build_foundations
from tre.plumbing.db import Base
from tre.plumbing.jobs import JobRow

pytestmark = pytest.mark.real

KINDS = {"NHS number", "name", "day of birth", "postcode"}
WORK = """
import duckdb, pathlib
con = duckdb.connect("/data/views.duckdb", read_only=True)
tables = [row[0] for row in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()]
for table in tables:
    con.execute(f"COPY (SELECT * FROM {table}) TO '/workspace/{table}.csv'")
    con.execute(f"COPY (SELECT * FROM {table}) TO '/workspace/{table}.parquet'")
print(len(tables), "tables copied")
"""


def _every_column() -> dict[str, str | list[str]]:
    """The page on data of an application that asks for all that may be had of the made hospital."""
    page: dict[str, str | list[str]] = {"columns": []}
    for table in shipped_contract("hospital").tables:
        page["columns"] = [*page["columns"], *(f"hospital/{table.name}/{one.name}" for one in table.published)]
        page[f"why/hospital/{table.name}"] = "To look for anybody who could be recognised."
    return page


@pytest.fixture(scope="module")
def worked(site: Site) -> Iterator[Prepared]:
    """The project, its data ready, and copies of all of it made in an open workspace."""
    prepared = Prepared(site, parts=PARTS | {"data": _every_column()})
    prepared.put_standing_in_order()
    prepared.begin()
    prepared.approve()
    notebook = prepared.open_workspace()
    told = notebook.run(WORK)
    assert "tables copied" in str(told)
    yield prepared
    prepared.post("ben", f"{prepared.here}/workspace/stop")
    wait_until(lambda: not prepared.lab(), seconds=30, what="the workspace has stopped")
    prepared.close()


@pytest.fixture(scope="module")
def persons(site: Site) -> Persons:
    covered = [shipped_contract(name).coverage for name in ("hospital", "nhanes")]
    days = {day for one in covered if one for day in (one.start, one.until) if day}
    found = Persons.of(site.config.state / "vault/inbox/hospital", written_anyway=days)
    assert len(found.numbers) == 5_000
    return found


def places(prepared: Prepared) -> list[Path]:
    """Every file that a search of bytes is for."""
    state, project = prepared.site.config.state, prepared.project_id
    folders = [state / "snapshots" / project, state / "workspaces" / project, *(state / one for one in ("logs", "run"))]
    folders += [state / "db", state / "shelf"]
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def rows(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of the records, as text: audit rows and job payloads among them."""
    house = build_foundations(site.config)
    with house.sessions() as session:
        for name, table in Base.metadata.tables.items():
            for row in session.execute(select(table)).mappings():
                yield name, json.dumps(dict(row), default=_plain, ensure_ascii=False).encode()
    house.close()


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def search(prepared: Prepared, persons: Persons) -> set[Find]:
    """Search all places."""
    found = {find for path in places(prepared) for find in persons.in_file(path)}
    for name, row in rows(prepared.site):
        found |= persons.in_bytes(row, f"records: {name}")
    return found


def test_the_places_are_there(worked: Prepared) -> None:
    state, names = worked.site.config.state, [str(one) for one in places(worked)]
    for wanted in (
        f"snapshots/{worked.project_id}/1/tables/persons",
        f"workspaces/{worked.project_id}/ben/persons.csv",
    ):
        assert any(one.startswith(str(state / wanted)) for one in names), wanted
    assert any(one.endswith("broker.log") for one in names)
    tables = {name for name, _ in rows(worked.site)}
    assert {"audit", "job", "snapshot", "assessment", "dataset_version", "opt_out_list"} <= tables


@contextmanager
def planted_job(site: Site, text: str) -> Iterator[None]:
    """A job that is done, with `text` in its payload, while the block lasts."""
    house = build_foundations(site.config)
    row = JobRow(id="j-planted", kind="test", subject="test", payload={"text": text}, state="done", queued_at=AT)
    try:
        with house.sessions() as session:
            session.add(row)
            session.commit()
        yield
    finally:
        with house.sessions() as session:
            session.execute(delete(JobRow).where(JobRow.id == "j-planted"))
            session.commit()
        house.close()


def test_nobody_is_named_in_any_byte(worked: Prepared, persons: Persons) -> None:
    found = search(worked, persons)
    assert {(one.kind, Path(one.where).name, one.wrapped) for one in found} == set()


def test_what_is_planted_is_found_in_each_place(worked: Prepared, persons: Persons) -> None:
    """Last, because the records' file keeps traces of a row that was removed from them."""
    raw = worked.site.config.state / "vault/inbox/hospital/persons.csv"
    person = raw.read_text().splitlines()[1]
    for folder in (
        worked.site.config.state / "logs",
        worked.site.config.state / "workspaces" / worked.project_id / "ben",
    ):
        planted = folder / "planted.txt"
        planted.write_bytes(person.encode("utf-16"))
        try:
            assert planted in places(worked)
            found = {one.kind for one in persons.in_file(planted)}
        finally:
            planted.unlink()
        assert found == KINDS, folder
    with planted_job(worked.site, person):
        found = {one.kind for name, row in rows(worked.site) if name == "job" for one in persons.in_bytes(row, name)}
        assert found == KINDS
