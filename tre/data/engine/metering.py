"""Owns how far a long load is: share done, rate and time left, told in words without data. Must never slow the work down."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tre.data.engine.duck import Connection, EngineError

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done, in words without data."""

EVERY_SECONDS = 1.0
_SURE_AFTER = 3.0
"""Seconds before a rate is told: the first ones say little."""
_MEGABYTE = 1e6
_MINUTE = 60


class Meter:
    """Counts bytes of raw files: each is looked at, then loaded.

    Args:
        tell: told of progress, once a second at most.
        total: bytes to be done.
    """

    def __init__(self, tell: Progress, *, total: int) -> None:
        self._tell, self._total = tell, max(total, 1)
        self._done, self._began, self._told = 0.0, time.monotonic(), 0.0

    def begin(self, words: str) -> None:
        """Say at once what is begun."""
        self._say(words)

    def add(self, words: str, done: float) -> None:
        """Count `done` bytes more."""
        self._done += done
        if time.monotonic() - self._told >= EVERY_SECONDS:
            self._say(words)

    @contextmanager
    def watching(self, engine: Connection, words: str, size: int) -> Iterator[None]:
        """Count `size` bytes while the block runs: the engine is asked how far its statement is."""
        self.begin(words)
        before, ended = self._done, threading.Event()

        def watch() -> None:
            while not ended.wait(EVERY_SECONDS):
                self._done = max(self._done, before + size * _share(engine))
                self._say(words)

        thread = threading.Thread(target=watch, name="meter", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._done = before + size

    def _say(self, words: str) -> None:
        self._told = time.monotonic()
        share, seconds = min(self._done / self._total, 1.0), self._told - self._began
        self._tell(share, f"{words}{pace(self._done, share=share, seconds=seconds)}")


def pace(done: float, *, share: float, seconds: float) -> str:
    """Return rate and time left in words; empty as long as they would be a guess.

    Args:
        done: bytes.
        share: 0 to 1.
        seconds: since the beginning.
    """
    if seconds < _SURE_AFTER or not 0 < share < 1:
        return ""
    left = seconds * (1 - share) / share
    about = f"{left:.0f} s" if left < 2 * _MINUTE else f"{left / _MINUTE:.0f} min"
    return f", {done / seconds / _MEGABYTE:.0f} MB/s, about {about} left"


def _share(engine: Connection) -> float:
    """Return how far the statement in hand is, 0 where that is not known."""
    try:
        return max(engine.query_progress(), 0.0) / 100
    except EngineError:
        return 0.0
