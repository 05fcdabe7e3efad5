"""A refresh after 1 % new rows against the full build of the same version: its cost is to follow the change, not the size.

The new rows are of persons drawn at random, so that they belong all over the table. What changed is noted once, when the
version is loaded (`tre.data.engine.changes`), and is no part of either. Processor time is told beside: other work on the
machine changes it little.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import Measure

ROWS = int(os.environ.get("TRE_BENCH_ROWS", "50000000"))
RUNS = 5
MOST = 0.05
CHECKOUT = Path(__file__).parents[2]
MAKE = """
import sys
from pathlib import Path
import duckdb
from tests.benchmarks import event_store as made
from tre.data.engine.changes import note_changes
folder, rows = Path(sys.argv[1]), int(sys.argv[2])
folders = made.make_store(folder, rows=rows)
made.make_store(folder, rows=rows // 100, version="came", seed=1, persons=rows // made.EVENTS_EACH)
one, came, two = (made.table_path(folders, name) for name in ("v1", "came", "v2"))
two.parent.mkdir()
# The persons of the new rows are drawn from those who are there.
duckdb.sql(f"COPY (SELECT row_number() OVER () - 1 AS place, person FROM (SELECT DISTINCT person FROM '{one}')) TO '{folder}/people.parquet'")
(people,) = duckdb.sql(f"SELECT count(*) FROM '{folder}/people.parquet'").fetchone()
drawn = f"SELECT *, (hash(person, value, seen_on) % {people})::BIGINT AS place FROM '{came}'"
duckdb.sql(
    f"COPY (FROM '{one}' UNION ALL SELECT c.* EXCLUDE (place) REPLACE (p.person AS person) FROM ({drawn}) c "
    f"JOIN '{folder}/people.parquet' p USING (place)) TO '{two}' (FORMAT parquet)"
)
made.list_people(folders, "v2")
note_changes(made.CONTRACT, "v1", "v2", folders=folders)
"""
RUN = """
import json, sys, time
from pathlib import Path
from tests.benchmarks import event_store as made
from tre.data.engine.folders import Folders
from tre.data.engine.snapshot import build_snapshot
folders = Folders.under(Path(sys.argv[1]))
version, number, since = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
plan = made.plan_of(version, number=number)
start, worked = time.perf_counter(), time.process_time()
build_snapshot(plan, folders=folders, key=made.KEY, at=made.AT, progress=made.quietly, since=since)
print(json.dumps([time.perf_counter() - start, time.process_time() - worked]))
"""


def measures() -> Iterator[Measure]:
    """Build the second version anew and as a refresh of the first, in turn."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _python(MAKE, folder, ROWS)
        _run(folder, "v1", number=1)
        anew, refreshed = [], []
        for turn in range(RUNS):
            anew.append(_run(folder, "v2", number=100 + turn))
            refreshed.append(_run(folder, "v2", number=200 + turn, since=1))
    name = f"Refresh after 1 % new rows against the full build of {ROWS:,} rows"
    for what, told in enumerate((name, "… in processor time")):
        yield _measure(told, [one[what] for one in refreshed], [one[what] for one in anew])


def _measure(name: str, refreshed: list[float], anew: list[float]) -> Measure:
    ratio = median(refreshed) / median(anew)
    return Measure(
        name=name,
        ours=median(refreshed),
        peer=median(anew),
        ratio=ratio,
        bar=f"at most {MOST} of the full build's time",
        holds=ratio <= MOST,
        runs=RUNS,
    )


def _run(folder: Path, version: str, *, number: int, since: int = 0) -> tuple[float, float]:
    """Build or refresh; return seconds by the clock and by the processor."""
    os.sync()  # what the run before wrote is not to slow this one
    time.sleep(0.5)
    clock, processor = json.loads(_python(RUN, folder, version, number, since))
    return clock, processor


def _python(code: str, *words: object) -> str:
    told = [str(one) for one in words]
    done = subprocess.run(
        [sys.executable, "-c", code, *told], check=True, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    return done.stdout
