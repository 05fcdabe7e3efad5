"""Owns the start of one part: `python -m tre.entrypoints.supervise.part [options] -- COMMAND`.

It ties its life to the supervisor's, waits until the parts it needs answer, then becomes the command. Standard library
only, since every restart pays for what is imported here. Must never go on when its supervisor is gone.
"""

import argparse
import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tre.entrypoints.supervise.health import is_healthy

# prctl(2): kept over exec, but cleared by a change of account, so this runs when the account was dropped already.
PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.1  # seconds
TEMPORARY_FAILURE = 75  # sysexits.h EX_TEMPFAIL: the supervisor tries again


def die_with_parent(pid_file: Path) -> None:
    """Have the kernel send SIGTERM to this process when its parent ends; end at once if that has happened already.

    Args:
        pid_file: holds the process id of the one that must be the parent.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if str(os.getppid()) != pid_file.read_text().strip():
        sys.exit("whoever started this part is gone")


def wait_for(addresses: Sequence[str], *, patience: float) -> None:
    """Return once every address answers; end this process after `patience` seconds in all."""
    end = time.monotonic() + patience
    for address in addresses:
        while not is_healthy(address):
            if time.monotonic() > end:
                print(f"gave up waiting for {address}", file=sys.stderr)
                sys.exit(TEMPORARY_FAILURE)
            time.sleep(LOOK_EVERY)


def main(arguments: Sequence[str]) -> None:
    """Become the command."""
    split = list(arguments).index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=Path, required=True, metavar="PIDFILE")
    parser.add_argument("--wait", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--patience", type=float, default=60.0, metavar="SECONDS")
    options = parser.parse_args(arguments[:split])
    command = list(arguments[split + 1 :])
    die_with_parent(options.parent)
    wait_for(options.wait, patience=options.patience)
    os.execvp(command[0], command)  # noqa: S606 - becoming a fixed program is what this is for


if __name__ == "__main__":
    main(sys.argv[1:])
