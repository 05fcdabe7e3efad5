"""The broker as the process it is: signs of life, SIGTERM, and SIGKILL in the middle of a load."""

import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.opa import Opa
from tre.data import service as data
from tre.plumbing.config import Config
from tre.plumbing.jobs import JobRow
from tre.plumbing.unit_of_work import Context

CHECKOUT = Path(__file__).resolve().parents[3]
SECONDS = 60
pytestmark = pytest.mark.real


@pytest.fixture
def environment(opa_server: Opa, config: Config, database_url: str) -> dict[str, str]:
    """What the supervisor gives the broker."""
    shutil.copy(opa_server.config.state / "secrets/opa_token", config.state / "secrets/opa_token")
    (config.state / "run/broker").mkdir()
    return os.environ | {
        "PYTHONPATH": str(CHECKOUT),
        "TRE_STATE": str(config.state),
        "TRE_OPA_PORT": str(opa_server.config.opa_port),
        "TRE_DATABASE_URL": database_url,
        "TRE_HEARTBEAT": str(config.state / "run/broker/heartbeat"),
    }


@contextmanager
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tre.entrypoints.broker"], env=environment, cwd="/")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def health(environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "tre.entrypoints.broker", "--health"]
    return subprocess.run(command, env=environment, cwd="/", check=False, capture_output=True).returncode


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_in_the_middle_of_a_load_and_started_again(
    environment: dict[str, str],
    engine: Engine,
    sessions: sessionmaker[Session],
    context_of: Callable[..., Context],
    config: Config,
) -> None:
    def job() -> JobRow:
        with sessions() as session:
            return session.get_one(JobRow, job_id)

    ctx = context_of("gwen", "custodian")
    heartbeat = config.state / "run/broker/heartbeat"
    assert health(environment) == 1
    with running(environment) as first:
        wait_for(heartbeat.exists)
        assert health(environment) == 0
        job_id = data.order_load(ctx, "hospital", data.Origin(kind="made", seed=1, size=30_000))
        wait_for(lambda: job().note.startswith("loading "))
        first.kill()
        assert first.wait() == -signal.SIGKILL
    assert job().state == "running"
    assert not list((config.state / "store/hospital").glob("[0-9a-f]*"))
    with running(environment) as second:
        wait_for(lambda: job().state == "done")
        assert job().tries == 2
        assert not list((config.state / "store/hospital").glob(".*"))
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=8) == 0
    (listed,) = data.list_versions(ctx).versions
    assert (listed.state, listed.loaded_by) == ("loaded", "gwen")
    assert data.view_version(ctx, "hospital", listed.version).counts[0]["rows"] == 30_000
    assert heartbeat.read_bytes() == b""
    os.utime(heartbeat, (0, 0))
    assert health(environment) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_only_one(environment: dict[str, str], config: Config) -> None:
    with running(environment):
        wait_for((config.state / "run/broker/heartbeat").exists)
        command = [sys.executable, "-m", "tre.entrypoints.broker"]
        second = subprocess.run(
            command, env=environment, cwd="/", check=False, capture_output=True, text=True, timeout=SECONDS
        )
    assert second.returncode == 1
    assert "only one honest broker may run" in second.stderr


def rotate(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tre.entrypoints.cli", "data", "keys", "rotate", "--as", "farah"]
    return subprocess.run(command, env=environment, cwd="/", check=False, capture_output=True, text=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_keys_of_the_environment_reach_the_broker_alone_and_a_rotation_waits_for_the_next(
    environment: dict[str, str], sessions: sessionmaker[Session], as_person: Callable[[str], Context], config: Config
) -> None:
    as_person("farah")
    heartbeat, provided = config.state / "run/broker/heartbeat", environment | {"TRE_KEY_PROVIDER": "environment"}
    command = [sys.executable, "-m", "tre.entrypoints.broker"]
    without = subprocess.run(command, env=provided, cwd="/", check=False, capture_output=True, text=True)
    assert (without.returncode, heartbeat.exists()) == (1, False)
    assert "TRE_VAULT_KEY_1" in without.stderr
    provided["TRE_VAULT_KEY_1"] = base64.b64encode(b"1" * 32).decode()
    with running(provided):
        wait_for(heartbeat.exists)
        assert rotate(environment).stdout == "Version 2 is ordered: the broker makes it next.\n"
        wait_for(lambda: _rotations(sessions) == ["failed"])
    provided["TRE_VAULT_KEY_2"] = base64.b64encode(b"2" * 32).decode()
    with running(provided):
        assert rotate(environment).returncode == 0
        wait_for(lambda: _rotations(sessions) == ["failed", "done"])
    assert not list((config.state / "vault").glob("*key*"))


def _rotations(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        rows = session.scalars(select(JobRow).where(JobRow.kind == "data.key.rotate").order_by(JobRow.queued_at))
        return [row.state for row in rows]
