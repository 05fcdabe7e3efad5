"""Owns the start in the background and the stop of an installation, as the command line and the walk use them.

Must never leave a half-started installation without saying which part is missing and where its log is.
"""

import os
import signal
import subprocess
import time

from tre.entrypoints.supervise import tower
from tre.entrypoints.supervise.configuration import settings_of
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import Programs
from tre.entrypoints.supervise.report import wait_until_healthy
from tre.kernel.errors import Conflict, Unavailable
from tre.plumbing.config import CHECKOUT, Config

START_SECONDS = 90.0
STOP_SECONDS = 60.0


def start(config: Config, programs: Programs) -> None:
    """Start the installation in the background and return once every part answers.

    Raises:
        Conflict: it runs already.
        Unavailable: it ended again, or a part did not answer in time; the text names it and its log.
    """
    if pid := tower.running(config.state):
        raise Conflict(f"This TRE is running already, as process {pid}.", code="supervise.running")
    log = config.state / "logs/tower.log"
    tower.prepare(config, programs)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [programs.python, "-m", "tre.entrypoints.supervise", "run"],
            cwd=CHECKOUT, env=dict(os.environ) | settings_of(config) | {"PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    parts = list_parts(config, programs)
    end = time.monotonic() + START_SECONDS
    while missing := wait_until_healthy(parts, patience=1.0):
        if process.poll() is not None:
            raise Unavailable(f"The TRE ended again at once: {log} says why.")
        if time.monotonic() > end:
            raise Unavailable(f"No answer from {', '.join(missing)}: see {config.state / 'logs'}, one file for each.")


def stop(config: Config) -> bool:
    """End the installation and return when its last process has gone; False when none ran.

    Raises:
        Unavailable: it did not end in time.
    """
    pid = tower.running(config.state)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while tower.running(config.state) == pid:
        if time.monotonic() > end:
            raise Unavailable(f"Process {pid} has not ended after {STOP_SECONDS:.0f} s: see {config.state / 'logs'}.")
        time.sleep(0.1)
    return True
