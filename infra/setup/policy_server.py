"""Owns how the OPA binary is come by: from the PATH, from the official release, or built from its pinned source.

Must never take a binary whose hash is not pinned, nor another Rego interpreter. The three ways and why are told in
docs/adr/0007-policy-server-binary.md.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from infra.setup import python_environments
from infra.setup.paths import Places
from infra.setup.workshop import PieceFailed, Workshop

SOURCE = Path("infra/opa")
MODULE = "github.com/open-policy-agent/opa"
DOWNLOAD_SECONDS = 10
THREE_WAYS = (
    "There are three ways to get OPA; any one will do, then run the same command again:\n"
    "  1. put an `opa` of at least the pinned version on the PATH,\n"
    "  2. let this machine reach OPA's official release page,\n"
    "  3. let it reach a Go module proxy (GOPROXY), with Go on the PATH or brought from the Python registry."
)


def make(workshop: Workshop, places: Places, folder: Path) -> str:
    """Put `opa` of the pinned version, or a newer one of the same major version, into the folder."""
    folder.mkdir(exist_ok=True)
    pinned = json.loads((workshop.checkout / SOURCE / "release.json").read_text())
    version = str(pinned["version"])
    on_path = _from_path(folder, version)
    if on_path:
        return on_path
    refused = _download(workshop, folder, pinned)
    if refused is None:
        return f"official release {version}, SHA-256 checked"
    go, whence = _go(workshop, places)
    workshop.say(f"building OPA {version} with Go {whence} ({refused}); about a minute and a half")
    _build(workshop, places, folder, go)
    _require(folder, version)
    return f"{version} built with Go {whence} ({refused})"


def version_of(program: str | Path) -> tuple[int, ...] | None:
    """The version that an `opa` or `go` says it has; None if it cannot be run or says nothing of the kind."""
    try:
        said = subprocess.run([program, "version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(?:Version: |go)(\d+)\.(\d+)(?:\.(\d+))?", said)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def is_new_enough(have: tuple[int, ...] | None, wanted: str) -> bool:
    """Whether a version is at least the wanted one and of the same major version."""
    least = tuple(map(int, wanted.split(".")))
    return have is not None and have[0] == least[0] and have >= least


def _from_path(folder: Path, version: str) -> str | None:
    found = shutil.which("opa")
    if not found or not is_new_enough(version_of(found), version):
        return None
    # A copy: the account that runs it may not be able to read where this one lies.
    shutil.copyfile(found, folder / "opa")
    (folder / "opa").chmod(0o755)
    return f"copied from {found}"


def _download(workshop: Workshop, folder: Path, pinned: dict[str, dict[str, dict[str, str | None]]]) -> str | None:
    """Fetch the official release; returns why it was not taken, or None when it was.

    A release without a pinned hash is never fetched: see infra/opa/README.md for how a maintainer pins one.
    """
    release = pinned["releases"].get(os.uname().machine)
    if release is None:
        return "no official release for this kind of machine"
    url, sha256 = release["url"], release["sha256"]
    if not url or not sha256:
        return "no pinned hash for the official release"
    workshop.say("fetching the official release of OPA")
    try:
        # The address is a constant of this repository (release.json), and what comes is checked by its hash.
        with urllib.request.urlopen(url, timeout=DOWNLOAD_SECONDS) as answer:  # noqa: S310
            body = answer.read()
    except (urllib.error.URLError, OSError):
        return "download not reachable"
    if hashlib.sha256(body).hexdigest() != sha256:
        raise PieceFailed("the official release of OPA has another SHA-256 than the pinned one", THREE_WAYS)
    (folder / "opa").write_bytes(body)
    (folder / "opa").chmod(0o755)
    return None


def _go(workshop: Workshop, places: Places) -> tuple[Path, str]:
    """A Go compiler new enough for OPA's source: the machine's own, else the one in the Python lock file."""
    wanted = re.search(r"^go (\S+)$", (workshop.checkout / SOURCE / "go.mod").read_text(), re.MULTILINE)
    own = shutil.which("go")
    if own and wanted and is_new_enough(version_of(own), wanted.group(1)):
        return Path(own), "from the PATH"
    workshop.say("fetching the Go compiler from uv.lock (no new enough one on the PATH)")
    brought = places.home / "cache" / "go-compiler"
    python_environments.sync(workshop, places, brought, groups=["--only-group", "go"], store="go-compiler-store")
    return brought / "bin" / "go", "from uv.lock"


def _build(workshop: Workshop, places: Places, folder: Path, go: Path) -> None:
    """Build from source; go.sum pins every module's hash, so no checksum server need be asked."""
    cache = places.home / "cache" / "go"
    env = {
        "GOFLAGS": "-mod=readonly -trimpath -modcacherw",
        "GOTOOLCHAIN": "local",
        "GOPATH": str(cache / "path"),
        "GOCACHE": str(cache / "build"),
        "CGO_ENABLED": "0",
    }
    command: list[str | Path] = [go, "build", "-ldflags=-s -w", "-o", folder / "opa", MODULE]
    try:
        workshop.run(command, cwd=workshop.checkout / SOURCE, env=env)
    except PieceFailed as failure:
        raise PieceFailed(failure.why, THREE_WAYS) from failure
    # Only an interrupted build needs these again; together they are more than a gigabyte.
    for left in ("go", "go-compiler", "go-compiler-store"):
        shutil.rmtree(places.home / "cache" / left, ignore_errors=True)


def _require(folder: Path, version: str) -> None:
    if not is_new_enough(version_of(folder / "opa"), version):
        raise PieceFailed(f"the OPA just built does not say that it is version {version}", THREE_WAYS)
