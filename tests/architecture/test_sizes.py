"""Files and functions stay small enough to be read in one sitting."""

import statistics

import pytest

from tests.architecture._sources import MADE_BY_A_TOOL, PACKAGES, functions, named, python_files, tracked

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 12
WRITTEN_BY_HAND = {".py", ".rego", ".mjs", ".js", ".scss", ".css", ".html", ".sh", ".toml"}
LOCKS = {"uv.lock", "package-lock.json"}


def test_files_are_short() -> None:
    long = {
        named(path): lines
        for path in tracked()
        if path.suffix in WRITTEN_BY_HAND
        and path.name not in LOCKS
        and named(path).startswith(tuple(f"{one}/" for one in PACKAGES))
        and not named(path).startswith(MADE_BY_A_TOOL)
        and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{named(path)}:{node.name}": length
        for path in python_files()
        for node in functions(path)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("package", ["tre", "output_checking"])
def test_the_usual_function_is_about_ten_lines(package: str) -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1 for path in python_files(package) for node in functions(path)
    ]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
