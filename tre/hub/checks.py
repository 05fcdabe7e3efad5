"""Owns the question whether this machine can hold a session at all. Must never let the hub start where it cannot."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tre.hub import process
from tre.hub.limits import Limits
from tre.hub.sandbox import NAMESPACES
from tre.kernel.errors import Unavailable

FIRST_PROJECT_UID = 70_000
# The walls of a session without its folders: what can fail on a machine fails here, before anybody waits for a workspace.
PROBE = (
    "bwrap", *NAMESPACES, "--disable-userns", "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr",
    "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev", "/usr/bin/true",
)  # fmt: skip
SWITCHES = {
    "kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "an AppArmor profile for bwrap with the rule 'userns'"),
    "user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=15000"),
}


def check_sandbox() -> str:
    """Return bubblewrap's version after a sandbox was made in just the way sessions are made.

    Raises:
        Unavailable: it could not be made; the sentence says why and what to do.
    """
    if shutil.which("bwrap") is None:
        raise Unavailable("Workspaces need bubblewrap: install it with 'apt install bubblewrap'.")
    drop: Callable[[], None] | None = (lambda: process.drop_to(FIRST_PROJECT_UID)) if os.geteuid() == 0 else None
    probe = subprocess.run(PROBE, capture_output=True, text=True, check=False, cwd="/", preexec_fn=drop)
    if probe.returncode != 0:
        raise Unavailable(f"This machine cannot make a sandbox ({probe.stderr.strip()}). {advice()}")
    return subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def advice(switches: Path = Path("/proc/sys")) -> str:
    """Return what this machine lacks, by the kernel switches below `switches`."""
    needed = [cure for name, (bad, cure) in SWITCHES.items() if _reads(switches / name, bad)]
    return f"It needs {' and '.join(needed)}." if needed else "User namespaces must be allowed to ordinary accounts."


def _reads(file: Path, value: str) -> bool:
    return file.exists() and file.read_text().strip() == value


def tell_limits(file: Path, limits: Limits, bubblewrap: str, *, quota: str = "") -> None:
    """Write which bounds and walls are in force, for the portal's health page; `quota` is what the file system has, in words."""
    bounds = limits.active()
    if quota:
        bounds["files"] += f"; {quota}"
    told = bounds | {"sandbox": bubblewrap, "checked_at": datetime.now(UTC).isoformat(timespec="seconds")}
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(told, indent=2) + "\n")
    draft.chmod(0o644)
    draft.replace(file)
