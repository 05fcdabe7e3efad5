"""The field's own words are used, and nothing is named that belongs to nobody or to the workplace."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture._sources import functions, named, parsed, python_files, tracked
from tre.plumbing.config import CHECKOUT

FORBIDDEN = {"user", "users", "item", "items", "manager", "managers", "util", "utils", "helper", "helpers", "misc"}
# JupyterHub, Jupyter, supervisor and the operating system call a person's account a user; where they are spoken to, so do we.
THEIR_WORDS = (
    "tre/hub/",
    "infra/hub/",
    "tests/unit/hub/",
    "tests/attacks/",
    "tests/house/",
    "tests/infra/",
    "notebooks-image/jupyter/",
    "tre/entrypoints/supervise/",
)
TEXTS = {
    ".py",
    ".md",
    ".rego",
    ".mjs",
    ".js",
    ".scss",
    ".html",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".sh",
    ".ini",
    ".txt",
    "",
}
LOCKS = {"uv.lock", "package-lock.json"}


def _defined(path: Path) -> Iterator[tuple[int, str]]:
    """Every name that a file gives to something: functions, classes, arguments, variables."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
    for function in functions(path):
        yield function.lineno, function.name
        every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        yield from ((one.lineno, one.arg) for one in every)


def _words(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))


def test_things_are_named_in_the_fields_words() -> None:
    found = [
        f"{named(path)}:{line} {name}"
        for path in python_files()
        if not named(path).startswith(THEIR_WORDS)
        for line, name in _defined(path)
        if _words(name) & FORBIDDEN
    ]
    assert found == []


def test_modules_are_named_by_what_they_own() -> None:
    assert [named(path) for path in python_files() if _words(path.stem) & FORBIDDEN] == []


def test_no_file_names_the_folder_that_the_checkout_lies_in() -> None:
    found = [
        named(path)
        for path in tracked()
        if path.suffix in TEXTS and path.name not in LOCKS and f"{CHECKOUT}/" in path.read_text(errors="replace")
    ]
    assert found == []
