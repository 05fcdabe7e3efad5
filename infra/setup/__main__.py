"""The command `python3 -m infra.setup [--tests]`: makes what is missing and tells how long each piece took.

Owns the lock that keeps two set-ups apart and the words on the screen. Must never do anything when nothing is missing.
"""

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from infra.setup import paths
from infra.setup.paths import Places
from infra.setup.pieces import Piece, pieces
from infra.setup.schedule import Done, Run
from infra.setup.workshop import PieceFailed

PLACE_ADVICE = (
    "Free some room, or name a folder that you may write to, and run the same command again: TRE_HOME=… make …"
)


def main() -> int:
    """Make what is missing; returns the exit code."""
    parser = argparse.ArgumentParser(prog="infra/setup/run", description="Bring what the TRE runs on; once.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    begun = time.monotonic()
    places = paths.places()
    every = pieces(places, tests=wanted.tests)
    try:
        if not all(piece.is_made() for piece in every):
            with _alone(places.home) as lock:
                _report(_make_missing(places, every, lock), begun)
        link_for_editors(paths.CHECKOUT, places)
    except PieceFailed as failure:
        print(f"\nSet-up stopped at {failure.why}\n\nWhat to do: {failure.advice}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nSet-up cannot write: {error}\n\nWhat to do: {PLACE_ADVICE}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nSet-up interrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    print(f"Set-up: all {len(every)} pieces are in {places.home} ({time.monotonic() - begun:.2f} s)")
    return 0


def link_for_editors(checkout: Path, places: Places) -> None:
    """Let `.venv` name the fullest environment there is, the tests' before the service's.

    A real folder is left alone, and so is a link into another TRE_HOME that still holds: someone else works with it.
    """
    link = checkout / ".venv"
    target = places.test if places.test.is_dir() else places.service
    elsewhere = link.is_symlink() and not link.readlink().is_relative_to(places.home)
    if link.exists() and (elsewhere or not link.is_symlink() or link.readlink() == target):
        return
    fresh = checkout / ".venv.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _make_missing(places: Places, every: Sequence[Piece], lock: int) -> list[Done]:
    """Make the pieces that are still missing: another set-up may have made some while this one waited for the lock."""
    todo = [piece for piece in every if not piece.is_made()]
    labels = {piece.name: f"[{number}/{len(every)}] {piece.name}" for number, piece in enumerate(every, 1)}
    (places.home / "logs").mkdir(exist_ok=True)
    if todo:
        print(f"Set-up: {len(todo)} of {len(every)} pieces to make in {places.home}", flush=True)
    return Run(places, paths.CHECKOUT, lock, labels).make_all(todo)


@contextmanager
def _alone(home: Path) -> Iterator[int]:
    """Hold the set-up lock; yields its descriptor, which every program that set-up starts inherits."""
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / "setup.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                "Set-up: another set-up, or what is left of an interrupted one, is at work in the same folder; waiting",
                flush=True,
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _report(made: Sequence[Done], begun: float) -> None:
    """The table of times. Pieces are made side by side, so their sum is more than the whole."""
    rows = [(piece.name, piece.seconds, piece.how) for piece in made]
    debian = float(os.environ.get("TRE_SETUP_DEBIAN_SECONDS", "0"))
    if debian:
        rows.insert(0, ("Debian packages", debian, "from Debian"))
    print("\nTimes of this set-up (pieces are made side by side)")
    for name, seconds, how in rows:
        print(f"  {name:<22} {seconds:7.1f} s   {how}")
    print(f"  {'the whole':<22} {time.monotonic() - begun + debian:7.1f} s\n", flush=True)


def _stop(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
