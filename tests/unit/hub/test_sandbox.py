"""What bubblewrap is told: every wall is there, mounts are read-only but one, tokens stay off the command line."""

import os
import subprocess
from pathlib import Path

import pytest

from tre.hub.sandbox import Mounts, walls

MOUNTS = Mounts(
    data=Path("/s/data"),
    workspace=Path("/s/workspace"),
    hub_door=Path("/s/door"),
    session_api=Path("/s/session"),
    environment=Path("/s/env"),
    image=Path("/s/image"),
)


def _options() -> list[str]:
    return walls(MOUNTS, {"TOKEN": "x"}, scratch_bytes=4096)


@pytest.mark.parametrize(
    "wall",
    ["--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
     "--disable-userns", "--new-session", "--clearenv"],
)  # fmt: skip
def test_each_wall_is_there(wall: str) -> None:
    assert _options().count(wall) == 1


def test_all_capabilities_are_dropped() -> None:
    assert "--cap-drop ALL" in " ".join(_options())


def test_only_the_workspace_is_mounted_for_writing() -> None:
    options = _options()
    writable = [tuple(options[place + 1 : place + 3]) for place, word in enumerate(options) if word == "--bind"]
    assert writable == [("/s/workspace", "/workspace")]
    assert not {"--dev-bind", "--bind-try", "--share-net"} & set(options)


def test_the_root_is_closed_after_everything_is_mounted() -> None:
    options = _options()
    closing = max(place for place, word in enumerate(options) if word == "--remount-ro")
    assert options[closing + 1] == "/"
    assert not {"--ro-bind", "--bind", "--tmpfs", "--symlink"} & set(options[closing:])


def test_every_memory_file_system_has_a_size() -> None:
    options = _options()
    for place, word in enumerate(options):
        if word == "--tmpfs" and options[place + 1] != "/usr/local":
            assert options[place - 2] == "--size", options[place + 1]


def test_what_the_image_brings_is_there() -> None:
    image = Path(__file__).resolve().parents[3] / "notebooks-image"
    options = walls(Mounts(**{**vars(MOUNTS), "image": image}), {}, scratch_bytes=4096)
    for word in options:
        if word.startswith(str(image)):
            assert Path(word).exists(), word


def test_bubblewrap_takes_the_options_by_descriptor() -> None:
    """Tokens in them must not be seen by `ps`; so they go through a file that only the new process has."""
    told = os.memfd_create("options")
    os.write(told, b"--version\0")
    os.lseek(told, 0, os.SEEK_SET)
    said = subprocess.run(["bwrap", "--args", str(told)], pass_fds=[told], capture_output=True, text=True, check=True)
    os.close(told)
    assert said.stdout.startswith("bubblewrap")
