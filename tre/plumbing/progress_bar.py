"""Owns how long work shows itself at a command line: a bar on a terminal, plain lines anywhere else. Must never do the work."""

import shutil
import time
from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = 10.0
"""Between plain lines about the same step: a log is read later."""
_WIDEST_BAR = 30
_LEAST_WORDS = 20


class ProgressBar:
    """Shows shares done and what is being done.

    Args:
        stream: where to; a terminal gets a bar that is drawn over, anything else lines.
        clock: seconds that only rise.
    """

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._is_terminal = stream.isatty()
        self._step, self._said_at, self._drawn = "", 0.0, 0

    def show(self, share: float, words: str) -> None:
        """Show that `share` (0 to 1) is done, and the words; rate and time left are among them."""
        if self._is_terminal:
            self._draw(_bar(share, words, width=shutil.get_terminal_size().columns))
            return
        step, now = words.split(",", 1)[0], self._clock()
        if step != self._step or now - self._said_at >= EVERY_SECONDS:
            self._step, self._said_at = step, now
            self._stream.write(f"{share:4.0%} {words}\n")
            self._stream.flush()

    def end(self, words: str) -> None:
        """Say how it ended, on a line of its own."""
        if self._is_terminal:
            self._draw("")
            self._stream.write("\r")
        self._stream.write(f"{words}\n")
        self._stream.flush()

    def _draw(self, line: str) -> None:
        self._stream.write(f"\r{line}{' ' * (self._drawn - len(line))}")
        self._stream.flush()
        self._drawn = len(line)


def _bar(share: float, words: str, *, width: int) -> str:
    """Return one line no wider than the terminal: bar, per cent, words."""
    size = max(0, min(_WIDEST_BAR, width - _LEAST_WORDS - 8))
    done = round(size * min(max(share, 0.0), 1.0))
    return f"[{'#' * done}{'.' * (size - done)}] {share:4.0%} {words}"[: width - 1]
