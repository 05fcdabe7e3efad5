"""Owns the beginning and the end of Apache Spark for one build, and whether this installation can have it at all.

PySpark is a group of packages of its own (`spark`), brought only where snapshots are built by it. Must never know a plan.
"""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.kernel.errors import Unavailable

_MASTER = re.compile(r"local(\[(\*|[1-9]\d{0,3})(,\d+)?\])?|spark://[\w.:,-]+|k8s://\S+|yarn")


@dataclass(frozen=True, kw_only=True)
class SparkMaster:
    """Where Spark runs: `local[2]` in this machine, `spark://HOST:7077`, `k8s://…`, `yarn`; use `chosen_spark`."""

    url: str

    @contextmanager
    def session(self, scratch: Path) -> Iterator[Any]:
        """Give a Spark session for one build, stopped at its end.

        Args:
            scratch: of the broker; what Spark writes beside its results goes there.

        Raises:
            Unavailable: the master does not answer.
        """
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("tre snapshot")
        for key, value in self._settings(scratch).items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
        except (PySparkException, RuntimeError, OSError) as fault:
            sentence = "Apache Spark does not answer: see whether its master runs, and TRE_SPARK_MASTER."
            raise Unavailable(sentence, code="data.spark.unreachable") from fault
        try:
            yield session
        finally:
            session.stop()

    def _settings(self, scratch: Path) -> dict[str, str]:
        common = {
            "spark.master": self.url,
            "spark.ui.enabled": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": str(scratch / "spark"),
            "spark.local.dir": str(scratch / "spark"),
        }
        if not self.url.startswith("local"):
            return common
        return common | {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def chosen_spark(engine: str, master: str) -> SparkMaster | None:
    """Return where Spark is to build snapshots; None where DuckDB does.

    Args:
        engine, master: the settings TRE_SNAPSHOT_ENGINE and TRE_SPARK_MASTER.

    Raises:
        Unavailable: a setting is not what it may be, or Spark is not installed here.
    """
    if engine == "duckdb":
        return None
    if engine != "spark":
        raise _refuse(f"TRE_SNAPSHOT_ENGINE is “{engine}”: set it to duckdb (the default) or to spark.")
    if not _MASTER.fullmatch(master):
        raise _refuse(
            f"TRE_SPARK_MASTER is “{master}”: set it to local[2], spark://HOST:7077, k8s://… or yarn, where snapshots are built by Spark."
        )
    if importlib.util.find_spec("pyspark") is None:
        raise _refuse(
            "Snapshots are to be built by Spark, and PySpark is not installed: run 'make setup' again with TRE_SNAPSHOT_ENGINE=spark."
        )
    if not (shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin/java").exists()):
        raise _refuse(
            "Snapshots are to be built by Spark, and there is no Java here: install a Java 17 or newer runtime."
        )
    return SparkMaster(url=master)


def _refuse(sentence: str) -> Unavailable:
    return Unavailable(sentence, code="data.spark.setting")
