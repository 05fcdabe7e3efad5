"""Where nobody may make accounts or control groups: the walls stand all the same, and the bounds are the older ones."""

import json
from collections.abc import Iterator

import pytest

from tests.house.installation import House, Workspace, as_root

SOME_ACCOUNT = 64_990


@pytest.fixture(scope="module")
def modest() -> Iterator[House]:
    """An installation that was not started as root."""
    house = House(uid=SOME_ACCOUNT if as_root() else None)
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.fixture(scope="module")
def workspace(modest: House) -> Workspace:
    """A workspace in it."""
    return modest.open("amina", "p-aaaaaa", memory_bytes=3 * 1024**3, processes=400)


def test_it_says_what_bounds_there_are(modest: House) -> None:
    told = json.loads((modest.state / "run/hub/limits.json").read_text())
    assert told["account"] == "the hub's own, shared by all projects"
    assert told["sandbox"].startswith("bubblewrap")
    assert set(told) == {"memory", "processes", "cpu", "files", "account", "sandbox", "checked_at"}


def test_the_walls_stand(modest: House, workspace: Workspace) -> None:
    kernel = workspace.kernel()
    look = "import os; print(os.path.exists('/etc/shadow'), os.path.exists({!r}), os.access('/data', os.W_OK), os.getuid())"
    assert kernel.run(look.format(str(modest.state / "secrets"))).text.strip() == "False False False 1000"
    assert kernel.run("import socket; print(socket.if_nameindex())").text.strip() == "[(1, 'lo')]"
    assert (
        kernel.run("import tre; print(tre.connect().sql('select count(*) from visits').fetchone())").text.strip()
        == "(200,)"
    )


def test_the_bounds_hold(workspace: Workspace) -> None:
    kernel = workspace.kernel()
    assert kernel.run("kept = bytearray(4 << 30)").error.startswith("MemoryError")
    fork = (
        "import os, signal\nchildren = []\n"
        "try:\n    while len(children) < 2000:\n        child = os.fork()\n        if child == 0:\n            signal.pause()\n"
        "        children.append(child)\nexcept OSError:\n    pass\n"
        "for child in children:\n    os.kill(child, 9); _ = os.waitpid(child, 0)\nprint(len(children))"
    )
    assert int(kernel.run(fork).text) < 400
    assert kernel.run("print(1 + 1)").text.strip() == "2"


def test_a_stop_ends_all(workspace: Workspace) -> None:
    assert workspace.stop() < 5
