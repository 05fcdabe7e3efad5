"""`tre data load DATASET`: a custodian orders a load and sees its end; a refusal says why."""

import io
from collections.abc import Callable

import pytest

from tests.fixtures.broker import Broker
from tre.data import service as data
from tre.entrypoints.cli import loads
from tre.entrypoints.cli.__main__ import main
from tre.plumbing.progress_bar import ProgressBar
from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_load_is_followed_to_its_end(
    broker: Broker, as_person: As, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loads, "context_here", lambda _config, *, stands_for: as_person(stands_for))
    monkeypatch.setattr("tre.entrypoints.cli.loads.time.sleep", lambda _seconds: broker.work())
    assert main(["data", "load", "hospital", "--as", "gwen"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "  0% waiting for the honest broker",
        "hospital is loaded. It waits for two sign-offs: see Loads on the portal.",
    ]
    assert main(["data", "load", "hospital", "--as", "amina"]) == 1
    assert "Only the custodian of this dataset" in capsys.readouterr().err


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_load_that_comes_to_nothing_says_why(broker: Broker, as_person: As) -> None:
    (broker.desk.folders.inbox / "hospital/deaths.csv").unlink()
    order, log = data.order_load(as_person("gwen"), "hospital", data.Origin()), io.StringIO()
    broker.work()
    assert loads.follow(as_person("gwen"), order, ProgressBar(log)) == 1
    assert "The file deaths is missing" in log.getvalue()
