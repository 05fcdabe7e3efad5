"""Processes of a test installation: started on free ports, waited for, ended with all they started."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(true: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Wait until `true()`; return the seconds it took, or fail after `seconds`."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - start


class Part:
    """One program of the installation; what it prints goes to `log`."""

    def __init__(
        self, command: Sequence[str | Path], environ: Mapping[str, str], log: Path, *, uid: int | None = None
    ) -> None:
        self.command, self.environ, self.log = [str(word) for word in command], dict(environ), log
        self.uid = uid
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd="/", user=self.uid, group=self.uid, extra_groups=None if self.uid is None else [],
            )  # fmt: skip

    def end(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 20) -> None:
        """Send it a signal and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            self.process.wait(seconds)
        self.process = None

    def is_running(self) -> bool:
        """Say whether it runs."""
        return self.process is not None and self.process.poll() is None
