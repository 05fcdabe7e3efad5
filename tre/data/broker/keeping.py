"""Owns the signs of life: the heartbeat file, and the lease of the job in hand. Must never do the work.

A long statement in the engine gives no call back, so a thread renews the lease; when the lease is lost, the work goes on to
its end and is thrown away there, because ending a job is fenced by the number of tries.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tre.kernel.clock import Clock
from tre.plumbing import jobs
from tre.plumbing.db import SessionMaker

BEAT_SECONDS = 4.0


class Heartbeat:
    """A file whose time says that the broker lives; it holds nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def beat(self) -> None:
        """Put the file's time to now."""
        if self._path:
            self._path.touch()


class Keeper:
    """Keeps the lease of one job, with the progress that the work tells it."""

    def __init__(self, sessions: SessionMaker, clock: Clock, held: jobs.Claim) -> None:
        self._sessions, self._clock, self._held = sessions, clock, held
        self._told = (0, "")

    def tell(self, share: float, words: str) -> None:
        """Say how far the work is: a share from 0 to 1, and what is being done; shown on the page at once."""
        told = (int(share * 100), words)
        if told != self._told:
            self._told = told
            self.renew()

    def renew(self) -> None:
        """Renew the lease."""
        percent, words = self._told
        with self._sessions() as session:
            jobs.renew(session, self._held, now=self._clock.now(), progress=percent, note=words)
            session.commit()


@contextmanager
def kept(keeper: Keeper, heartbeat: Heartbeat) -> Iterator[Keeper]:
    """Renew and beat in the background until the block is done."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(BEAT_SECONDS):
            heartbeat.beat()
            keeper.renew()

    thread = threading.Thread(target=keep, name="keeper", daemon=True)
    thread.start()
    try:
        yield keeper
    finally:
        done.set()
        thread.join()
