"""A new table beside a thousand earlier ones, by counts and by sums: seconds against a bound of their own.

Timed is all that a new table costs more because there are earlier ones, once those are read; what reading one costs is reported.
"""

import json
import statistics
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.check import check
from output_checking.domain.checks.comparing import judge_beside
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.evidence.duck import Source, lend
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification
from tests.benchmarks.measure import Measure, at_most, timed

SECONDS = 0.1
EARLIER, NEW = 1_000, 500
READ = 100
RECORDS = """
create table records as
select cast(hash(i, 1) % 50_000 as bigint) as who, 'region ' || hash(i, 2) % 25 as region, cast(hash(i, 3) % 80 as integer) as age,
       cast(hash(i, 4) % 1_000 as integer) as visits, cast(hash(i, 5) % 1_000 as double) as cost
from range(300_000) t(i)
"""
Spec = dict[str, Any]


def measures() -> Iterator[Measure]:
    """Time each kind of thousand, of counts and of sums."""
    with duckdb.connect() as connection:
        connection.execute(RECORDS)
        with lend(connection, "records", person="who") as source:
            for statistic in ("count", "sum"):
                for kind in ("alike", "of different filters", "of different bands"):
                    yield _beside(source, statistic, kind)
            yield _reading(source)


def _beside(source: Source, statistic: str, kind: str) -> Measure:
    thousand = [one for one in range(EARLIER + 1) if one != NEW or kind == "alike"]
    kept = EarlierAnswers(source, (_answer(source, statistic, kind, one).as_json() for one in thousand[:EARLIER]))
    new = _answer(source, statistic, kind, NEW)
    spec = read_specification(new.spec)
    if not isinstance(spec, TableSpec):
        raise TypeError("a table is meant")
    seconds = timed(lambda: judge_beside(new.cells, spec, kept, appetite=new.appetite))
    return at_most(
        f"A table of {statistic}s against {EARLIER:,} earlier ones of 1,000 cells, {kind}", seconds, most=SECONDS
    )


def _reading(source: Source) -> Measure:
    given = [_answer(source, "sum", "of different filters", one).as_json() for one in range(READ)]
    text = json.dumps(given)
    ours, peer = timed(lambda: EarlierAnswers(source, given), runs=5), timed(lambda: json.loads(text), runs=5)
    taken, other = statistics.median(ours), statistics.median(peer)
    return Measure(
        name=f"Reading {READ} earlier answers of 1,000 cells, once for all tables, against parsing their JSON",
        ours=taken,
        peer=other,
        ratio=taken / other,
        bar="reported",
        holds=True,
        runs=len(ours),
    )


def _spec(statistic: str, kind: str, number: int) -> Spec:
    shift = number % 20 if kind == "of different bands" else 0
    bands = [None, *(2 * place + shift for place in range(1, 40)), None]
    spec: Spec = {
        "rows": [{"column": "age", "bands": bands}],
        "columns": ["region"],
        "statistic": statistic,
        "margins": True,
    }
    spec |= {"measure": "cost"} if statistic == "sum" else {}
    return spec | ({"filter": f"visits >= {number}"} if kind == "of different filters" else {})


def _scale(kind: str, number: int) -> int:
    """The more visits are asked for, the fewer persons; each table is apart from the next by more than the threshold."""
    return 2 * EARLIER - number if kind == "of different filters" else 1


_MADE: dict[str, Answer] = {}


def _answer(source: Source, statistic: str, kind: str, number: int) -> Answer:
    """One of a thousand: made of the records once for each kind of table, its counts scaled where filters differ."""
    made = _spec(statistic, kind, 0 if kind == "of different filters" else number)
    key = json.dumps(made)
    if key not in _MADE:
        _MADE[key] = check(source, made)
    cells = tuple(_times(one, _scale(kind, number)) for one in _MADE[key].cells)
    return replace(_MADE[key], cells=cells, spec=_spec(statistic, kind, number))


def _times(judged: JudgedCell, scale: int) -> JudgedCell:
    cell = judged.cell
    value = cell.value * scale if isinstance(cell.value, int | float) else cell.value
    return replace(judged, cell=replace(cell, persons=cell.persons * scale, value=value))
