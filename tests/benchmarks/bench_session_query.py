"""A query in a session against the same query in plain DuckDB on the same Parquet, outside, with as many threads."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks.measure import Measure, median_ratio
from tests.house.installation import House, Workspace
from tests.house.notebook import Kernel
from tests.house.snapshot import Table, build_snapshot

PAIRS = 15
MOST = 1.05
ROWS = 8_000_000
PROJECT = "p-aaaaaa"
EVENTS = {
    "events": Table(
        f"select hash(i) % 1000000 as person, hash(i + 1) % 90 as age, hash(i + 2) % 20 as chapter, "
        f"(hash(i + 3) % 1000) / 10 as value from range({ROWS}) t(i)",
        ROWS,
        tuple((name, name, "") for name in ("person", "age", "chapter", "value")),
    )
}
QUERY = "select chapter, age // 10 as band, count(distinct person), avg(value), stddev(value) from {events} group by all order by all"
TIME = """
import time
def timed():
    start = time.perf_counter()
    con.execute('''{query}''').fetchall()
    return time.perf_counter() - start
"""


def measures() -> Iterator[Measure]:
    """Ask in turn: the session's own kernel through the view, and a process of this machine straight from the file."""
    with ExitStack() as stack:
        house = House()
        stack.callback(house.stop)
        house.start()
        snapshot = house.state / "snapshots" / PROJECT / "1"
        build_snapshot(snapshot, house.places.notebook, project=PROJECT, tables=EVENTS)
        workspace = house.open("amina", PROJECT, cpus=2.0, memory_bytes=4 * 1024**3)
        kernel, outside = _kernel(workspace), _outside(house)
        stack.callback(outside.terminate)
        ours: list[float] = []
        peer: list[float] = []
        for pair in range(PAIRS):
            if pair % 2:
                ours.append(_inside(kernel))
            peer.append(_answer(outside))
            if not pair % 2:
                ours.append(_inside(kernel))
    yield median_ratio("A query in a session against plain DuckDB on the same Parquet outside", ours, peer, most=MOST)


def _kernel(workspace: Workspace) -> Kernel:
    kernel = workspace.kernel()
    made = kernel.run("import tre; con = tre.connect()\n" + TIME.format(query=QUERY.format(events="events")))
    assert not made.error, made.error
    _inside(kernel)  # the first one fills the caches, here as outside
    return kernel


def _inside(kernel: Kernel) -> float:
    answer = kernel.run("print(timed())")
    assert not answer.error, answer.error
    return float(answer.text)


def _outside(house: House) -> "subprocess.Popen[str]":
    file = house.state / "snapshots" / PROJECT / "1/tables/events.parquet"
    code = (
        "import duckdb, sys\ncon = duckdb.connect(config={'threads': 2})\n"
        "con.execute('set enable_progress_bar = false')\n"
        + TIME.format(query=QUERY.format(events=f"read_parquet('{file}')"))
        + "\nfor _ in sys.stdin:\n    print(timed(), flush=True)"
    )
    process = subprocess.Popen(
        [house.places.notebook / "bin/python", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _answer(process)
    return process


def _answer(process: "subprocess.Popen[str]") -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("again\n")
    process.stdin.flush()
    return float(process.stdout.readline())
