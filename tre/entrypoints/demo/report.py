"""Owns what the walk prints: each step, its evidence and its time. Must never print a row, a cell or a secret."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from tre.entrypoints.demo.browser import WalkFailed
from tre.kernel.errors import TreError

Found = TypeVar("Found")


class StepFailed(Exception):
    """The walk ended early: says at which step and why."""


@dataclass
class Report:
    """The printed story of a run."""

    took: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print `title`, do the step, print its time; on a fault say which step failed and why.

        Raises:
            StepFailed: the step did not come out as it must.
        """
        print(f"\n{len(self.took) + 1:2}. {title}", flush=True)
        start = time.monotonic()
        try:
            yield
        except (WalkFailed, TreError, OSError, ValueError, KeyError, LookupError) as error:
            raise StepFailed(
                f"step {len(self.took) + 1}, {title!r}, failed: {type(error).__name__}: {error}"
            ) from error
        seconds = time.monotonic() - start
        self.took.append((title, seconds))
        print(f"    {seconds:.1f} s", flush=True)

    def evidence(self, text: str) -> None:
        """Print one line of what was seen."""
        print(f"    - {text}", flush=True)

    def progress(self, text: str) -> None:
        """Print what is being waited for: in place on a terminal, a line elsewhere only when it changes."""
        if sys.stdout.isatty():
            print(f"\r    … {text:<70}", end="", flush=True)

    def table(self) -> None:
        """Print how long each step took."""
        print("\nSteps and seconds")
        for number, (title, seconds) in enumerate(self.took, start=1):
            print(f"  {number:2}. {title:<72} {seconds:6.1f}")
        print(f"      {'together':<72} {sum(seconds for _, seconds in self.took):6.1f}", flush=True)


def until(report: Report, what: str, check: Callable[[], Found | None], *, seconds: float) -> Found:
    """Ask `check()` until it gives something, and return that.

    Args:
        what: what is being waited for, in words.
        seconds: after which it is given up.

    Raises:
        WalkFailed: it did not come in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        report.progress(what)
        time.sleep(0.2)
    raise WalkFailed(f"{what}: not within {seconds:.0f} s")
