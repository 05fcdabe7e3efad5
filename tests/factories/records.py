"""Owns making small sources of records for the engine of disclosure checks: each column a list, `who` says whose it is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from output_checking.domain.checks import schemas
from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.check import check
from output_checking.domain.checks.evidence.duck import lend
from output_checking.domain.checks.finding import Weight

Columns = Mapping[str, Sequence[Any]]


def judged(
    columns: Columns,
    spec: Mapping[str, Any],
    *,
    appetite: Appetite | None = None,
    earlier: Sequence[Mapping[str, Any]] = (),
    key: bytes = b"",
) -> Answer:
    """Return the answer on an output of these records; without a column `who` each record is a person of its own."""
    length = len(next(iter(columns.values())))
    records = pa.table({"who": list(range(length)), **{name: list(values) for name, values in columns.items()}})
    connection = duckdb.connect()
    try:
        connection.register("records", records)
        with lend(connection, "records", person="who") as source:
            answer = check(source, spec, appetite=appetite, earlier=earlier, key=key)
    finally:
        connection.close()
    # whatever a test is about: what it was answered is as the schema that is published says
    schemas.check("answer", json.loads(json.dumps(answer.as_json(), allow_nan=False)), called="The answer")
    return answer


def rules_in(answer: Answer, *, weight: Weight = Weight.UNSAFE) -> set[str]:
    """Return which rules found something of that weight, anywhere."""
    everything = [*answer.findings, *(one for cell in answer.cells for one in cell.findings)]
    return {one.rule for one in everything if one.weight is weight}


def cell_at(answer: Answer, row: Sequence[str] = (), column: Sequence[str] = (), *, margin: str = "") -> JudgedCell:
    """Return the cell with these levels."""
    return next(
        one
        for one in answer.cells
        if (one.cell.row, one.cell.column, one.cell.margin) == (tuple(row), tuple(column), margin)
    )
