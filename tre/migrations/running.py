"""Owns bringing a database to the newest revision, and saying whether it is there. Must never change a row's meaning."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tre.migrations.all_tables import metadata
from tre.plumbing.db import make_engine

FOLDER = Path(__file__).parent


def upgrade(url: str) -> str:
    """Bring the database at `url` to the newest revision, in one transaction; return its name. A second call changes nothing."""
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()
    return newest()


def newest() -> str:
    """Return the newest revision there is."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def differences(url: str) -> list[str]:
    """Return how the tables of a migrated database differ from what the code declares; empty when they agree."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    engine.dispose()
    return [str(one) for one in found]


def alembic_config(connection: Connection) -> AlembicConfig:
    """Return Alembic's settings for one connection; there is no ini file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
