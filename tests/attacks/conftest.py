"""One installation for all attacks: three workspaces, of two projects and three persons."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.house.installation import House, Workspace
from tests.house.notebook import Answer, Kernel

PROJECT, OTHER_PROJECT = "p-aaaaaa", "p-bbbbbb"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of this folder: each needs the real parts."""
    for test in items:
        if "tests/attacks" in str(test.path):
            test.add_marker(pytest.mark.attack)
            test.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A running installation."""
    house = House()
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.fixture(scope="session")
def amina(house: House) -> Workspace:
    """The attacker's workspace."""
    return house.open("amina", PROJECT)


@pytest.fixture(scope="session")
def ben(house: House) -> Workspace:
    """A workspace of another project."""
    return house.open("ben", OTHER_PROJECT)


@pytest.fixture(scope="session")
def esme(house: House) -> Workspace:
    """Another person's workspace of the attacker's project."""
    return house.open("esme", PROJECT)


@pytest.fixture(scope="session")
def attacker(amina: Workspace) -> Iterator[Kernel]:
    """The attacker's kernel."""
    kernel = amina.kernel()
    yield kernel
    kernel.close()


@pytest.fixture
def inside(attacker: Kernel) -> Callable[[str], str]:
    """Run code in the attacker's kernel; return what it printed, stripped."""

    def run(code: str) -> str:
        answer: Answer = attacker.run(code)
        assert not answer.error, answer.error
        return answer.text.strip()

    return run


@pytest.fixture
def outside() -> Callable[[str], str]:
    """Run the same code on this machine without a sandbox: the control that shows what the walls hold off."""

    def run(code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run
