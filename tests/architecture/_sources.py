"""Owns finding the project's own files and what is in them, for the tests of the house's rules."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tre.plumbing.config import CHECKOUT

PACKAGES = ("tre", "output_checking", "infra", "notebooks-image", "tests")
MADE_BY_A_TOOL = ("tre/migrations/versions/",)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = (CHECKOUT / name for name in sorted(set(listed.stdout.split("\0"))) if name)
    return tuple(path for path in found if path.is_file())


def named(path: Path) -> str:
    """Return a file's name from the checkout on."""
    return str(path.relative_to(CHECKOUT))


def python_files(*packages: str) -> list[Path]:
    """Return the Python files written by hand under `packages`, all of ours when none is named."""
    within = tuple(f"{one}/" for one in packages or PACKAGES)
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and named(path).startswith(within) and not named(path).startswith(MADE_BY_A_TOOL)
    ]


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
