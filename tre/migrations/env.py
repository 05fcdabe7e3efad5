"""Owns how Alembic runs here: on the connection that `running` hands it, SQLite and PostgreSQL alike. Never run by hand."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from tre.migrations.all_tables import metadata
from tre.plumbing.db import UtcDateTime


def render(kind: str, value: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: a released revision must not change with our code."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
