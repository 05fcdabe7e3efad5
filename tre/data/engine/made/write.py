"""Owns the raw files of the made population: the same seed and size give the same bytes, in bounded memory.

Persons are made a chunk at a time, each chunk from a random source of its own. A few lines are spoilt on purpose, as real
feeds are: a mistyped check digit here, a stay sent twice there.
"""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from tre.data.engine.folders import published
from tre.data.engine.made.events import deaths, prescriptions, registrations, stays
from tre.data.engine.made.people import all_numbers, make_people, opt_outs

FORMAT = 1
"""Raised when the same seed would give other bytes."""
CHUNK = 50_000
_SPOILT = 5003
_SENT_TWICE = 20011


def write_hospital(folder: Path, *, seed: int, size: int) -> int:
    """Write the raw files of `size` persons into `folder` (made anew), unless they are there; return the number of events.

    Args:
        seed: any number; the same gives the same population.
        size: persons, 1 to 900,000; each has about 20 events.

    Raises:
        Invalid: the size is out of range.
    """
    made = {"format": FORMAT, "seed": seed, "size": size}
    known = folder / "made.json"
    if known.exists():
        before: dict[str, int] = json.loads(known.read_text())
        if {key: before.get(key) for key in made} == made:
            return before["events"]
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder)
    with published(folder) as part:
        events = _write_chunks(part, seed=seed, size=size)
        (part / "made.json").write_text(json.dumps({**made, "events": events}))
    return events


def _clear(folder: Path) -> None:
    if folder.exists():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _write_chunks(part: Path, *, seed: int, size: int) -> int:
    numbers = all_numbers(np.random.default_rng([seed, 0]), size)
    events, next_stay = 0, 1_000_000
    with ExitStack() as opened:
        files: dict[str, Any] = {}
        for number, start in enumerate(range(0, size, CHUNK), start=1):
            random = np.random.default_rng([seed, number])
            tables = _chunk(random, numbers[start : start + CHUNK], first_stay=next_stay)
            next_stay += len(tables["admissions"]["admission_number"])
            for name, columns in tables.items():
                rows = pa.table(_spoilt(name, columns))
                if name not in files:
                    writer = pyarrow.csv.CSVWriter(part / f"{name}.csv", rows.schema)
                    files[name] = opened.enter_context(writer)
                files[name].write_table(rows)
                events += len(rows) if name not in ("persons", "opt_outs") else 0
    return events


def _chunk(random: np.random.Generator, numbers: Any, *, first_stay: int) -> dict[str, dict[str, Any]]:
    people = make_people(random, numbers)
    admissions, diagnoses = stays(random, people, first_number=first_stay)
    return {
        "persons": people.columns,
        "opt_outs": opt_outs(random, people),
        "gp_registrations": registrations(random, people),
        "admissions": admissions,
        "diagnoses": diagnoses,
        "prescriptions": prescriptions(random, people),
        "deaths": deaths(random, people),
    }


def _spoilt(name: str, columns: dict[str, Any]) -> dict[str, Any]:
    """Mistype every 5003rd NHS number of the events, and send every 20011th stay twice."""
    if name not in ("diagnoses", "prescriptions", "admissions"):
        return columns
    if name == "admissions":
        again = np.arange(0, len(columns["admission_number"]), _SENT_TWICE)
        return {key: np.concatenate([values, values[again]]) for key, values in columns.items()}
    numbers = columns["nhs_number"].copy()
    wrong = numbers[::_SPOILT]
    numbers[::_SPOILT] = wrong - wrong % 10 + (wrong % 10 + 1) % 10
    return {**columns, "nhs_number": numbers}
