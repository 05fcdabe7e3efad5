"""Owns the start and the end of a sandbox's processes. Must never decide what is in it.

A process is known by its number and its time of start: the kernel gives the number away again.
"""

import asyncio
import json
import os
import resource
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

NAME_PREFIX = "tre-session"
DESCRIPTORS = 4096
_STATE, _STARTED = 0, 19  # fields of /proc/PID/stat behind the name, proc_pid_stat(5)


@dataclass(frozen=True)
class Mark:
    """One process, and no later one of the same number.

    Args:
        pid: process number on this machine.
        started: ticks after boot at which it started.
    """

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Mark":
        """Return the mark of the running process `pid`; raise ProcessLookupError when there is none."""
        fields = _stat(pid)
        if fields is None:
            raise ProcessLookupError(pid)
        return cls(pid, int(fields[_STARTED]))

    def is_alive(self) -> bool:
        """Say whether that very process still runs; one that only waits to be reaped does not."""
        fields = _stat(self.pid)
        return fields is not None and int(fields[_STARTED]) == self.started and fields[_STATE] not in "ZX"

    def kill(self) -> None:
        """Send SIGKILL to that very process, if it still runs."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if self.is_alive():
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        except ProcessLookupError:
            pass
        finally:
            os.close(handle)

    async def ended(self, *, seconds: float) -> bool:
        """Wait until it has ended, at most `seconds`; say whether it has."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(handle, gone.set)
        try:
            if self.is_alive():
                await asyncio.wait_for(gone.wait(), seconds)
        except TimeoutError:
            return not self.is_alive()
        finally:
            loop.remove_reader(handle)
            os.close(handle)
        return True


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How bubblewrap is started.

    Args:
        name: shown as the process's name, so that a sweep finds it without any record.
        options: bubblewrap's options; they hold tokens, so they travel through a pipe, never on the command line.
        command: what runs inside.
        seccomp: BPF program.
        listener: listening socket that the command inherits.
        confine: called in the new process before bubblewrap: joins groups, sets bounds, drops to the project's uid.
        log: file that takes what the session prints.
    """

    name: str
    options: Sequence[str]
    command: Sequence[str]
    seccomp: bytes
    listener: socket.socket
    confine: Callable[[], None]
    log: Path


def start(launch: Launch) -> tuple[subprocess.Popen[bytes], Mark]:
    """Start the sandbox; return bubblewrap and the first process inside, whose end is the end of all inside.

    Raises:
        ChildProcessError: bubblewrap ended before it had made the sandbox; the log says why.
    """
    told, tell = os.pipe()
    options = _pipe("\0".join([*launch.options, ""]).encode())
    program = _pipe(launch.seccomp)
    passed = (tell, options, program, launch.listener.fileno())
    try:
        with launch.log.open("ab") as log:
            bubblewrap = subprocess.Popen(
                [launch.name, "--args", str(options), "--seccomp", str(program), "--info-fd", str(tell), "--", *launch.command],
                executable="bwrap", pass_fds=passed, start_new_session=True,
                # Groups must be joined before the namespaces are made; what runs there makes system calls only.
                preexec_fn=launch.confine,  # noqa: PLW1509
                env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
    finally:
        for descriptor in (tell, options, program):
            os.close(descriptor)
    return bubblewrap, _first_inside(told)


def _first_inside(told: int) -> Mark:
    with os.fdopen(told, "rb") as answer:
        text = answer.read()  # until bubblewrap closes its end, so that it never writes into a closed pipe
    if not text:
        raise ChildProcessError("The sandbox could not be made.")
    return Mark.of(int(json.loads(text)["child-pid"]))


def _pipe(content: bytes) -> int:
    """Return a descriptor from which `content` can be read; a file in memory, since a pipe holds 64 KiB only."""
    descriptor = os.memfd_create("tre")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def drop_to(uid: int) -> None:
    """Become the account `uid`, for good, without any group but its own."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def without_core_files() -> None:
    """A core file would be a copy of the data, written by the kernel outside of the sandbox's rules."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def with_few_descriptors() -> None:
    """Set what a notebook needs, not the hub's own high limit, which the session would inherit."""
    most = min(DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def named(prefix: str) -> list[tuple[str, Mark]]:
    """Return the running sandboxes whose name starts with `prefix`: name and process, outer and inner alike."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (name := _first_argument(folder)).startswith(prefix):
            try:
                found.append((name, Mark.of(int(folder.name))))
            except ProcessLookupError:
                continue
    return found


def _first_argument(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_bytes().split(b"\0", 1)[0].decode(errors="replace")
    except OSError:
        return ""


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
