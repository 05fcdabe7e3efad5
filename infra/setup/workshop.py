"""Owns how a piece runs another program: its log, its environment, what a failure says. Must never decide what to make."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

TAIL_LINES = 12
# Every environment's interpreter is Debian's: a service account may run it, one below a person's home it may not.
DEBIAN_PYTHON = Path("/usr/bin/python3")
NETWORK_ADVICE = (
    "If the message speaks of a name that cannot be resolved, a connection or a certificate, this machine cannot reach\n"
    "the package registry: set the mirror and certificate in the settings of the program named above. Then run the same\n"
    "command again; what is done is kept."
)


class PieceFailed(Exception):
    """A piece could not be made: why, and what a person can do about it."""

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice


class Workshop:
    """One piece's bench: runs its programs, keeps their output in a log of its own, and says how far it is."""

    def __init__(self, *, label: str, log: Path, lock: int, checkout: Path) -> None:
        self.label = label
        self.log = log
        self.checkout = checkout
        self.running: set[subprocess.Popen[bytes]] = set()
        self._lock = lock
        self._stopped = threading.Event()

    def say(self, words: str) -> None:
        """Print one line of progress."""
        print(f"{self.label}: {words}", flush=True)

    def run(
        self, command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        """Run a program to its end.

        The child inherits the set-up lock: should set-up itself be killed, no other one starts while its work goes on.
        Raises PieceFailed with the end of what the program said.
        """
        with self.log.open("ab") as log:
            log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
            log.flush()
            child = subprocess.Popen(
                [str(word) for word in command],
                cwd=cwd or self.checkout,
                env=dict(os.environ) | dict(env or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self._lock],
                start_new_session=True,
            )
            self.running.add(child)
            if self._stopped.is_set():
                self._end(child)
            code = child.wait()
            self.running.discard(child)
        if code != 0:
            raise PieceFailed(f"{Path(command[0]).name} ended with {code}:\n{self._tail()}", NETWORK_ADVICE)

    def stop(self) -> None:
        """End what runs now and refuse to start more: another piece has failed, or the person pressed Ctrl-C."""
        self._stopped.set()
        for child in list(self.running):
            self._end(child)

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        try:
            os.killpg(child.pid, signal.SIGTERM)
        except ProcessLookupError:
            return

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        start = max((n for n, line in enumerate(lines) if line.startswith("$ ")), default=0)
        return "\n".join(f"    {line}" for line in lines[start:][-TAIL_LINES:])
