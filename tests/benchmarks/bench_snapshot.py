"""Building a snapshot of 50 million event rows against DuckDB copying the same columns, and the memory that it takes.

Ours writes the project's pseudonyms (27 letters) where the copies have a number of eight bytes, lies in their order, syncs
to disk and hashes each file. Each run is a process of its own, so that peak memory is its own too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Measure

ROWS = int(os.environ.get("TRE_BENCH_ROWS", "50000000"))
FEWER = ROWS // 10
RUNS = 5
LEAST_OF_COPY, LEAST_OF_ORDERED, MOST_MEMORY = 0.5, 0.9, 1.3
CHECKOUT = Path(__file__).parents[2]
RUN = """
import json, resource, sys, time
from pathlib import Path
from tests.benchmarks import event_store as made
from tre.data.engine.folders import Folders
kind, folder = sys.argv[1], Path(sys.argv[2])
folders = Folders.under(folder)
if kind == "ours":
    from tre.data.engine.snapshot import build_snapshot
    plan = made.plan_of()
    start = time.perf_counter()
    build_snapshot(plan, folders=folders, key=made.KEY, at=made.AT, progress=made.quietly)
else:
    import duckdb
    engine = duckdb.connect(config={"threads": 2})
    engine.execute("SET enable_progress_bar = false")
    order = " ORDER BY person" if kind == "ordered" else ""
    read = f"SELECT {made.SELECTED} FROM read_parquet('{made.table_path(folders, 'v1')}'){order}"
    start = time.perf_counter()
    engine.execute(f"COPY ({read}) TO '{folder}/copy.parquet' (FORMAT parquet)")
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""


def measures() -> Iterator[Measure]:
    """Run each in turn; the order changes from round to round."""
    with tempfile.TemporaryDirectory() as made:
        full, fewer = Path(made) / "full", Path(made) / "fewer"
        _make(full, ROWS)
        _make(fewer, FEWER)
        times: dict[str, list[float]] = {"ours": [], "copy": [], "ordered": []}
        peaks, small_peaks = [], []
        for turn in range(RUNS):
            for kind in sorted(times, reverse=bool(turn % 2)):
                found = _run(kind, full)
                times[kind].append(found["seconds"])
                if kind == "ours":
                    peaks.append(found["peak"] / 1024)
            small_peaks.append(_run("ours", fewer)["peak"] / 1024)
    yield _speed("copying the same columns unchanged", times["ours"], times["copy"], LEAST_OF_COPY)
    yield _speed("copying them with an ORDER BY", times["ours"], times["ordered"], LEAST_OF_ORDERED)
    ratio = median(peaks) / median(small_peaks)
    yield Measure(
        name=f"Peak memory of a snapshot of {ROWS:,} rows against one of {FEWER:,}",
        ours=median(peaks),
        peer=median(small_peaks),
        ratio=ratio,
        bar=f"ratio at most {MOST_MEMORY}",
        holds=ratio <= MOST_MEMORY,
        runs=RUNS,
        unit="MiB",
    )


def _speed(of: str, ours: list[float], peer: list[float], least: float) -> Measure:
    """Speed is the turn of time: rows a second of ours over those of the peer."""
    ratio = median(peer) / median(ours)
    return Measure(
        name=f"Snapshot of {ROWS:,} event rows in pseudonym order against DuckDB {of}",
        ours=median(ours),
        peer=median(peer),
        ratio=ratio,
        bar=f"speed at least {least} of the peer's",
        holds=ratio >= least,
        runs=RUNS,
    )


def _make(folder: Path, rows: int) -> None:
    code = "import sys; from pathlib import Path; from tests.benchmarks.event_store import make_store; make_store(Path(sys.argv[1]), rows=int(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", code, folder, str(rows)], check=True, cwd=CHECKOUT)


def _run(kind: str, folder: Path) -> dict[str, float]:
    shutil.rmtree(folder / "snapshots", ignore_errors=True)
    (folder / "copy.parquet").unlink(missing_ok=True)
    os.sync()  # what the run before wrote is not to slow this one
    done = subprocess.run(
        [sys.executable, "-c", RUN, kind, folder], check=True, cwd=CHECKOUT, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
