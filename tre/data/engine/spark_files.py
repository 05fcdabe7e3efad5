"""Owns a snapshot's table on its way from Spark's rows to files of the same form as DuckDB's: one after another, put in order.

Spark joins, filters and spreads rows by ranges of pseudonyms into the broker's scratch; each range is then written here as any
other file. Must never publish a file as Spark wrote it: its metadata, names and sizes would tell of the store.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON, ColumnType
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.carrying import order_of_values
from tre.data.engine.cleaning import stored
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders
from tre.data.engine.laying import Laying
from tre.data.engine.numbering import PERSONS
from tre.data.engine.part_files import Part, write_file
from tre.data.engine.scanning import Scans
from tre.data.engine.spark import lay_for_spark, published_in_spark
from tre.data.engine.spark_session import SparkMaster
from tre.kernel.errors import Invalid


def is_for_spark(planned: PlannedTable) -> bool:
    """Say whether Spark can read the stored table: it has no type for times of the day; DuckDB builds such a table."""
    return not any(one.type == ColumnType.TIME for one in stored(planned.table))


@dataclass(frozen=True, kw_only=True)
class SparkBuild:
    """One snapshot's build by Spark.

    Args:
        session: of Spark.
        laid: table of the plan to the file that the broker laid for it.
        folder: where Spark writes.
    """

    session: Any
    plan: SnapshotPlan
    laid: Mapping[str, Path]
    folder: Path
    folders: Folders
    scans: Scans

    def write(self, laying: Laying, planned: PlannedTable, *, count: int) -> list[Part]:
        """Write the table's files; a range of pseudonyms without a row gives an empty file, but for the last ones.

        Raises:
            Invalid: Spark could not finish: it has tried its tasks again itself, so the build is not.
        """
        from pyspark.errors import PySparkException

        out = self.folder / planned.name
        try:
            rows = published_in_spark(self.session, self.plan, planned, laid=self.laid, where=self._where)
            spread = rows.repartitionByRange(count, PERSON) if planned.table.has_person else rows.coalesce(1)
            spread.write.parquet(str(out))
        except PySparkException:  # its words may repeat values of rows
            sentence = f"Apache Spark could not build {planned.name}: see its own log, then order the snapshot again."
            raise Invalid({"snapshot": sentence}, code="data.spark.failed") from None
        parts = [self._rewritten(laying, file, at) for at, file in enumerate(sorted(out.glob("*.parquet")))]
        shutil.rmtree(out)
        return parts

    def _where(self, planned: PlannedTable) -> str:
        scanned = self.scans.files.get(planned.name)
        version = self.folders.version(planned.dataset, planned.dataset_version)
        return str(scanned or version / f"{planned.table.name}.parquet")

    def _rewritten(self, laying: Laying, file: Path, at: int) -> Part:
        rows = f"read_parquet({literal(file)})"
        table = laying.engine.execute(
            f"SELECT * FROM {rows} ORDER BY {order_of_values(laying.engine, rows)}"
        ).to_arrow_table()
        if laying.namespace:
            person = table[PERSON].combine_chunks().dictionary_encode()
            table = table.set_column(table.column_names.index(PERSON), PERSON, person)
        return write_file(laying.folder / f"{at:03d}.parquet", table)


@contextmanager
def build_by_spark(
    master: SparkMaster, engine: Connection, plan: SnapshotPlan, *, folders: Folders, scans: Scans
) -> Iterator[SparkBuild]:
    """Begin Spark, with the persons and records laid for it; forget what it wrote at the end."""
    folder = folders.scratch / f"spark-{plan.project_id}-{plan.version}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        laid = lay_for_spark(engine, plan, folder)
        with master.session(folders.scratch) as session:
            yield SparkBuild(session=session, plan=plan, laid=laid, folder=folder, folders=folders, scans=scans)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folders.scratch / "spark", ignore_errors=True)


def people_in(laying: Laying) -> str:
    """Return a SELECT of the internal numbers (column `number`) of the persons in the files that were written."""
    files = f"read_parquet({literal(laying.folder / '*.parquet')})"
    here = literal(laying.namespace)
    return (
        f"SELECT number FROM {PERSONS} WHERE namespace = {here} "
        f"AND pseudonym IN (SELECT DISTINCT {name(PERSON)} FROM {files})"
    )
