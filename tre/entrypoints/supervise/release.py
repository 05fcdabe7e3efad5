"""Owns the copy of the code that runs, in the state folder. Must never run from the checkout: service accounts may not be able
to read it, and an edit there must not change a running installation.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tre.entrypoints.supervise.programs import Programs

COPIED = ("tre", "output_checking", "infra", "notebooks-image", "pyproject.toml", "uv.lock")
LEFT_OUT = {"__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".venv"}
MARK = "RELEASE"


def make_release(checkout: Path, state: Path, programs: Programs) -> Path:
    """Return `state/release`, made anew if the code or the Node parts differ from what it was made of.

    Raises:
        OSError: no room, or the checkout cannot be read.
    """
    release, files = state / "release", sorted(_files(checkout))
    mark = _digest(checkout, files, programs)
    if _mark_of(release) == mark:
        return release
    fresh, old = state / "release.new", state / "release.old"
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    _copy(checkout, files, fresh)
    (fresh / "node_modules").symlink_to(programs.node_modules)  # where Node looks for the packages of infra/
    _compile(fresh, programs)
    _write(fresh / MARK, mark.encode())
    if release.exists():
        release.rename(old)
    fresh.rename(release)
    shutil.rmtree(old, ignore_errors=True)
    return release


def _files(checkout: Path) -> Iterator[Path]:
    for name in COPIED:
        top = checkout / name
        if top.is_file():
            yield top.relative_to(checkout)
        for folder, below, names in os.walk(top):
            below[:] = [each for each in below if each not in LEFT_OUT]
            yield from ((Path(folder) / each).relative_to(checkout) for each in names)


def _digest(checkout: Path, files: list[Path], programs: Programs) -> str:
    total = hashlib.sha256(f"{programs.node_modules}\0{programs.python}".encode())
    for file in files:
        total.update(f"\0{file}\0".encode() + hashlib.sha256((checkout / file).read_bytes()).digest())
    return total.hexdigest()


def _mark_of(release: Path) -> str:
    try:
        return (release / MARK).read_text()
    except OSError:
        return ""


def _copy(checkout: Path, files: list[Path], target: Path) -> None:
    for file in files:
        _write(target / file, (checkout / file).read_bytes(), executable=os.access(checkout / file, os.X_OK))
    for folder, _, _ in os.walk(target):
        Path(folder).chmod(0o755)


def _write(path: Path, body: bytes, *, executable: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    path.chmod(0o755 if executable else 0o644)


def _compile(folder: Path, programs: Programs) -> None:
    """Compile ahead: the accounts that run the code cannot write beside it, and would compile it at every start.

    A file that cannot be compiled is no error yet: it is one to whoever imports it.
    """
    subprocess.run(
        [programs.python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "tre", "output_checking"],
        cwd=folder, env={"PATH": "/usr/bin:/bin"}, check=False, umask=0o022, stdout=subprocess.DEVNULL,
    )  # fmt: skip
