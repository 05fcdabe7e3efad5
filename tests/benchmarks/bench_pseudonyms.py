"""Pseudonymising ten million person identifiers in memory, beside the plain ways of making a keyed pseudonym.

The values are NHS numbers of ten digits. The product's snapshot encrypts internal numbers of 63 bits instead: to the cipher
either is eight bytes of a block, so that the figure is the same. All are given and answered in memory: 64-bit numbers in,
text out. The peers run on the same values and the same two cores: `hmac.digest` in a loop (it is what published services
do), and HMAC-SHA-256 written out in SQL over DuckDB's own `sha256`, on both cores.
"""

import hmac
import statistics
import time
from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tests.benchmarks.measure import Measure
from tre.data.domain.identifiers import check_digits
from tre.data.domain.pseudonym import persons_of, project_key, pseudonyms

COUNT = 10_000_000
RUNS = 5
LEAST_A_SECOND = 10.0
LEAST_RATIO = 15.0
KEY = project_key(bytes(range(32)), "p-aaaaaa", key_version=1)
SPACE = persons_of("nhs-number")


def measures() -> Iterator[Measure]:
    """Run each in turn, five times; rates in millions of persons a second."""
    values = identifiers(COUNT)
    told: dict[Callable[[NDArray[np.int64]], None], list[float]] = {ours: [], in_a_loop: [], in_sql: []}
    for _ in range(RUNS):
        for way, rates in told.items():
            start = time.perf_counter()
            way(values)
            rates.append(len(values) / (time.perf_counter() - start) / 1e6)
    middle = {way: statistics.median(rates) for way, rates in told.items()}
    yield _measure("Pseudonyms of 10 million identifiers a second", middle[ours], LEAST_A_SECOND, least=1.0)
    yield _measure("… against hmac.digest in a loop", middle[ours], middle[in_a_loop], least=LEAST_RATIO)
    yield _measure("… against HMAC-SHA-256 in DuckDB's SQL", middle[ours], middle[in_sql], least=1.0)


def identifiers(count: int) -> NDArray[np.int64]:
    """Return `count` valid NHS numbers, no two alike, in no order."""
    bases = np.random.default_rng(1).permutation(np.arange(400_000_000, 400_000_000 + count * 5 // 4, dtype=np.int64))
    digits = check_digits(bases)
    return (bases * 10 + digits)[digits < 10][:count]


def ours(values: NDArray[np.int64]) -> None:
    """The product's own function."""
    assert len(pseudonyms(values, KEY, space=SPACE)) == len(values)


def in_a_loop(values: NDArray[np.int64]) -> None:
    """Python's keyed hash of each value, as it is."""
    made = [hmac.digest(KEY, b"%d" % value, "sha256") for value in values.tolist()]
    assert len(made) == len(values)


def in_sql(values: NDArray[np.int64]) -> None:
    """RFC 2104 in SQL: the hash of the outer key and the hash of the inner key and the value."""
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET enable_progress_bar = false")
        engine.register("given", pa.table({"one": values}))
        inner = f"unhex(sha256({_blob(0x36)} || encode(one::VARCHAR)))"
        engine.execute(f"CREATE TABLE made AS SELECT sha256({_blob(0x5C)} || {inner}) AS pseudonym FROM given")


def _blob(padding: int) -> str:
    padded = bytes(one ^ padding for one in KEY.ljust(64, b"\0"))
    return f"unhex('{padded.hex()}')"


def _measure(name: str, rate: float, peer: float, *, least: float) -> Measure:
    return Measure(
        name=name,
        ours=rate,
        peer=peer,
        ratio=rate / peer,
        bar=f"at least {least:g} times" if least != 1.0 else "not slower",
        holds=rate / peer >= least,
        runs=RUNS,
        unit="million/s",
    )
