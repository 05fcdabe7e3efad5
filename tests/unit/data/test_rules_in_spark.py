"""Every way of making a column coarser gives the same value in DuckDB and in Apache Spark."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.data.test_two_engines import spark
from tre.data.contracts.lists import shipped_geographies
from tre.data.domain.contract import Column, ColumnClass, ColumnType, Generalisation, Rule
from tre.data.engine.generalise import published_value
from tre.data.engine.spark import in_spark

__all__ = ["spark"]


def _coarser(kind: ColumnType, rule: Rule, **given: Any) -> Column:
    about = Generalisation(kind=rule, **given)
    return Column(name="it", source="it", kind=ColumnClass.GENERALISE, type=kind, meaning="It", rule=about)


SQL = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DOUBLE",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
GENERALISED = (
    *(_coarser(kind, rule) for kind in (ColumnType.DATE, ColumnType.TIMESTAMP) for rule in (Rule.YEAR, Rule.MONTH)),
    _coarser(ColumnType.DATE, Rule.AGE_BAND),
    _coarser(ColumnType.INTEGER, Rule.AGE_BAND, width=10, top=80),
    _coarser(ColumnType.DATE, Rule.DATE_SHIFT, most_days=365),
    _coarser(ColumnType.TIMESTAMP, Rule.DATE_SHIFT, most_days=365),
    _coarser(ColumnType.TEXT, Rule.OUTWARD_POSTCODE),
    *(_coarser(ColumnType.TEXT, Rule.GEOGRAPHY, geography=one) for one in shipped_geographies().values()),
    _coarser(ColumnType.INTEGER, Rule.ROUNDING, step=5, lowest=0, highest=1935),
    _coarser(ColumnType.DECIMAL, Rule.ROUNDING, step=2.5),
    _coarser(ColumnType.INTEGER, Rule.RECODE, codes={2: "two", 7: "seven", 8: "seven"}, otherwise="other"),
    _coarser(ColumnType.TEXT, Rule.RECODE, codes={"a": 1}),
)
"""A column for each rule and type that it takes."""


def test_every_rule_gives_the_same_in_either_engine(spark: Any, tmp_path: Path) -> None:
    """Each way of making a column coarser, over values at its edges and values that are none of it."""
    columns = {f"c{number}": one for number, one in enumerate(GENERALISED)}
    days = ["1930-01-01", "1936-11-23", "1936-11-24", "2020-02-29", "2026-11-24", None]
    texts = ["sw1a 1aa", "EH11AA", "B1 2CD", "02138", "03601-1234", "ZZ9 9ZZ", "", "a", None]
    numbers = [-3, 0, 2, 7, 8, 12, 1912, 1937, 89, 90, None]
    given = {ColumnType.TEXT: texts, ColumnType.DATE: days, ColumnType.TIMESTAMP: days}
    with duckdb.connect() as engine:
        shown = ", ".join(
            f"{published_value(replace(column, name=name), on=date(2026, 11, 23))} AS {name}"
            for name, column in columns.items()
        )
        laid = [
            f"list_extract({given.get(column.type, numbers)!r}".replace("None", "NULL")
            + f", CAST(i AS INTEGER))::{SQL[column.type]} AS {name}"
            for name, column in columns.items()
        ]
        engine.execute(f"COPY (SELECT i, {', '.join(laid)} FROM range(1, 12) t(i)) TO '{tmp_path}/s.parquet'")
        engine.execute(
            f"COPY (SELECT i, CAST(i * 40 - 200 AS INTEGER) AS shift_days FROM range(1, 12) t(i)) TO '{tmp_path}/p.parquet'"
        )
        select = f"SELECT s.i, {shown} FROM s JOIN p ON p.i = s.i"
        for table in "sp":
            engine.execute(f"CREATE VIEW {table} AS SELECT * FROM '{tmp_path}/{table}.parquet'")
            spark.read.parquet(f"{tmp_path}/{table}.parquet").createOrReplaceTempView(table)
        by_duckdb = sorted(engine.execute(select).fetchall())
    by_spark = sorted(tuple(row) for row in spark.sql(in_spark(select, {})).collect())
    assert len(by_duckdb) == 11
    for number, (one, other) in enumerate(zip(by_duckdb, by_spark, strict=True)):
        for column, (here, there) in enumerate(zip(one, other, strict=True)):
            assert here == there, (number, GENERALISED[column - 1].rule, here, there)
