"""Owns records and tables made by chance, as odd as a check must bear: values missing, levels merged, columns named oddly."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from output_checking.domain.checks.evidence.duck import Source, lend
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification

PERSON = "p"  # of the names that the engine gives to what it makes itself
REGIONS = ("a", "b", "it's", "d")
_REGION, _SEX, _AGE, _COST, _IS_ILL, _WEIGHT, _YEAR = "v0", "h0", "oc_x", "a", "t", 'of "w"', "c0"
LEVELS = {_REGION: REGIONS, _SEX: ("F", "M"), _IS_ILL: ("true", "false"), _YEAR: ("2019", "2020", "2021", "2022")}
_FILTERS = (
    "",
    "",
    "c0 >= 2020",
    "c0 > 2019 and oc_x <= 60",
    "c0 = 2020 and h0 = 'F'",
    "oc_x != 30 and a < 50.5",
    "c0 != 2021 and not oc_x = 12",
    "oc_x < 50 or h0 = 'F'",
    "not v0 in ('a', \"it's\") and 2019 < c0",
    "t and h0 is not missing",
    "oc_x is missing",
    "a > 0 and c0 != 2021",
)
_SPLITS: tuple[Any, ...] = (
    _REGION,
    {"column": _REGION, "merge": [["a", "b"]]},
    {"column": _REGION, "merge": [["it's", "d"], ["b", "a"]]},
    {"column": _AGE, "bands": [0, 20, 40.5, 60]},
    {"column": _AGE, "bands": [None, 30, None]},
    {"column": _AGE, "bands": [None, 30, 50]},
    {"column": _AGE, "bands": [10, 30, 50, 70, None]},
    _SEX,
    _IS_ILL,
    _YEAR,
)
_MEASURES: tuple[dict[str, Any], ...] = (
    {"statistic": "sum", "measure": _COST},
    {"statistic": "mean", "measure": _COST},
    {"statistic": "sum", "measure": _IS_ILL},
    {"statistic": "count"},
    {"statistic": "count", "measure": _COST},
)


@contextmanager
def odd_records(chance: random.Random, count: int = 300) -> Iterator[tuple[Source, list[dict[str, Any]]]]:
    """Yield some records as the engine reads them, and as they are."""
    records = [_record(chance) for _ in range(count)]
    table = pa.table({name: [one[name] for one in records] for name in records[0]})
    connection = duckdb.connect()
    try:
        connection.register("records", table)
        with lend(connection, "records", person=PERSON) as source:
            yield source, records
    finally:
        connection.close()


def odd_measure(chance: random.Random) -> dict[str, Any]:
    """Return a statistic of those records as a specification has it: what is summed, and by which weight."""
    return chance.choice(_MEASURES) | chance.choice([{}, {"weight": _WEIGHT}])


def odd_table(chance: random.Random, measure: dict[str, Any]) -> TableSpec:
    """Return a table of that, with none to three dimensions, no column twice."""
    splits = {(one if isinstance(one, str) else one["column"]): one for one in chance.sample(_SPLITS, 3)}
    dimensions = list(splits.values())[: chance.randrange(4)]
    at = chance.randrange(len(dimensions) + 1)
    made = read_specification(
        {**measure, "rows": dimensions[:at], "columns": dimensions[at:], "filter": chance.choice(_FILTERS)}
    )
    assert isinstance(made, TableSpec)
    return made


def _record(chance: random.Random) -> dict[str, Any]:
    def perhaps(value: Any) -> Any:
        return None if chance.random() < 0.1 else value

    return {
        PERSON: f"P{chance.randrange(40)}",
        _REGION: perhaps(chance.choice(REGIONS)),
        _SEX: perhaps(chance.choice("FM")),
        _AGE: perhaps(float(chance.randrange(80))),
        _COST: perhaps(float(chance.randrange(-20, 90))),
        _IS_ILL: perhaps(chance.random() < 0.4),
        _WEIGHT: float(chance.randrange(4)),
        _YEAR: chance.randrange(2019, 2023),
    }
