"""The hub's client against the real hub, and the stand-in of the service tests against the same story."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.hub import HubFake
from tests.house.installation import House
from tests.house.parts import wait_until
from tre.kernel.errors import Unavailable
from tre.kernel.plan import MountPlan, seal
from tre.sessions.hub import Hub, HubRefused, Server

PERSON, PROJECT = "amina", "p-aaaaaa"
Sealed = Callable[[], str]


def story(hub: Hub, sealed: Sealed) -> float:
    """One workspace from nothing to nothing; return the seconds that its stop took."""
    assert hub.server(PERSON, PROJECT) is None
    with pytest.raises(HubRefused):
        hub.start(PERSON, PROJECT, sealed_plan=sealed())
    hub.make_known(PERSON)
    hub.shut_out([])
    hub.shut_out(["nobody-here", PERSON])
    hub.shut_out([PERSON])
    hub.shut_out([])
    hub.make_known(PERSON)
    with pytest.raises(HubRefused) as refused:
        hub.start(PERSON, PROJECT, sealed_plan="not.sealed")
    assert refused.value.sentence == "Workspaces are opened from the project's page."
    assert hub.servers() == ()
    hub.start(PERSON, PROJECT, sealed_plan=sealed())
    ready = Server(person_id=PERSON, project_id=PROJECT, is_ready=True)
    wait_until(lambda: hub.server(PERSON, PROJECT) == ready, seconds=60, what="the workspace is ready")
    assert hub.servers() == (ready,)
    with pytest.raises(HubRefused):
        hub.start(PERSON, PROJECT, sealed_plan=sealed())
    before = time.monotonic()
    hub.stop(PERSON, PROJECT)
    wait_until(lambda: hub.server(PERSON, PROJECT) is None, seconds=5, what="the workspace is gone")
    took = time.monotonic() - before
    hub.stop(PERSON, PROJECT)
    hub.stop("nobody-here", PROJECT)
    assert hub.server("nobody-here", PROJECT) is None
    assert hub.servers() == ()
    return took


@pytest.fixture
def installation() -> Iterator[House]:
    house = House()
    try:
        yield house.start()
    finally:
        house.stop()


@pytest.mark.real
@pytest.mark.slow
def test_the_real_hub(installation: House) -> None:
    socket, key = installation.state / "run/hub/hub.sock", installation.secret("plan_key").encode()
    with closing(Hub(socket, installation.secret("hub_portal_token"))) as hub:
        assert story(hub, lambda: seal(installation.plan(PERSON, PROJECT), key)) < 5
    with closing(Hub(socket, "another-token")) as stranger, pytest.raises(HubRefused):
        stranger.servers()


def test_the_stand_in_tells_the_same_story() -> None:
    now, key = time.time(), b"k" * 32
    story(HubFake(key=key, now=now), lambda: seal(_plan(now), key))


# httpcore leaves a socket that could not connect to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_hub_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "no.sock", "token")
    with pytest.raises(Unavailable):
        hub.servers()
    with pytest.raises(Unavailable):
        hub.stop(PERSON, PROJECT)


def _plan(now: float) -> MountPlan:
    return MountPlan(
        session_id="s-1",
        person_id=PERSON,
        project_id=PROJECT,
        project_uid=70_001,
        snapshot_dir="/x",
        workspace_dir="/y",
        session_token="t",
        memory_bytes=1,
        processes=1,
        cpus=1.0,
        expires_at=int(now) + 50,
    )
