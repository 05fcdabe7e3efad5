"""The checks against acro on the same records in one run: a table of 1,000 cells with its margins; and how they grow."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.setup.paths import CHECKOUT, places
from tests.benchmarks.checked_records import records
from tests.benchmarks.measure import Measure

PAIRS = 5
MILLION = 1_000_000
# acro counts records, not persons, and reads a frame that is in memory already: its own best case
ACRO = """
import contextlib, io, json, sys, time, warnings
warnings.simplefilter("ignore")
import acro, pandas as pd
frame = pd.read_parquet(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    session = acro.ACRO(suppress=False)
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        session.crosstab(frame.a, frame.b, values=frame.x, aggfunc="sum", margins=True)
        times.append(time.perf_counter() - start)
print(json.dumps({"times": times}))
"""


def measures() -> Iterator[Measure]:
    """Ask in turn, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="tre-bench-") as name:
        folder = Path(name)
        small = records(folder, count=MILLION, rows=40, columns=25)
        ours, peer = [], []
        for _ in range(PAIRS):
            ours.append(min(_ours(small, runs=2)["times"]))
            peer.append(min(_acro(small, folder, runs=2)["times"]))
        yield from _against(ours, peer)
        large = records(folder, count=10 * MILLION, rows=100, columns=100)
        grown = _ours(large, runs=1)
        yield _within_memory(grown)
        yield _growth(records(folder, count=10 * MILLION, rows=40, columns=25), ours)


def _against(ours: list[float], peer: list[float]) -> Iterator[Measure]:
    mine, theirs = statistics.median(ours), statistics.median(peer)
    name = "Checks of 1,000 cells over 1 million records by person, with margins, against acro by record"
    yield Measure(
        name=name,
        ours=mine,
        peer=theirs,
        ratio=theirs / mine,
        bar="at least 10 times faster",
        holds=theirs >= 10 * mine,
        runs=PAIRS,
    )
    yield Measure(
        name="The same, alone", ours=mine, peer=0.5, ratio=mine / 0.5, bar="under 0.5 s", holds=mine < 0.5, runs=PAIRS
    )


def _within_memory(found: dict[str, Any]) -> Measure:
    peak = found["peak"] / 1e9
    assert found["cells"] == 10_000
    return Measure(
        name="Peak memory of the checks of 10,000 cells over 10 million records",
        ours=peak, peer=1.0, ratio=peak, bar="within 1 GB", holds=peak <= 1.0, runs=1, unit="GB",
    )  # fmt: skip


def _growth(large: Path, small: list[float]) -> Measure:
    taken = min(_ours(large, runs=2)["times"])
    ratio = taken / statistics.median(small)
    return Measure(
        name="Checks of 1,000 cells over 10 million records against 1 million",
        ours=taken, peer=statistics.median(small), ratio=ratio, bar="at most linear: 10 times", holds=ratio <= 10, runs=2,
    )  # fmt: skip


def _ours(path: Path, *, runs: int) -> dict[str, Any]:
    return _answer([sys.executable, "-m", "tests.benchmarks.checks_alone", str(path), str(runs)], CHECKOUT)


def _acro(path: Path, folder: Path, *, runs: int) -> dict[str, Any]:
    return _answer([str(places().notebook / "bin/python"), "-I", "-c", ACRO, str(path), str(runs)], folder)


def _answer(words: list[str], where: Path) -> dict[str, Any]:
    done = subprocess.run(words, cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
