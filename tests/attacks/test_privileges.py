"""A session has no capability, gains none, and is refused the system calls that only serve to gain one."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

Run = Callable[[str], str]

CALL = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    answer = getattr(libc, name)(*arguments)
    return "done" if answer >= 0 else errno.errorcode[ctypes.get_errno()]
def number(value, *arguments):
    ctypes.set_errno(0)
    answer = libc.syscall(value, *arguments)
    return "done" if answer >= 0 else errno.errorcode[ctypes.get_errno()]
"""
MOUNT = f"{CALL}\nprint(call('mount', b'tmpfs', b'/tmp', b'tmpfs', 0, None))"
REMOUNT = f"{CALL}\nprint(call('mount', None, b'/data', None, 32 | 4096, None))"


def test_nothing_is_mounted(inside: Run) -> None:
    assert _in_own_namespace(MOUNT) == "done"
    assert inside(MOUNT) == "EPERM"
    assert inside(REMOUNT) == "EPERM"
    assert inside(f"{CALL}\nprint(call('umount2', b'/data', 2))") == "EPERM"


@pytest.mark.parametrize("flag", ["CLONE_NEWUSER", "CLONE_NEWNS", "CLONE_NEWNET", "CLONE_NEWPID"])
def test_no_namespace_is_made(inside: Run, outside: Run, flag: str) -> None:
    flags = {
        "CLONE_NEWUSER": 0x10000000,
        "CLONE_NEWNS": 0x00020000,
        "CLONE_NEWNET": 0x40000000,
        "CLONE_NEWPID": 0x20000000,
    }
    value = flags[flag] if os.geteuid() == 0 else flags[flag] | flags["CLONE_NEWUSER"]
    assert outside(f"{CALL}\nprint(call('unshare', {value}))") == "done"
    assert inside(f"{CALL}\nprint(call('unshare', {flags[flag]}))") == "EPERM"
    assert inside(f"{CALL}\nprint(number(56, {flags[flag]} | 17, 0, 0, 0, 0))") == "EPERM"


@pytest.mark.parametrize(
    ("name", "number"),
    [("io_uring_setup", 425), ("bpf", 321), ("keyctl", 250), ("userfaultfd", 323), ("perf_event_open", 298), ("setns", 308),
     ("open_by_handle_at", 304), ("pidfd_getfd", 438), ("move_mount", 429), ("fsopen", 430), ("chroot", 161), ("kexec_load", 246),
     ("init_module", 175), ("process_vm_writev", 311), ("sched_setaffinity", 203)],
)  # fmt: skip
def test_system_calls_that_open_doors_are_refused(inside: Run, outside: Run, name: str, number: int) -> None:
    """Outside the same call gets as far as its arguments, which are nonsense on purpose."""
    if os.uname().machine != "x86_64":
        pytest.fail("numbers of system calls are known for x86_64 only: add those of this machine")
    call = f"{CALL}\nprint(number({number}, -1, 0, 0, 0, 0))"
    assert inside(call) == "EPERM", name
    if os.geteuid() == 0:
        assert outside(call) != "EPERM", name


def test_no_capability_is_held_or_gained(inside: Run) -> None:
    status = inside(
        "print({line.split(':')[0]: line.split()[1] for line in open('/proc/self/status') "
        "if line.startswith(('Cap', 'NoNewPrivs', 'Seccomp:'))})"
    )
    for held in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert f"'{held}': '0000000000000000'" in status
    assert "'NoNewPrivs': '1'" in status
    assert "'Seccomp': '2'" in status


def test_a_program_of_roots_gives_nothing(inside: Run) -> None:
    root = inside(
        "import subprocess; print(subprocess.run(['su', '-c', 'id -u'], capture_output=True, text=True, input='').returncode)"
    )
    assert root != "0"
    assert (
        inside(
            "import os\ntry:\n    os.setuid(0); print('root')\nexcept OSError as error:\n    print(type(error).__name__)"
        )
        != "root"
    )


def test_keystrokes_are_not_put_into_a_terminal(inside: Run, outside: Run) -> None:
    push = f"{CALL}\nmaster, terminal = os.openpty()\nprint(call('ioctl', terminal, 0x5412, b'x'))"
    assert inside(push) == "EPERM"
    assert (
        outside(
            f"{CALL}\nmaster, terminal = os.openpty()\nprint(call('ioctl', terminal, 0x5413, ctypes.create_string_buffer(64)))"
        )
        == "done"
    )


def _in_own_namespace(code: str) -> str:
    wrapper = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    return subprocess.run(
        [*wrapper, sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
