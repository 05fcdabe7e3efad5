"""The migrations make exactly the tables that the code declares, on both databases."""

import pytest
from sqlalchemy import inspect

from tre.migrations.all_tables import metadata
from tre.migrations.running import differences, newest, upgrade
from tre.plumbing.db import make_engine


@pytest.mark.parametrize("kind", ["empty_sqlite_url", pytest.param("empty_postgres_url", marks=pytest.mark.postgres)])
def test_migrated_tables_are_those_declared(kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(kind)
    assert upgrade(url) == newest()
    assert differences(url) == []
    assert upgrade(url) == newest(), "a second time changes nothing"
    engine = make_engine(url)
    tables = set(inspect(engine).get_table_names())
    engine.dispose()
    assert tables == {*metadata.tables, "alembic_version"}
