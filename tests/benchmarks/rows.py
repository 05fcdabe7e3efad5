"""Owns the rows that ingestion is measured on, and one measured act on them: `python -m tests.benchmarks.rows load FOLDER`."""

import json
import shutil
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

PIECE = 5_000_000
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
_FIRST_BASE, _PRIME, _STRIDE = 900_000_000, 99_999_989, 61_803_399


def write_rows(folder: Path, *, size: int) -> Path:
    """Write `folder/diagnoses.csv` with `size` rows about a tenth as many persons; return the folder.

    Made piece by piece, so that its size is bounded by the disk alone; the same size is the same bytes each time.
    """
    folder.mkdir(parents=True)
    chance = np.random.default_rng(1)
    identifiers = _identifiers(max(size // 10, 1))
    piece = folder / "piece.csv"
    with duckdb.connect() as engine, (folder / "diagnoses.csv").open("wb") as whole:
        for begin in range(0, size, PIECE):
            end = min(begin + PIECE, size)
            engine.register("drawn", _drawn(chance, identifiers, begin, end))
            engine.execute(
                "COPY (SELECT nhs_number, diagnosis, position, CAST(DATE '2019-01-01' + CAST(day AS INTEGER) AS DATE) AS diagnosed_on, "
                "chr(CAST(65 + code % 26 AS INTEGER)) || (10 + code) || '.' || (code % 10) AS icd10, 'Chapter ' || (code % 22) AS chapter, "
                f"score, round(weight / 10.0, 1) AS weight FROM drawn) TO '{piece}' (HEADER {begin == 0})"
            )
            with piece.open("rb") as part:
                shutil.copyfileobj(part, whole, 1 << 20)
    piece.unlink()
    return folder


def _drawn(chance: np.random.Generator, identifiers: np.ndarray, begin: int, end: int) -> pa.Table:
    rows = end - begin
    return pa.table(
        {
            "nhs_number": identifiers[chance.integers(0, len(identifiers), rows)],
            "diagnosis": np.arange(begin, end) + 10_000_000,
            "position": chance.integers(1, 9, rows),
            "day": chance.integers(0, 1800, rows),
            "code": chance.integers(0, 60, rows),
            "score": chance.integers(0, 1000, rows),
            "weight": chance.integers(0, 10_000, rows),
        }
    )


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


def _identifiers(count: int) -> np.ndarray:
    """Return as many valid NHS numbers, no two alike, in an order that is none: a stride round a prime meets every number once."""
    bases = _FIRST_BASE + np.arange(count * 5 // 4 + 10) * _STRIDE % _PRIME
    digits = check_digits(bases)
    return (bases * 10 + digits)[digits < 10][:count]


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
