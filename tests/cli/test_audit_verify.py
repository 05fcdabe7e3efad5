"""`tre audit verify` proves the record whole, names the row that was altered by hand, and says when there is nothing to prove."""

import sqlite3
from pathlib import Path

import pytest

from tests.fixtures.context import MakeContext
from tre.entrypoints.cli.__main__ import main
from tre.kernel.authz import Action
from tre.kernel.facts import NoFacts


@pytest.fixture
def recorded(sqlite_url: str, context_of: MakeContext, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with five recorded acts, which the command finds by its settings."""
    for _ in range(5):
        with context_of("farah", "admin").begin() as unit:
            unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
            unit.record("audit.record.viewed", subject="all")
    monkeypatch.setenv("TRE_DATABASE_URL", sqlite_url)
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: the altering hand below speaks its language."""
    return sqlite_url


def test_a_whole_record_is_proved(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert recorded.exists()
    assert main(["audit", "verify"]) == 0
    assert "whole: 5 rows" in capsys.readouterr().out


def test_a_row_altered_by_hand_is_named(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    altering = sqlite3.connect(recorded)
    for (name,) in altering.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        altering.execute(f'DROP TRIGGER "{name}"')
    altering.execute("UPDATE audit SET person_id = 'somebody-else' WHERE number = 3")
    altering.commit()
    altering.close()
    assert main(["audit", "verify"]) == 2
    assert "row 3" in capsys.readouterr().out


def test_where_there_is_no_record_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRE_STATE", str(tmp_path / "nothing"))
    assert main(["audit", "verify"]) == 1
    assert "start the TRE there first" in capsys.readouterr().err
