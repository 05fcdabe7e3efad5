"""What runs without the whole installation here runs on SQLite: what differs between databases is held by the service tests."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """URL of this test's own database."""
    return sqlite_url
