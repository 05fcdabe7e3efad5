"""Ingesting CSV rows against a contract, beside DuckDB's bare read_csv to Parquet of the same file; and the memory of it.

Ours checks every byte and every value, the key among them, numbers the persons, and leaves a hashed version behind. Each load
runs in a process of its own, so that its memory is its own; loads and bare copies take turns. With TRE_BENCH_INGEST_GB=10
one file of that many gigabytes is loaded once more, for its peak of memory: some minutes, and six times that on the disk.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Measure, median_ratio
from tests.benchmarks.rows import write_rows
from tre.plumbing.config import CHECKOUT

ROWS = 10_000_000
FEWER = 2_000_000
RUNS = 5
MOST_BYTES = 2 * 1024**3
BYTES_A_ROW = 59.5
_BOUND = "within 2 GB, whatever the rows: the engine spills what is more than its share"


def measures() -> Iterator[Measure]:
    """Yield the time of a load against the bare copy, and its peak of memory."""
    rows = int(os.environ.get("TRE_BENCH_ROWS", ROWS))
    with tempfile.TemporaryDirectory() as folder:
        whole, part = (write_rows(Path(folder) / str(size), size=size) for size in (rows, rows * FEWER // ROWS))
        ours, peer = [], []
        for _ in range(RUNS):
            ours.append(run("load", whole))
            peer.append(run("copy", whole))
        seconds = [[one["seconds"] for one in series] for series in (ours, peer)]
        yield median_ratio(f"{rows:,} CSV rows into the store against DuckDB's bare copy", *seconds, most=2.0)
        yield _memory(max(one["bytes"] for one in ours), run("load", part)["bytes"])
    if gigabytes := float(os.environ.get("TRE_BENCH_INGEST_GB", "0")):
        yield _large(gigabytes)


def _large(gigabytes: float) -> Measure:
    """Return the peak of memory of one load of one large file."""
    with tempfile.TemporaryDirectory() as folder:
        whole = write_rows(Path(folder) / "large", size=int(gigabytes * 1e9 / BYTES_A_ROW))
        size = (whole / "diagnoses.csv").stat().st_size
        peak = run("load", whole)["bytes"]
    return Measure(
        name=f"Peak of memory while loading one CSV file of {size / 1e9:.1f} GB, against 2 GB",
        ours=peak / 1e6,
        peer=MOST_BYTES / 1e6,
        ratio=peak / MOST_BYTES,
        bar=_BOUND,
        holds=peak <= MOST_BYTES,
        runs=1,
        unit="MB",
    )


def _memory(whole: float, part: float) -> Measure:
    return Measure(
        name="Peak of memory while loading, all rows against a fifth of them",
        ours=whole / 1e6,
        peer=part / 1e6,
        ratio=whole / part,
        bar=_BOUND,
        holds=whole <= MOST_BYTES,
        runs=RUNS,
        unit="MB",
    )


def run(what: str, folder: Path) -> dict[str, float]:
    """Return seconds and peak bytes of one `load` or `copy` of the rows in `folder`, in a process of its own."""
    shutil.rmtree(folder / "state", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.rows", what, folder],
        cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found
