"""Owns the order of making: each piece as soon as what it needs is there, several at once. Must never make a piece whose
needs failed, nor give a piece its name before it is whole.
"""

import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from infra.setup.paths import Places
from infra.setup.pieces import Piece
from infra.setup.workshop import PieceFailed, Workshop

AT_ONCE = 3
HEARTBEAT_SECONDS = 20.0


@dataclass(frozen=True)
class Done:
    """How a piece was made, and in how many seconds."""

    name: str
    how: str
    seconds: float


@dataclass
class Run:
    """One run of set-up. `labels` gives each piece's name the words it is told by, such as "[3/7] policy server"."""

    places: Places
    checkout: Path
    lock: int
    labels: dict[str, str]
    workshops: dict[str, Workshop] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)

    def make_all(self, todo: Iterable[Piece]) -> list[Done]:
        """Make the pieces, in the order of what they need.

        Raises PieceFailed for the first that fails; the others are stopped, and go on where they were at the next run.
        """
        waiting = {piece.name: piece for piece in todo}
        running: dict[Future[Done], str] = {}
        done: list[Done] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                while waiting or running:
                    missing = {*waiting, *running.values()}
                    for piece in [piece for piece in waiting.values() if missing.isdisjoint(piece.needs)]:
                        del waiting[piece.name]
                        running[pool.submit(self._make, piece)] = piece.name
                    done += self._next(running)
            except BaseException:
                for workshop in self.workshops.values():
                    workshop.stop()
                raise
        return done

    def _next(self, running: dict[Future[Done], str]) -> list[Done]:
        ended, _ = wait(running, timeout=HEARTBEAT_SECONDS, return_when=FIRST_COMPLETED)
        if not ended:
            now = time.monotonic()
            still = [f"{name} ({now - self.begun[name]:.0f} s)" for name in running.values() if name in self.begun]
            print(f"… still at: {', '.join(still)}", flush=True)
        for future in ended:
            del running[future]
        return [future.result() for future in ended]

    def _make(self, piece: Piece) -> Done:
        label = self.labels[piece.name]
        log = self.places.home / "logs" / f"setup-{piece.place.name}.log"
        workshop = self.workshops[piece.name] = Workshop(label=label, log=log, lock=self.lock, checkout=self.checkout)
        begun = self.begun[piece.name] = time.monotonic()
        part = piece.place.with_name(piece.place.name + ".part")
        try:
            how = piece.make(workshop, self.places, part)
        except PieceFailed as failure:
            raise PieceFailed(f"{label}: {failure.why}", f"{failure.advice}\nIts whole log: {log}") from failure
        except OSError as error:
            raise PieceFailed(
                f"{label}: {error}", f"Mend what the message names, then run the same command again.\nIts log: {log}"
            ) from error
        part.rename(piece.place)
        seconds = time.monotonic() - begun
        workshop.say(f"{how} … {seconds:.0f} s")
        return Done(piece.name, how, seconds)
