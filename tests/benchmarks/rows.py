"""Owns the rows that ingestion is measured on, and one measured act on them: `python -m tests.benchmarks.rows load FOLDER`."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tre.data.contracts.reading import parse_contract
from tre.data.domain.identifiers import check_digits
from tre.data.engine.duck import THREADS
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.vault import open_vault

PERSONS = 1_000_000
CONTRACT = """\
contract: 1
dataset: rows
title: Rows
summary: Rows to measure by.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: []
quarantine_limit: 0.01
tables:
  - name: diagnoses
    meaning: One row per diagnosis.
    file: diagnoses
    key: [diagnosis]
    columns:
      - {name: nhs_number, class: person identifier, type: integer, meaning: NHS number}
      - {name: diagnosis, class: record identifier, type: integer, meaning: The diagnosis}
      - {name: position, type: integer, meaning: Place among the diagnoses, range: {from: 1, until: 20}}
      - {name: month, from: diagnosed_on, class: generalise, rule: month, type: date, meaning: Month}
      - {name: icd10, type: text, meaning: Diagnosis, coding: ICD-10}
      - {name: chapter, type: text, meaning: Chapter}
      - {name: score, type: integer, meaning: Score, range: {from: 0, until: 1000}}
      - {name: weight, type: decimal, meaning: Weight, unit: kg}
"""
_CONTRACT = parse_contract(CONTRACT, name="rows.yaml")
_BASES = range(900_000_000, 999_999_999)


def write_rows(folder: Path, *, size: int) -> Path:
    """Write `folder/diagnoses.csv` with `size` rows about a tenth as many persons (a million at most); return the folder."""
    folder.mkdir(parents=True)
    chance = np.random.default_rng(1)
    identifiers = _identifiers(chance, min(PERSONS, size // 10))
    drawn = pa.table(
        {
            "nhs_number": identifiers[chance.integers(0, len(identifiers), size)],
            "diagnosis": np.arange(size) + 10_000_000,
            "position": chance.integers(1, 9, size),
            "day": chance.integers(0, 1800, size),
            "code": chance.integers(0, 60, size),
            "score": chance.integers(0, 1000, size),
            "weight": chance.integers(0, 10_000, size),
        }
    )
    with duckdb.connect() as engine:
        engine.register("drawn", drawn)
        engine.execute(
            "COPY (SELECT nhs_number, diagnosis, position, CAST(DATE '2019-01-01' + CAST(day AS INTEGER) AS DATE) AS diagnosed_on, "
            "chr(CAST(65 + code % 26 AS INTEGER)) || (10 + code) || '.' || (code % 10) AS icd10, 'Chapter ' || (code % 22) AS chapter, "
            f"score, round(weight / 10.0, 1) AS weight FROM drawn) TO '{folder / 'diagnoses.csv'}' (HEADER)"
        )
    return folder


def load(folder: Path) -> None:
    """Load the rows against their contract, as the broker does."""
    folders = Folders.under(folder / "state")
    folders.prepare()
    with open_vault(folders.vault) as vault:
        ingest(
            _CONTRACT, folder, folders=folders, vault=vault, at=datetime.now(UTC), progress=lambda _share, _words: None
        )


def copy(folder: Path) -> None:
    """Copy the rows as DuckDB reads them, to Parquet."""
    target = folder / "state"
    target.mkdir()
    with duckdb.connect(config={"threads": THREADS}) as engine:
        engine.execute(f"COPY (SELECT * FROM read_csv('{folder / 'diagnoses.csv'}')) TO '{target / 'copy.parquet'}'")


def _identifiers(chance: np.random.Generator, count: int) -> np.ndarray:
    bases = np.unique(chance.integers(_BASES.start, _BASES.stop, 2 * count))
    digits = check_digits(bases)
    found = (bases * 10 + digits)[digits < 10]
    return chance.permutation(found)[:count]


def _peak() -> int:
    """Return the most memory that this process held, in bytes; what is kept for it at exit may be its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(one.split()[1]) * 1024 for one in lines if one.startswith("VmHWM"))


def main(what: str, folder: str) -> None:
    """Do one act and print its seconds and its peak of memory, with what the process itself needs."""
    began = time.perf_counter()
    {"load": load, "copy": copy}[what](Path(folder))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "bytes": _peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
