"""Owns the measure of what workspaces hold: bytes and files, told to the portal. Must never follow a link, nor open a file.

The hub measures because it alone may enter every workspace. A folder there is written by a researcher while it is walked:
every step is taken from an open folder, never by a path, and a walk that finds too much ends.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

MEASURE_SECONDS = 60
MOST_COUNTED = 2_000_000  # files; whoever holds more is over every bound that makes sense
BLOCK = 512  # bytes; the unit of st_blocks, stat(2)
QUOTAS = {"usrquota", "usrjquota", "uquota", "quota", "prjquota", "pquota"}


@dataclass(frozen=True, kw_only=True)
class Held:
    """What one workspace holds.

    Args:
        session: the hub's key of the running session.
        bytes, files: now; bytes are those taken on the disk, folders count as files.
        first_bytes, first_files: as first measured in this session.
        at: when, ISO 8601 in UTC.
    """

    session: str
    bytes: int
    files: int
    first_bytes: int
    first_files: int
    at: str


def measure(folder: Path) -> tuple[int, int]:
    """Return bytes on the disk and number of files and folders in `folder`; what goes away meanwhile counts nothing."""
    size = files = 0
    for blocks in _walk(folder):
        size, files = size + blocks * BLOCK, files + 1
        if files >= MOST_COUNTED:
            break
    return size, files


def told(file: Path, running: Iterable[tuple[str, str, Path]]) -> dict[str, Held]:
    """Measure the running workspaces, and tell them in `file` beside what was last known of the others.

    Args:
        file: JSON that the portal reads.
        running: of each `person/project`, the session's key and the folder.
    """
    known = _read(file)
    for whose, session, folder in running:
        size, files = measure(folder)
        first = before if (before := known.get(whose)) and before.session == session else None
        known[whose] = Held(
            session=session,
            bytes=size,
            files=files,
            first_bytes=first.first_bytes if first else size,
            first_files=first.first_files if first else files,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    _write(file, known)
    return known


def quota_of(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return what the file system of `folder` itself can hold to, in words; empty where it has no quota."""
    found = ""
    longest = -1
    for line in mounts.read_text().splitlines():
        before, _, after = line.partition(" - ")
        point = before.split()[4].encode().decode("unicode_escape")
        if folder.is_relative_to(point) and len(point) > longest:
            longest, options = len(point), set(f"{before.split()[5]},{after.split()[-1]}".replace("=", ",").split(","))
            found = "the file system's own quota" if options & QUOTAS else ""
    return found


def _walk(folder: Path) -> Iterator[int]:
    try:
        for _, folders, files, at in os.fwalk(folder, follow_symlinks=False):
            for name in (*folders, *files):
                try:
                    yield os.stat(name, dir_fd=at, follow_symlinks=False).st_blocks
                except OSError:
                    continue
    except OSError:
        return


def _read(file: Path) -> dict[str, Held]:
    try:
        return {whose: Held(**one) for whose, one in json.loads(file.read_text()).items()}
    except (OSError, ValueError, TypeError):
        return {}


def _write(file: Path, known: Mapping[str, Held]) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({whose: asdict(one) for whose, one in known.items()}) + "\n")
    draft.chmod(0o644)
    draft.replace(file)
