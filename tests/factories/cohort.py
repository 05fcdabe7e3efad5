"""Owns a made cohort with things planted in it, as a project's snapshot would hold it: what a synthetic twin must not repeat."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

RARE = "Gamstorp disease"
"""A value of nine persons: one fewer than may be told."""
COMMON = "Asthma"
EXTREME = 4_321.5
PERSONS = 3_000

Columns = dict[str, NDArray[Any]]


def cohort(*, seed: int = 5, persons: int = PERSONS) -> Columns:
    """Return one row a person.

    Planted: `diagnosis` RARE with nine persons, `weight` EXTREME with one, `town` unique to the first person, who is also the
    only one born in 1899.
    """
    chance = np.random.default_rng(seed)
    diagnosis = chance.choice([COMMON, "Eczema", "None"], persons, p=[0.2, 0.1, 0.7]).astype(object)
    diagnosis[:9] = RARE
    weight = np.round(chance.normal(70, 12, persons), 1)
    weight[0] = EXTREME
    town = chance.choice(["Leeds", "York", "Hull"], persons, p=[0.5, 0.3, 0.2]).astype(object)
    town[0] = "Upper Nowhere"
    born = np.datetime64("1940-01-01") + chance.integers(0, 25_000, persons).astype("timedelta64[D]")
    born[0] = np.datetime64("1899-05-05")
    height = chance.integers(150, 200, persons).astype(object)
    height[chance.random(persons) < 0.25] = None
    return {
        "person": _named(np.arange(persons)),
        "diagnosis": diagnosis,
        "weight": weight,
        "town": town,
        "born": born,
        "height": height,
        "smokes": chance.random(persons) < 0.2,
    }


def visits(*, persons: int = PERSONS) -> Columns:
    """Return some rows a person, and a thousand more of the first one's: a device that nobody else has, and a reading of 999."""
    chance = np.random.default_rng(6)
    who = np.concatenate(
        [np.repeat(np.arange(persons), chance.integers(1, 4, persons)), np.zeros(1000, dtype=np.int64)]
    )
    device = np.array(["cuff"] * len(who), dtype=object)
    device[-1000:] = "prototype 7"
    reading = np.round(chance.normal(120, 15, len(who)))
    reading[-1000:] = 999.0
    return {"person": _named(who), "device": device, "reading": reading}


def put(columns: Mapping[str, NDArray[Any]], folder: Path) -> Path:
    """Write columns as a table's one file in `folder`; return the file."""
    folder.mkdir(exist_ok=True)
    path = folder / "000.parquet"
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path)
    return path


def some(columns: Mapping[str, NDArray[Any]], rows: Any) -> Columns:
    """Return the chosen rows."""
    return {name: values[rows] for name, values in columns.items()}


def _named(numbers: NDArray[Any]) -> NDArray[Any]:
    return np.array([f"P{one:026d}" for one in numbers], dtype=object)
