"""How much the engine may keep of a load: less of one that cannot be held anyway, so that ten gigabytes stay within two."""

import os
from pathlib import Path

import pytest

from tre.data.engine.ingest import LARGE_BYTES, LARGE_MEMORY_BYTES, MEMORY_BYTES, memory_for
from tre.data.engine.raw import RawFolder


def sized(folder: Path, name: str, size: int) -> None:
    """Put a file of holes."""
    (folder / name).touch()
    os.truncate(folder / name, size)


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("visits.csv", LARGE_BYTES - 1, MEMORY_BYTES),
        ("visits.csv", LARGE_BYTES, LARGE_MEMORY_BYTES),
        ("visits.csv.gz", LARGE_BYTES // 11, MEMORY_BYTES),
        ("visits.csv.gz", LARGE_BYTES // 9, LARGE_MEMORY_BYTES),
        ("visits.parquet", LARGE_BYTES // 9, LARGE_MEMORY_BYTES),
    ],
)
def test_by_what_lies_there(tmp_path: Path, name: str, size: int, expected: int) -> None:
    sized(tmp_path, name, size)
    assert memory_for(RawFolder(tmp_path, tmp_path / "scratch"), ["visits"]) == expected


def test_all_files_of_a_load_count_together(tmp_path: Path) -> None:
    for one in ("visits", "persons"):
        sized(tmp_path, f"{one}.csv", LARGE_BYTES // 2)
    assert memory_for(RawFolder(tmp_path, tmp_path / "scratch"), ["visits"]) == MEMORY_BYTES
    assert memory_for(RawFolder(tmp_path, tmp_path / "scratch"), ["visits", "persons"]) == LARGE_MEMORY_BYTES
