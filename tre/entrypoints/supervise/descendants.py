"""Owns the end of what outlives its parent. Must never touch a process that this one did not start, directly or not.

A process that is a "child subreaper" inherits its descendants' orphans (prctl(2)). So whatever happens to supervisor, the
hub or a sandbox, their processes come home, and none is left when the TRE has ended.
"""

import ctypes
import os
import signal
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
_PARENT = 1  # field of /proc/PID/stat behind the name, proc_pid_stat(5)
LOOK_EVERY = 0.05


def adopt_orphans() -> None:
    """Become the parent of every orphan among this process's descendants; raise OSError where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def wait_reaping(child: int) -> int:
    """Return the exit code of `child` when it ends, reaping adopted orphans until then."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def end_children(*, grace: float) -> int:
    """End every child there still is, and then those that come home from them; return how many there were.

    Args:
        grace: seconds between SIGTERM and SIGKILL.
    """
    told: set[int] = set()
    end = time.monotonic() + grace
    while children := _children():
        late = time.monotonic() > end
        for pid in children:
            if late or pid not in told:
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)  # ours and not reaped: the number is still its
                told.add(pid)
        time.sleep(LOOK_EVERY)
        _reap()
    return len(told)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _children() -> list[int]:
    own = str(os.getpid())
    _reap()
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and _parent(folder) == own]


def _parent(folder: Path) -> str:
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()[_PARENT]
    except (OSError, IndexError):
        return ""
