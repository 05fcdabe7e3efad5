"""`tre data opt-outs load`: handed to the broker, taken whole or not at all, and told."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures.broker import Broker
from tre.data.broker import loop
from tre.data.broker.keeping import Heartbeat
from tre.entrypoints.cli import lists
from tre.entrypoints.cli.__main__ import main
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def at_work(
    broker: Broker, as_person: Callable[[str], Context], config: Config, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Broker]:
    """The broker at its round, and Gwen at the command line."""
    monkeypatch.setenv("TRE_STATE", str(config.state))
    monkeypatch.setattr(lists, "context_here", lambda _config, *, stands_for: as_person(stands_for))
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(broker.desk, Heartbeat(None), stop))
    thread.start()
    yield broker
    stop.set()
    thread.join()


def load(path: Path, person: str = "gwen") -> int:
    words = ["data", "opt-outs", "load", str(path), "--list", "national data opt-out", "--namespace", "nhs-number"]
    return main([*words, "--as", person])


def test_a_list_is_in_force_and_no_copy_of_it_stays(
    at_work: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "choices.csv"
    path.write_text("identifier,effective_from\n9990000018,2026-01-01\n")
    assert load(path) == 0
    assert "The list is in force" in capsys.readouterr().out
    assert path.exists()
    assert not list(at_work.desk.folders.lists_inbox.iterdir())


def test_a_list_with_a_fault_is_refused_with_the_line(
    at_work: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "choices.csv"
    path.write_text("identifier,effective_from\n9990000018,2026-01-01\n9990000019,2026-01-01\n")
    assert load(path) == 1
    told = capsys.readouterr().out
    assert "Line 3 has no valid identifier" in told
    assert "999000" not in told
    assert not list(at_work.desk.folders.lists_inbox.iterdir())


def test_whoever_may_not_leaves_nothing_behind(
    at_work: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "choices.csv"
    path.write_text("identifier,effective_from\n9990000018,2026-01-01\n")
    assert load(path, "amina") == 1
    assert "Only a custodian" in capsys.readouterr().err
    assert not list(at_work.desk.folders.lists_inbox.iterdir())
    assert load(tmp_path / "nothing.csv") == 1
    assert load(tmp_path) == 1
