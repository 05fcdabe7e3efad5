"""Owns the life of a running installation: from the lock that says it runs to the last process that ends.

One process stays on top: it starts supervisord, hands signals down, inherits every orphan and ends it. Must never restart
a part itself: that is supervisor's.
"""

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tre.entrypoints.supervise import accounts, configuration, descendants, folders, keys, release
from tre.entrypoints.supervise.parts import Part
from tre.entrypoints.supervise.programs import Programs
from tre.kernel.errors import Conflict
from tre.plumbing.config import CHECKOUT, Config

LOCK = "run/tower.pid"
ORPHAN_GRACE = 5.0  # seconds
Preparation = Callable[[Config], None]


def prepare(config: Config, programs: Programs) -> None:
    """Make accounts, folders, secrets and the copy of the code; a second call changes nothing."""
    accounts.make_accounts()
    folders.make_folders(config.state)
    if not config.database_url:
        folders.make_database_file(config.state)
    keys.make_secrets(config.state)
    release.make_release(CHECKOUT, config.state, programs)


def run(config: Config, programs: Programs, parts: Sequence[Part], *, preparations: Sequence[Preparation] = ()) -> int:
    """Run the installation in this process until a signal ends it; return supervisord's exit code.

    Args:
        preparations: called in turn when folders and secrets are there and no part runs yet.

    Raises:
        Conflict: it runs already.
    """
    config.state.mkdir(parents=True, exist_ok=True)
    with _lock(config.state):
        prepare(config, programs)
        for step in preparations:
            step(config)
        descendants.adopt_orphans()
        supervisord = _start(config, programs, parts)
        _hand_down_signals(supervisord)
        code = descendants.wait_reaping(supervisord.pid)
        supervisord.returncode = code
        descendants.end_children(grace=ORPHAN_GRACE)
        return code


def running(state: Path) -> int | None:
    """Return the process id of the tower over `state`, or None when nothing runs there."""
    try:
        with (state / LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int((state / LOCK).read_text())
    return None


@contextmanager
def _lock(state: Path) -> Iterator[None]:
    path = state / LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("This TRE is running already: stop it with 'make stop'.", code="supervise.running") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _start(config: Config, programs: Programs, parts: Sequence[Part]) -> subprocess.Popen[bytes]:
    """Start supervisord, in a session of its own: Ctrl-C reaches it once, through this process."""
    settings = config.state / "run/supervisord.conf"
    settings.touch(mode=0o600)
    settings.write_text(configuration.render(config, parts, python=programs.python))
    tied = ("-m", "tre.entrypoints.supervise.part", "--parent", str(config.state / LOCK), "--")
    return subprocess.Popen(
        [programs.python, *tied, programs.python, "-m", "supervisor.supervisord", "-c", settings],
        env={"PYTHONPATH": str(config.state / "release"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        cwd=config.state,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _hand_down_signals(supervisord: subprocess.Popen[bytes]) -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        supervisord.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
