"""The order of making: needs first, a folder named only when whole, a failure that stops the rest, work taken up again."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.setup import paths
from infra.setup.pieces import Make, Piece
from infra.setup.schedule import Run
from infra.setup.workshop import PieceFailed, Workshop

SLOW_SETUP = """
import fcntl, os, sys
from pathlib import Path
from infra.setup import paths
from infra.setup.pieces import Piece
from infra.setup.schedule import Run

home = Path(sys.argv[1])
def make(workshop, places, folder):
    workshop.run(["sh", "-c", f"mkdir -p {folder}; echo once >> {folder}/work; sleep 3"])
    return "slowly"
lock = os.open(home / "setup.lock", os.O_RDWR | os.O_CREAT)
fcntl.flock(lock, fcntl.LOCK_EX)
Run(paths.places(), paths.CHECKOUT, lock, {"slow": "[1/1] slow"}).make_all([Piece("slow", home / "slow", (), make)])
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    (tmp_path / "logs").mkdir()
    lock = os.open(tmp_path / "setup.lock", os.O_RDWR | os.O_CREAT)
    names = ["first", "second", "third"]
    labels = {name: f"[{number}/3] {name}" for number, name in enumerate(names, 1)}
    yield Run(replace(paths.places(), home=tmp_path), tmp_path, lock, labels)
    os.close(lock)


def shell(command: str) -> Make:
    def make(workshop: Workshop, _places: paths.Places, folder: Path) -> str:
        workshop.run(["sh", "-c", f"mkdir -p {folder}; {command}"])
        return "by the shell"

    return make


def test_a_piece_waits_for_what_it_needs_and_takes_its_name_when_whole(run: Run, tmp_path: Path) -> None:
    made = run.make_all([
        Piece("second", tmp_path / "b", ("first",), shell(f"test -d {tmp_path}/a && test ! -e {tmp_path}/b")),
        Piece("first", tmp_path / "a", (), shell("sleep 0.2")),
    ])  # fmt: skip
    assert [done.name for done in made] == ["first", "second"]
    assert sorted(left.name for left in tmp_path.iterdir() if left.is_dir()) == ["a", "b", "logs"]


def test_a_failure_names_the_piece_and_its_reason_and_stops_the_rest(run: Run, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(PieceFailed) as failure:
        run.make_all([
            Piece("first", tmp_path / "a", (), shell("sleep 60")),
            Piece("second", tmp_path / "b", (), shell("sleep 0.3; echo the disk is full; exit 7")),
            Piece("third", tmp_path / "c", ("second",), shell("true")),
        ])  # fmt: skip
    assert time.monotonic() - begun < 20
    assert "[2/3] second: sh ended with 7" in failure.value.why
    assert "the disk is full" in failure.value.why
    assert "setup-b.log" in failure.value.advice
    assert not any((tmp_path / name).exists() for name in "abc")


def test_a_failed_piece_goes_on_from_what_it_had(run: Run, tmp_path: Path) -> None:
    piece = Piece("first", tmp_path / "a", (), shell(f"echo x >> {tmp_path}/a.part/tries; test -e {tmp_path}/mended"))
    with pytest.raises(PieceFailed):
        run.make_all([piece])
    (tmp_path / "mended").touch()
    run.make_all([piece])
    assert (tmp_path / "a" / "tries").read_text() == "x\nx\n"


def test_a_killed_setup_keeps_its_lock_until_its_programs_end(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    environ = dict(os.environ) | {"TRE_HOME": str(tmp_path), "PYTHONPATH": str(paths.CHECKOUT)}
    setup = subprocess.Popen([sys.executable, "-c", SLOW_SETUP, str(tmp_path)], env=environ)
    deadline = time.monotonic() + 20
    while not (tmp_path / "slow.part" / "work").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    setup.send_signal(signal.SIGKILL)
    setup.wait()
    with (tmp_path / "setup.lock").open("r+") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert not (tmp_path / "slow").exists()
    subprocess.run([sys.executable, "-c", SLOW_SETUP, str(tmp_path)], env=environ, check=True, timeout=30)
    assert (tmp_path / "slow" / "work").read_text() == "once\nonce\n"
