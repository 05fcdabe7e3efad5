"""A setting has the broker build by Apache Spark: from the last yes to a snapshot that can be mounted."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.broker import Broker
from tre.data.domain.snapshot_plan import PlannedTable
from tre.data.engine import spark_files
from tre.data.engine.laying import Laying
from tre.data.engine.part_files import Part
from tre.data.engine.spark_session import chosen_spark
from tre.data.tables import SnapshotRow
from tre.plumbing.config import Config
from tre.projects.domain.project import Project


def test_the_broker_builds_by_spark_where_the_setting_says_so(
    both_loaded: Broker,
    approved: Callable[..., Project],
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRE_SNAPSHOT_ENGINE", "spark")
    monkeypatch.setenv("TRE_SPARK_MASTER", "local[2]")
    config = Config()
    both_loaded.desk = replace(both_loaded.desk, spark=chosen_spark(config.snapshot_engine, config.spark_master))
    built: list[str] = []
    write = spark_files.SparkBuild.write

    def noted(self: spark_files.SparkBuild, laying: Laying, planned: PlannedTable, *, count: int) -> list[Part]:
        built.append(f"{type(self.session).__name__} {planned.name}")
        return write(self, laying, planned, count=count)

    monkeypatch.setattr(spark_files.SparkBuild, "write", noted)
    project = approved("nhanes", "hospital")
    both_loaded.work()
    with sessions() as session:
        row = session.scalars(select(SnapshotRow)).one()
    assert (row.state, row.note) == ("ready", "")
    # The survey's table has times of the day, for which Spark has no type: DuckDB builds it.
    assert sorted(built) == ["SparkSession admissions", "SparkSession persons"]
    persons = {one["name"]: one["persons"] for one in row.tables}
    assert persons["respondents"] == 8366
    assert persons["persons"] > 3_000
    assert both_loaded.desk.folders.snapshot(project.project_id, 1).exists()
