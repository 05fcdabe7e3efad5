"""DuckDB in a session reads the snapshot and writes the workspace: no extension, no database or file beyond."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.house.installation import House, Workspace

Run = Callable[[str], str]

SQL = """
import duckdb
def sql(*statements):
    connection = duckdb.connect()
    try:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        return rows
    except duckdb.Error:
        return "refused"
    finally:
        connection.close()
"""


class _Repository(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository() -> Iterator[tuple[str, list[str]]]:
    """A repository of extensions on this machine: its address, and the paths it was asked for."""
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Repository", (_Repository,), {"asked": asked})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_no_extension_is_installed(inside: Run, outside: Run, repository: tuple[str, list[str]]) -> None:
    address, asked = repository
    install = f"{SQL}\nprint(sql(\"set custom_extension_repository='{address}'\", 'force install excel'))"
    assert inside(install) == "refused"
    assert asked == []
    assert outside(install) == "refused"
    assert any("excel" in path for path in asked)
    assert inside(f"{SQL}\nprint(sql('load httpfs'))") == "refused"


def test_nothing_is_read_from_the_network(inside: Run, repository: tuple[str, list[str]]) -> None:
    address, asked = repository
    assert inside(f"{SQL}\nprint(sql(\"select * from read_csv('{address}/x.csv')\"))") == "refused"
    assert asked == []


def test_no_database_beyond_is_attached(inside: Run, outside: Run, ben: Workspace, house: House) -> None:
    other = house.state / "snapshots" / ben.project / "1/views.duckdb"
    attach = f"{SQL}\nprint(sql(\"attach '{other}' as o (read_only)\", 'select count(*) from duckdb_views() where database_name = \\'o\\' and not internal'))"
    assert outside(attach) == "[(1,)]"
    assert inside(attach) == "refused"
    own = f"{SQL}\nprint(sql(\"attach '/data/views.duckdb' as o (read_only)\", 'select count(*) from o.visits'))"
    assert inside(own) == "[(200,)]"


def test_the_snapshot_is_not_opened_for_writing(inside: Run) -> None:
    assert inside(f"{SQL}\nprint(sql(\"attach '/data/views.duckdb' as o\", 'create table o.t (i int)'))") == "refused"


@pytest.mark.parametrize(
    "target",
    [
        "/data/out.parquet",
        "/data/tables/visits.parquet",
        "/etc/out.csv",
        "/usr/out.csv",
        "/run/tre/out.csv",
        "/out.csv",
    ],
)
def test_nothing_is_copied_beyond_the_workspace(inside: Run, target: str) -> None:
    copy = f"{SQL}\nprint(sql(\"copy (select 1 as i) to '{{}}'\"))"
    assert inside(copy.format(target)) == "refused"
    assert inside(copy.format("/workspace/out.csv")) == "[(1,)]"


def test_files_of_the_machine_are_not_read(inside: Run, outside: Run, house: House) -> None:
    secret = house.state / "secrets/plan_key"
    read = f"{SQL}\nprint(sql(\"select length(content) from read_text('{secret}')\"))"
    assert outside(read) == "[(64,)]"
    assert inside(read) in ("[]", "refused")
