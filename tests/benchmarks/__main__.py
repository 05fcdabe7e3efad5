"""Owns `make bench`: runs every `bench_*.py`, writes the results, and says which bar does not hold. Exit 1 if one does not.

`python -m tests.benchmarks NAME…` runs only those named (`gate`, `session_start`), and keeps the other results.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import RESULTS, Measure, write


def _as_measure(given: Measure | dict[str, Any]) -> Measure:
    return given if isinstance(given, Measure) else Measure(**given)


def main(wanted: list[str]) -> int:
    """Run the benchmarks."""
    kept = (
        {one["name"]: _as_measure(one) for one in json.loads(RESULTS.read_text())}
        if wanted and RESULTS.exists()
        else {}
    )
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if wanted and name not in wanted:
            continue
        print(f"{name} …", flush=True)
        for one in map(_as_measure, importlib.import_module(f"tests.benchmarks.{path.stem}").measures()):
            kept[one.name] = one
            print(
                f"  {one.name}: {one.ours:.4g} against {one.peer:.4g} {one.unit}: {one.ratio:.3f} ({one.bar}: {'holds' if one.holds else 'DOES NOT HOLD'})",
                flush=True,
            )
    write(list(kept.values()))
    return 0 if all(one.holds for one in kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
