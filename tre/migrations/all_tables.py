"""Owns the list of modules that declare tables, so that migrations, tests and a new installation see all of them.

Must never be imported by a room.
"""

import importlib
import importlib.util

from sqlalchemy import MetaData

from tre.plumbing.db import Base

MODULES = (
    "tre.plumbing.audit_table",
    "tre.plumbing.jobs",
    "tre.people.tables",
    "tre.projects.tables",
    "tre.data.tables",
    "tre.data.disclosure_tables",
    "tre.data.assessment_tables",
    "tre.data.twin_tables",
    "tre.sessions.tables",
    "tre.register.tables",
    "output_checking.tables",
)


def _load() -> MetaData:
    for name in MODULES:
        room = name.rpartition(".")[0]
        if importlib.util.find_spec(room) and importlib.util.find_spec(name):
            importlib.import_module(name)
    return Base.metadata


metadata = _load()
