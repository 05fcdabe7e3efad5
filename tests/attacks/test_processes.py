"""A session sees and touches its own processes only, and cannot take more of the machine than it was given."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import requests

from tests.house.installation import House, Workspace, as_root
from tests.house.notebook import Kernel
from tests.house.parts import wait_until

Run = Callable[[str], str]

LIST = "import os; print(sorted(int(name) for name in os.listdir('/proc') if name.isdigit()))"
FORK = """
import os, signal
def fork(most):
    children = []
    try:
        while len(children) < most:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except OSError:
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return len(children)
"""
GRAB = "kept = [bytearray(b'x') * (1 << 20) for _ in range({mebibytes})]; print(len(kept))"
PTRACE = """
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    signal.pause()
answer = libc.ptrace(16, child, None, None)
print("traced" if answer == 0 else os.strerror(ctypes.get_errno()))
os.kill(child, signal.SIGKILL)
_ = os.waitpid(child, 0)
"""
SPIN = """
import os, subprocess, sys, time
spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
time.sleep(3)
for spinner in spinners:
    spinner.kill()
    spinner.wait()
print(os.times().children_user)
"""


def test_only_own_processes_are_seen(inside: Run, outside: Run, ben: Workspace) -> None:
    seen = json.loads(inside(LIST))
    assert 1 in seen
    assert len(seen) < 12
    assert ben.record()["first"][0] in json.loads(outside(LIST))
    own = inside("print([open(f'/proc/{pid}/cmdline').read().split('\\0')[0] for pid in (1, 2)])")
    assert re.fullmatch(r"\['tre-session:[0-9a-f:]+', '.*/bin/python'\]", own)


def test_processes_outside_are_not_signalled(inside: Run, ben: Workspace) -> None:
    outside = [int(ben.record()["first"][0]), os.getpid(), os.getppid()]
    # the sandbox counts its processes anew: one of its own may have the same number
    free = inside(f"import os; print(*(one for one in {outside} if not os.path.exists(f'/proc/{{one}}')))").split()
    assert free
    for target in free:
        tried = f"import os\ntry:\n    os.kill({target}, 9); print('sent')\nexcept OSError as error:\n    print(type(error).__name__)"
        assert inside(tried) == "ProcessLookupError"
        os.kill(int(target), 0)  # it is there, and was not hit


def test_nothing_is_traced(inside: Run, outside: Run) -> None:
    assert outside(PTRACE) == "traced"
    assert inside(PTRACE) == "Operation not permitted"


def test_another_processes_memory_is_not_read_by_call(inside: Run, outside: Run) -> None:
    read = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
source, target = ctypes.create_string_buffer(b"secret"), ctypes.create_string_buffer(6)
local, remote = Span(ctypes.addressof(target), 6), Span(ctypes.addressof(source), 6)
got = libc.process_vm_readv(os.getpid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
print("read" if got == 6 else os.strerror(ctypes.get_errno()))
"""
    assert outside(read) == "read"
    assert inside(read) == "Operation not permitted"


def test_a_fork_bomb_stops_at_the_bound(house: House, amina: Workspace, ben: Workspace, outside: Run) -> None:
    bomber = amina.kernel()
    made = int(bomber.run(f"{FORK}\nprint(fork(1000))").text)
    assert 20 < made < 200
    assert int(outside(f"{FORK}\nprint(fork(400))")) == 400
    assert bomber.run("print(1 + 1)").text.strip() == "2"
    bomber.close()
    _assert_unharmed(house, ben)


def test_a_memory_bomb_ends_the_kernel_alone(house: House, ben: Workspace, outside: Run) -> None:
    small = house.open("hugo", "p-cccccc", memory_bytes=600 * 1024**2)
    bomber = small.kernel()
    answer = bomber.run(GRAB.format(mebibytes=1200))
    assert answer.error in ("KernelDied", "MemoryError: ")
    assert outside(GRAB.format(mebibytes=1200)) == "1200"
    assert requests.get(f"{small.base}api", headers={"Host": small.host}, timeout=10).status_code == 200
    _assert_unharmed(house, ben)
    bomber.close()
    again = small.kernel()
    assert again.run("print(1 + 1)").text.strip() == "2"
    small.stop()


def test_files_in_memory_count_towards_the_bound(house: House) -> None:
    small = house.open("hugo", "p-cccccc", memory_bytes=600 * 1024**2)
    filler = small.kernel()
    fill = """
import errno
def fill(path, mebibytes):
    try:
        with open(path, "wb") as file:
            for _ in range(mebibytes):
                file.write(b"x" * (1 << 20))
        return "filled"
    except OSError as error:
        return errno.errorcode[error.errno]
"""
    assert filler.run(f"{fill}\nprint(fill('/tmp/big', 100))").text.strip() == "filled"
    assert filler.run(
        f"{fill}\nprint(fill('/tmp/big', 300), fill('/dev/shm/big', 300), fill('/home/researcher/big', 300))"
    ).text.split() == (["ENOSPC"] * 3)
    small.stop()


def test_processor_time_is_bounded(house: House, outside: Run) -> None:
    slow = house.open("hugo", "p-cccccc", cpus=0.3)
    spinner = slow.kernel()
    assert float(spinner.run(SPIN).text) < 3 * 0.3 * 1.4
    assert float(outside(SPIN)) > 3 * 0.3 * 1.4
    slow.stop()


def test_a_stop_ends_every_process_and_mount(house: House) -> None:
    others = {
        path.name for path in Path("/proc").iterdir()
    }  # another installation's projects on this machine have the same numbers
    workspace = house.open("hugo", "p-cccccc")
    uid = house.uids["p-cccccc"]
    kernel = workspace.kernel()
    kernel.run(
        "import subprocess\n"
        "for _ in range(5):\n"
        "    subprocess.Popen(['setsid', 'sh', '-c', 'trap \"\" TERM INT HUP; while :; do sleep 100; done'], start_new_session=True)"
    )
    record = workspace.record()
    first, ours = record["first"][0], set(_of_account(uid)) - others
    assert ours or not as_root()
    assert str(house.state / "snapshots/p-cccccc") in _mounts(first)
    assert workspace.stop() < 5
    wait_until(
        lambda: not Path(f"/proc/{first}").exists(), seconds=3, what="the first process, and its mounts, are gone"
    )
    wait_until(lambda: not (ours & set(_of_account(uid)) and as_root()), seconds=3, what="every process is gone")
    for group in record["groups"]:
        assert not Path(group).exists()
    assert not (house.state / "run/hub/s" / record["key"]).exists()


def test_outside_a_project_has_an_account_of_its_own(amina: Workspace, ben: Workspace) -> None:
    owners = [Path(f"/proc/{workspace.record()['first'][0]}").stat().st_uid for workspace in (amina, ben)]
    expected = [amina.house.uids[amina.project], ben.house.uids[ben.project]] if as_root() else [os.geteuid()] * 2
    assert owners == expected
    folder = amina.house.state / "workspaces" / amina.project / amina.person
    assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (expected[0], 0o700)


def _assert_unharmed(house: House, neighbour: Workspace) -> None:
    assert house.hub("GET", "")[0] == 200
    kernel: Kernel = neighbour.kernel()
    assert kernel.run("print(6 * 7)").text.strip() == "42"
    kernel.close()


def _of_account(uid: int) -> list[str]:
    return subprocess.run(
        ["ps", "-U", str(uid), "-o", "pid="], capture_output=True, text=True, check=False
    ).stdout.split()


def _mounts(pid: int) -> str:
    text = ""

    def mounted() -> bool:
        nonlocal text
        text = Path(f"/proc/{pid}/mountinfo").read_text()
        return " /data " in text

    wait_until(mounted, seconds=5, what="/data is mounted")
    return text
