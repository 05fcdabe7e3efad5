"""Owns the snapshot's tables built by Apache Spark, where the store is larger than a machine: the same plan, in its dialect.

The plan is the SELECT of `selecting`, written once in DuckDB's SQL and turned into Spark's by sqlglot. Persons and records are
laid by the broker as small Parquet tables; all else is joins. Must never say itself what a row looks like.

`session` is a `pyspark.sql.SparkSession`: PySpark is a group of packages of its own, brought only where it is used.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import expressions as tree

from tre.data.domain.contract import PERSON
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.numbering import PERSONS, record_keys
from tre.data.engine.selecting import RANK, select_rows

STORED = "stored"
Where = Callable[[PlannedTable], str]
"""Gives the address of a stored table that Spark can read: a path, or `s3a://…`."""


def lay_for_spark(engine: Connection, plan: SnapshotPlan, folder: Path) -> dict[str, Path]:
    """Write the persons and records that the plan joins, from the engine's tables, below `folder`; return table to its file."""
    laid = {}
    for number, table in enumerate([PERSONS, *record_keys(plan)]):
        path = folder / f"laid-{number}.parquet"
        engine.execute(f"COPY {table} TO {literal(path)} (FORMAT parquet)")
        laid[table.strip('"')] = path
    return laid


def in_spark(select: str, names: Mapping[str, str]) -> str:
    """Return a SELECT of the plan as Spark says it.

    Args:
        select: in DuckDB's SQL.
        names: table of the plan to the name that Spark knows it by.
    """
    parsed = sqlglot.parse_one(select, read="duckdb")
    for table in parsed.find_all(tree.Table):
        if table.name in names:
            table.set("this", tree.to_identifier(names[table.name], quoted=True))
    return parsed.sql(dialect="spark")


def published_in_spark(
    session: Any, plan: SnapshotPlan, planned: PlannedTable, *, laid: Mapping[str, Path], where: Where
) -> Any:
    """Return the table's rows as a Spark data frame, the pseudonym first, in the order of pseudonyms within each partition.

    Args:
        session: of Spark.
        laid: from `lay_for_spark`.
        where: the stored tables.
    """
    names = {STORED: "stored_rows"}
    session.read.parquet(where(planned)).createOrReplaceTempView(names[STORED])
    for number, (table, path) in enumerate(laid.items()):
        names[table] = f"laid_{number}"
        session.read.parquet(str(path)).createOrReplaceTempView(names[table])
    rows = session.sql(in_spark(published(plan, planned), names))
    columns = [f"`{one}`" for one in rows.columns]
    if not planned.table.has_person:
        return rows.sort(*columns)
    return rows.repartitionByRange(PERSON).sortWithinPartitions(*columns)


def published(plan: SnapshotPlan, planned: PlannedTable) -> str:
    """Return the SELECT of the rows with their pseudonyms, in DuckDB's SQL."""
    rows = select_rows(plan, planned, stored=STORED)
    if not planned.table.has_person:
        return rows
    columns = "".join(f", r.{name(one.name)}" for one in planned.columns)
    person = f"q.namespace = {literal(planned.namespace)} AND q.rank = r.{name(RANK)}"
    return f"SELECT q.pseudonym AS {PERSON}{columns} FROM ({rows}) r JOIN {PERSONS} q ON {person}"
