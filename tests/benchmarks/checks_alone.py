"""Runs in a process of its own, so that its memory is only the check's: prints seconds of each run and the peak in bytes."""

import json
import resource
import sys
import time
from pathlib import Path

from output_checking.domain.checks.check import check
from output_checking.domain.checks.evidence.duck import open_file
from tests.benchmarks.checked_records import SPEC


def main(path: Path, runs: int) -> None:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        with open_file(path, person="person") as source:
            answer = check(source, SPEC)
        times.append(time.perf_counter() - start)
    cells = sum(not one.cell.margin for one in answer.cells)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"times": times, "peak": peak, "cells": cells, "verdict": str(answer.verdict)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
