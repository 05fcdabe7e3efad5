"""The tower and supervisor over real parts: what is killed comes back, and nothing is left at the end."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.installation_folder import environment_of, own_config
from tests.house.parts import wait_until
from tre.entrypoints.supervise import control, tower
from tre.entrypoints.supervise.health import is_healthy
from tre.entrypoints.supervise.parts import Part, list_parts
from tre.entrypoints.supervise.programs import find_programs
from tre.entrypoints.supervise.report import report, wait_until_healthy
from tre.plumbing.config import Config

pytestmark = pytest.mark.real
NAMES = ("idp", "proxy")
BACK_WITHIN = 10.0  # seconds


class Running:
    """An installation of identity provider and front door, and one part that leaves a process behind."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.parts: list[Part] = [part for part in list_parts(config, find_programs(os.environ)) if part.name in NAMES]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.house.tower", *NAMES, "straggler"],
            env=environment_of(config),
            start_new_session=True,
        )
        while missing := wait_until_healthy(self.parts, patience=1):
            assert self.process.poll() is None, missing

    def pids(self) -> dict[str, int]:
        """The parts' process ids."""
        return {line.name: line.pid for line in report(self.config.state, self.parts)}

    def everything(self) -> list[str]:
        """Command lines of all processes that belong to this installation."""
        marks = (str(self.config.state).encode(), b"sleep\0%d\0" % self.config.portal_port)
        return [line.replace(b"\0", b" ").decode() for line in _command_lines() if any(mark in line for mark in marks)]

    def supervisord(self) -> int:
        """Process id of supervisord."""
        return int((self.config.state / "run/supervisord.pid").read_text())


def _command_lines() -> Iterator[bytes]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                yield (folder / "cmdline").read_bytes()
            except OSError:
                continue


@contextmanager
def _installation() -> Iterator[Running]:
    with own_config() as config:
        installation = Running(config)
        try:
            yield installation
        finally:
            installation.process.terminate()
            installation.process.wait(30)


@pytest.fixture(scope="module")
def standing() -> Iterator[Running]:
    """A running installation for the tests that leave it running."""
    with _installation() as installation:
        yield installation


@pytest.fixture
def running() -> Iterator[Running]:
    """A running installation for a test that ends it."""
    with _installation() as installation:
        yield installation


def test_a_killed_part_is_back(standing: Running) -> None:
    wait_until(lambda: len(standing.everything()) >= 4, seconds=5, what="the straggler's child runs")
    for part in standing.parts:
        before = standing.pids()[part.name]
        os.kill(before, signal.SIGKILL)
        wait_until(lambda part=part, before=before: standing.pids()[part.name] not in (0, before) and is_healthy(part.health),  # type: ignore[misc]
                   seconds=BACK_WITHIN, what=f"{part.name} is back")  # fmt: skip


def test_ctrl_c_ends_everything(running: Running) -> None:
    os.kill(running.process.pid, signal.SIGINT)
    assert running.process.wait(30) == 0
    assert running.everything() == []
    assert tower.running(running.config.state) is None
    assert not control.stop(running.config)


def test_stop_ends_everything(running: Running) -> None:
    assert tower.running(running.config.state) == running.process.pid
    assert control.stop(running.config)
    assert running.everything() == []


def test_a_killed_supervisor_leaves_nothing(running: Running) -> None:
    os.kill(running.supervisord(), signal.SIGKILL)
    assert running.process.wait(30) != 0
    assert running.everything() == []


def test_a_killed_tower_takes_the_parts_with_it(running: Running) -> None:
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait()

    def parts_left() -> list[str]:
        return [line for line in running.everything() if not line.startswith("sleep")]

    wait_until(lambda: not parts_left(), seconds=20, what="the parts have ended")
    for line in Path("/proc").iterdir():  # the straggler's child has no tower left to end it: this test does
        if line.name.isdigit() and b"sleep\0%d\0" % running.config.portal_port in _read(line / "cmdline"):
            os.kill(int(line.name), signal.SIGKILL)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_a_second_start_is_refused(standing: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tre.entrypoints.supervise", "start"],
        env=environment_of(standing.config),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode != 0
    assert "running already" in second.stderr
    assert wait_until_healthy(standing.parts, patience=1) == []


def test_each_part_runs_under_its_own_account(standing: Running) -> None:
    owners = {name: pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name for name, pid in standing.pids().items()}
    expected = {"idp": "tre-idp", "proxy": "tre-portal"}
    assert owners == (expected if os.geteuid() == 0 else dict.fromkeys(NAMES, pwd.getpwuid(os.geteuid()).pw_name))


def test_a_part_sees_the_settings_and_nothing_of_the_starter(standing: Running) -> None:
    environment = dict(
        entry.split("=", 1)
        for entry in Path(f"/proc/{standing.pids()['proxy']}/environ").read_text().split("\0")
        if entry
    )
    assert environment["TRE_FRONT_PORT"] == str(standing.config.front_port)
    assert not {name for name in environment if not name.startswith(("TRE_", "PYTHON", "SUPERVISOR_"))} - {
        "PATH",
        "HOME",
        "LANG",
        "USER",
        "LOGNAME",
    }


def test_a_part_waits_for_what_it_needs_and_gives_up() -> None:
    with own_config() as config:
        parent = config.state / "parent"
        parent.write_text(str(os.getpid()))
        starter = [sys.executable, "-m", "tre.entrypoints.supervise.part", "--parent", str(parent)]
        needed = config.state / "beat"
        waiting = [*starter, "--wait", f"beat:{needed}:60", "--patience"]
        late = subprocess.run(
            [*waiting, "0.3", "--", "true"], env=environment_of(config), capture_output=True, text=True, check=False
        )
        assert (late.returncode, "gave up waiting" in late.stderr) == (75, True)
        patient = subprocess.Popen([*waiting, "30", "--", "true"], env=environment_of(config))
        time.sleep(0.5)
        assert patient.poll() is None
        needed.touch()
        assert patient.wait(10) == 0


def test_a_part_whose_starter_is_gone_does_not_start() -> None:
    with own_config() as config:
        parent = config.state / "parent"
        parent.write_text("1")
        command = [sys.executable, "-m", "tre.entrypoints.supervise.part", "--parent", str(parent), "--", "true"]
        answer = subprocess.run(command, env=environment_of(config), capture_output=True, text=True, check=False)
        assert (answer.returncode, "is gone" in answer.stderr) == (1, True)
