"""The broker builds a snapshot by Apache Spark where a setting says so: the same rows, in files of the same form."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.factories.loaded import AT, Loaded, everything, quietly
from tre.data.engine.folders import Folders
from tre.data.engine.snapshot import Means, build_snapshot
from tre.data.engine.spark_session import SparkMaster, chosen_spark
from tre.entrypoints import broker
from tre.entrypoints.cli.__main__ import main
from tre.kernel.errors import Unavailable
from tre.plumbing.config import Config


def test_the_same_rows_in_files_of_the_same_form(loaded: Loaded, tmp_path: Path) -> None:
    plan = loaded.plan(approved=everything([loaded.contracts["hospital"]]))
    by_duckdb, told = loaded.build(plan, snapshots=tmp_path / "duckdb")
    here = Folders(vault=loaded.folders.vault, store=loaded.folders.store, snapshots=tmp_path / "spark")
    key = loaded.vault.project_key(plan.project_id, key_version=1)
    spark = chosen_spark("spark", "local[2]")
    manifest = build_snapshot(plan, folders=here, key=key, at=AT, progress=quietly, means=Means(spark=spark))
    by_spark = here.snapshot(plan.project_id, plan.version)
    assert [(one["name"], one["rows"], one["persons"]) for one in manifest["tables"]] == [
        (one["name"], one["rows"], one["persons"]) for one in told["tables"]
    ]
    for table in manifest["tables"]:
        one, other = (f"'{folder}/tables/{table['name']}/*.parquet'" for folder in (by_duckdb, by_spark))
        assert duckdb.sql(f"(FROM {one}) EXCEPT ALL (FROM {other})").fetchall() == []
        assert duckdb.sql(f"DESCRIBE FROM {one}").fetchall() == duckdb.sql(f"DESCRIBE FROM {other}").fetchall()
        for file in table["files"]:
            form = pq.read_metadata(by_spark / "tables" / file["file"])
            assert (form.metadata, "parquet-cpp-arrow" in form.created_by) == (None, True)
    assert sorted(path.relative_to(by_spark) for path in by_spark.rglob("*")) == sorted(
        path.relative_to(by_duckdb) for path in by_duckdb.rglob("*")
    )
    assert [one.name for one in here.scratch.iterdir() if "spark" in one.name] == []
    # A refresh finds its receipt as DuckDB left it, and carries what did not change.
    again = replace(plan, version=2)
    build_snapshot(again, folders=here, key=key, at=AT, progress=quietly, since=1, means=Means(spark=spark))
    files = [next((here.snapshot(plan.project_id, one) / "tables/persons").iterdir()) for one in (1, 2)]
    assert files[0].stat().st_ino == files[1].stat().st_ino


@pytest.mark.parametrize(
    ("engine", "master", "told"),
    [
        ("sparks", "local[2]", "TRE_SNAPSHOT_ENGINE is “sparks”"),
        ("spark", "my-server:7077", "TRE_SPARK_MASTER is “my-server:7077”"),
        ("spark", "local[0]", "TRE_SPARK_MASTER"),
    ],
)
def test_a_wrong_setting_is_refused_at_the_start(engine: str, master: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=told):
        broker.serve(Config(state=tmp_path, snapshot_engine=engine, spark_master=master), tmp_path / "beat")


def test_nothing_is_started_with_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRE_SNAPSHOT_ENGINE", "sparks")
    for command in ("start", "up"):
        assert main([command]) == 1
        assert "TRE_SNAPSHOT_ENGINE is “sparks”: set it to duckdb" in capsys.readouterr().err


def test_spark_that_is_not_installed_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(Unavailable, match="Java"):
        chosen_spark("spark", "local[2]")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match="make setup"):
        chosen_spark("spark", "local[2]")
    assert chosen_spark("duckdb", "anything") is None


def test_every_form_of_master_is_taken() -> None:
    for master in ("local", "local[4]", "local[*]", "spark://one:7077,two:7077", "k8s://https://api:6443", "yarn"):
        assert chosen_spark("spark", master) == SparkMaster(url=master)
