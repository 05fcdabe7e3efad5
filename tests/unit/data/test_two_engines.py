"""One plan, two engines: DuckDB and Apache Spark on two cores find the same rows in the same store, table by table."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyspark
import pytest

from tests.factories.loaded import Loaded, everything
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.engine.basis import Basis
from tre.data.engine.duck import open_engine
from tre.data.engine.numbering import lay_records
from tre.data.engine.people import lay_people
from tre.data.engine.spark import in_spark, lay_for_spark, published_in_spark


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark in this machine, with two cores; stopped at the end."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
    }
    builder = SparkSession.builder.appName("two engines")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def plan(loaded: Loaded) -> SnapshotPlan:
    """Everything of the hospital, with a choice of rows and a period."""
    asked = everything([loaded.contracts["hospital"]])
    chosen = [
        replace(one, rows="sex = 'female' or year_of_birth < 1960") if one.table == "persons" else one for one in asked
    ]
    dated = [replace(one, period=(date(2020, 3, 1), None)) if one.table == "admissions" else one for one in chosen]
    return loaded.plan(approved=dated)


@pytest.fixture(scope="module")
def by_spark(loaded: Loaded, plan: SnapshotPlan, spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot's tables as Spark writes them."""
    folder = tmp_path_factory.mktemp("by_spark")
    key = loaded.vault.project_key(plan.project_id, key_version=plan.key_version)
    with open_engine(loaded.folders.scratch) as engine:
        lay_people(engine, plan, Basis(), folders=loaded.folders, key=key)
        lay_records(engine, plan, folders=loaded.folders, key=key)
        laid = lay_for_spark(engine, plan, folder)
    for planned in plan.tables:
        rows = published_in_spark(
            spark,
            plan,
            planned,
            laid=laid,
            where=lambda one: str(
                loaded.folders.version(one.dataset, one.dataset_version) / f"{one.table.name}.parquet"
            ),
        )
        rows.write.parquet(str(folder / "tables" / planned.name))
    return folder


def test_both_engines_find_the_same_rows(loaded: Loaded, plan: SnapshotPlan, by_spark: Path, tmp_path: Path) -> None:
    by_duckdb, manifest = loaded.build(plan, snapshots=tmp_path)
    for table in manifest["tables"]:
        one, other = (f"read_parquet('{folder}/tables/{table['name']}/*.parquet')" for folder in (by_duckdb, by_spark))
        assert duckdb.sql(f"SELECT count(*) FROM {one}").fetchall() == [(table["rows"],)]
        assert table["rows"] > 0
        assert duckdb.sql(f"(FROM {one}) EXCEPT ALL (FROM {other})").fetchall() == []
        assert duckdb.sql(f"(FROM {other}) EXCEPT ALL (FROM {one})").fetchall() == []
        assert duckdb.sql(f"DESCRIBE FROM {one}").fetchall() == duckdb.sql(f"DESCRIBE FROM {other}").fetchall()


def test_rows_of_spark_lie_in_the_order_of_pseudonyms(by_spark: Path) -> None:
    for path in sorted((by_spark / "tables").rglob("*.parquet")):
        persons = [row[0] for row in duckdb.sql(f"SELECT person FROM '{path}'").fetchall()]
        assert persons == sorted(persons)


def test_the_plan_is_said_in_sparks_words() -> None:
    said = in_spark(
        'SELECT p.rank AS "rank of person", s."a b" FROM stored s JOIN persons p ON p.number = s.person',
        {"stored": "x", "persons": "y"},
    )
    assert said == "SELECT p.rank AS `rank of person`, s.`a b` FROM `x` AS s JOIN `y` AS p ON p.number = s.person"
    assert pyspark.__version__.startswith("4.")
