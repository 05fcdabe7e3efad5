"""Owns the record of each running session on disk, by which a restarted hub finds what it no longer knows of.

Must never hold a token: a record says which process and which control groups, nothing more.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tre.hub import cgroups, process
from tre.hub.process import Mark

RECORD = "session.json"


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """One sandbox.

    Args:
        key: its folder's name, 12 hexadecimal characters.
        groups: its control groups.
        first: the first process inside; None until it runs.
    """

    key: str
    groups: tuple[Path, ...]
    first: Mark | None = None


def write(folder: Path, record: SessionRecord) -> None:
    """Save `record` in the session's folder; whole or not at all."""
    mark = [record.first.pid, record.first.started] if record.first else None
    text = json.dumps({"key": record.key, "groups": [str(group) for group in record.groups], "first": mark})
    draft = folder / f"{RECORD}.new"
    draft.write_text(text)
    draft.replace(folder / RECORD)


def read(folder: Path) -> SessionRecord:
    """Return the record in `folder`; one that cannot be read is a session whose start was broken off."""
    try:
        values = json.loads((folder / RECORD).read_text())
    except (OSError, ValueError):
        return SessionRecord(key=folder.name, groups=())
    first = Mark(*values["first"]) if values["first"] else None
    return SessionRecord(key=values["key"], groups=tuple(map(Path, values["groups"])), first=first)


def process_name(sessions: Path, key: str) -> str:
    """Return the name a sandbox's process bears; it can be read inside, so it tells no path of this machine."""
    installation = hashlib.sha256(str(sessions).encode()).hexdigest()[:12]
    return f"{process.NAME_PREFIX}:{installation}:{key}"


def sweep(sessions: Path, *, known: frozenset[str]) -> list[str]:
    """End every sandbox of this installation whose key is not in `known`, and remove its groups and folder.

    Returns:
        The keys of those ended, sorted.
    """
    ended = set()
    prefix = process_name(sessions, "")
    for name, mark in process.named(prefix):
        if (key := name.removeprefix(prefix)) not in known:
            mark.kill()
            ended.add(key)
    for folder in sorted(sessions.iterdir()) if sessions.exists() else []:
        if folder.name in known:
            continue
        record = read(folder)
        if record.first is not None:
            record.first.kill()
        for group in record.groups:
            cgroups.remove_now(group)
        shutil.rmtree(folder, ignore_errors=True)
        ended.add(folder.name)
    return sorted(ended)
