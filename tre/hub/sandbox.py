"""Owns the walls of a session: what bubblewrap is told to mount and to cut off. Must never start a process.

Every option is here because something was tried without it; tests/attacks tries each wall from inside.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HOME = "/home/researcher"
HUB_SOCKET = "/run/hub/hub.sock"
SESSION_API = "/run/tre/session.sock"
LIBRARY = "/opt/tre/library"
STARTER = "/opt/tre/start/sealed_singleuser.py"

NAMESPACES = (
    "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
)  # fmt: skip
SYSTEM_LINKS = ("bin", "lib", "lib64", "sbin")
# What programs expect of /etc and what holds nothing about this machine's people.
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/certs", "/etc/fonts", "/etc/alternatives")
HOME_BYTES = 64 * 1024**2


@dataclass(frozen=True, kw_only=True)
class Mounts:
    """The folders of this machine that a session sees, each at one place.

    Args:
        data: the project's snapshot, read-only at /data.
        workspace: the person's folder in the project, at /workspace.
        hub_door, session_api: folders that hold one socket each.
        environment: the Python environment, read-only at its own path (scripts in it name that path).
        image: the folder `notebooks-image`.
    """

    data: Path
    workspace: Path
    hub_door: Path
    session_api: Path
    environment: Path
    image: Path


def walls(mounts: Mounts, environ: Mapping[str, str], *, scratch_bytes: int) -> list[str]:
    """Return bubblewrap's options.

    Args:
        environ: the whole environment of the session's first process.
        scratch_bytes: size of /tmp and of /dev/shm, each; both count towards the session's memory where cgroups are.
    """
    return [
        *NAMESPACES,
        "--disable-userns",
        *("--uid", "1000", "--gid", "1000", "--hostname", "tre", "--new-session", "--cap-drop", "ALL"),
        *_system(),
        *_scratch(scratch_bytes),
        *_image(mounts),
        *_project(mounts),
        *_environment(environ),
        # Last, when all mount points are made: the root itself is a tmpfs that could be filled.
        *("--remount-ro", "/", "--chdir", "/"),
    ]


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    # What an administrator installed by hand is no part of the environment that was reviewed.
    yield from ("--tmpfs", "/usr/local", "--remount-ro", "/usr/local")
    for name in SYSTEM_LINKS:
        yield from ("--symlink", f"usr/{name}", f"/{name}")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for file in SYSTEM_FILES:
        yield from ("--ro-bind-try", file, file)


def _scratch(size: int) -> Iterator[str]:
    yield from ("--size", str(size), "--tmpfs", "/tmp", "--size", str(size), "--tmpfs", "/dev/shm")  # noqa: S108
    yield from ("--size", str(HOME_BYTES), "--tmpfs", HOME)


def _image(mounts: Mounts) -> Iterator[str]:
    yield from _read_only(mounts.environment, str(mounts.environment))
    yield from _read_only(mounts.image / "library", LIBRARY)
    yield from _read_only(mounts.image / "start", str(Path(STARTER).parent))
    yield from _read_only(mounts.image / "jupyter", "/etc/jupyter")
    for name in ("passwd", "group", "hosts"):
        yield from _read_only(mounts.image / "etc" / name, f"/etc/{name}")


def _project(mounts: Mounts) -> Iterator[str]:
    yield from _read_only(mounts.data, "/data")
    yield from ("--bind", str(mounts.workspace), "/workspace")
    # The folder and not the socket: a restarted hub makes a new socket, and a mount of the old one would lead nowhere.
    yield from _read_only(mounts.hub_door, str(Path(HUB_SOCKET).parent))
    yield from _read_only(mounts.session_api, str(Path(SESSION_API).parent))


def _read_only(source: Path, target: str) -> tuple[str, str, str]:
    return ("--ro-bind", str(source), target)


def _environment(environ: Mapping[str, str]) -> Iterator[str]:
    yield "--clearenv"
    for name, value in environ.items():
        yield from ("--setenv", name, value)
